import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fromTypedFolder } from './files'

/** A Markdown file to lint: as it is told to people, and where it is. */
export interface MarkdownFile {
  file: string
  path: string
}

export type Found = { files: MarkdownFile[]; folder: boolean } | { error: string }

/**
 * What a path argument stands for: the file itself, or every *.md file below a folder. A link that was typed is
 * followed; links met on the way are not, since they may lead out of the folder or around in a circle.
 */
export async function markdownFiles(typed: string): Promise<Found> {
  const path = fromTypedFolder(typed)
  let folder: boolean
  try {
    folder = (await stat(path)).isDirectory()
  } catch {
    return { error: `There is no file ${typed} that can be read.` }
  }
  if (!folder) return { files: [{ file: typed, path }], folder }
  try {
    const files = await below(typed.replace(/(.)\/+$/, '$1'), path)
    return files.length > 0 ? { files, folder } : { error: `There is no Markdown file below ${typed}.` }
  } catch (cause) {
    return { error: `${typed} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
}

/** In the order of names, so that a listing reads like the tree. */
async function below(name: string, path: string): Promise<MarkdownFile[]> {
  const found: MarkdownFile[] = []
  for (const entry of (await readdir(path)).sort()) {
    const one = { file: join(name, entry), path: join(path, entry) }
    // lstat, not the entry's own type: some file systems do not tell it in a listing.
    const kind = await lstat(one.path)
    if (kind.isDirectory()) {
      if (!entry.startsWith('.') && entry !== 'node_modules') found.push(...(await below(one.file, one.path)))
    } else if (kind.isFile() && entry.endsWith('.md')) found.push(one)
  }
  return found
}
