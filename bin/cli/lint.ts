import { readFile } from 'node:fs/promises'
import { CATALOGUE } from '@/lib/operations/catalogue'
import { lintRunbook } from '@/lib/runbooks/lint'
import { fromTypedFolder, printJson } from './files'

/** Lints one Markdown file. 0 all typed without warnings, 1 manual lines or warnings, 2 no such file. */
export async function lint(file: string, options: { json?: boolean }): Promise<number> {
  let text: string
  try {
    text = await readFile(fromTypedFolder(file), 'utf8')
  } catch {
    process.stderr.write(`There is no file ${file} that can be read.\n`)
    return 2
  }
  const report = await lintRunbook({ text, file, catalogue: CATALOGUE })
  if (options.json) printJson(report)
  else {
    for (const line of report.lines) {
      const what = line.outcome === 'typed' ? line.operation : `manual: ${line.reason}`
      process.stdout.write(`${String(line.line).padStart(5)}  ${what}\n       ${line.text}\n`)
      for (const warning of line.warnings)
        process.stdout.write(`       ! ${warning.id}: ${warning.message}\n`)
    }
    const { commandLines, typed, manual } = report.summary
    process.stdout.write(`${typed} of ${commandLines} command lines typed, ${manual} manual\n`)
  }
  const clean = report.summary.manual === 0 && report.lines.every((line) => line.warnings.length === 0)
  return clean ? 0 : 1
}
