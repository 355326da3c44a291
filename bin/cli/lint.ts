import { readFile } from 'node:fs/promises'
import { CATALOGUE } from '@/lib/operations/catalogue'
import { countReasons } from '@/lib/runbooks/corpus/reasons'
import { lintRunbook } from '@/lib/runbooks/lint'
import type { LintLine, LintReport } from '@/lib/runbooks/types'
import { LineReading } from '@/lib/runbooks/words'
import { printJson } from './files'
import { type MarkdownFile, markdownFiles } from './markdown-files'

interface LintOptions {
  json?: boolean
  /** Also say what kubectl would send for each typed line. */
  requests?: boolean
}

interface FileReport extends LintReport {
  file: string
}

/**
 * Lints Markdown files and folders of them. 0 all typed without warnings, 1 manual lines or warnings, 2 no such
 * file. One file that was named is told line by line; folders and several paths as counts.
 */
export async function lint(paths: string[], options: LintOptions): Promise<number> {
  const files = new Map<string, MarkdownFile>()
  let several = paths.length > 1
  for (const path of paths) {
    const found = await markdownFiles(path)
    if ('error' in found) return noSuchFile(found.error)
    several ||= found.folder
    // A file that is below two of the paths is told once.
    for (const file of found.files) if (!files.has(file.path)) files.set(file.path, file)
  }
  const reports: FileReport[] = []
  const reading = new LineReading()
  for (const { file, path } of files.values()) {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch {
      return noSuchFile(`There is no file ${file} that can be read.`)
    }
    const requests = options.requests === true
    const { summary, lines } = lintRunbook({ text, file, catalogue: CATALOGUE, requests, reading })
    reports.push({ file, summary, lines })
  }
  if (several) tellSeveral(reports, options)
  else if (reports[0]) tellOne(reports[0], options)
  return reports.every(isClean) ? 0 : 1
}

function noSuchFile(text: string): number {
  process.stderr.write(`${text}\n`)
  return 2
}

function isClean({ summary, lines }: LintReport): boolean {
  return summary.manual === 0 && warningsIn(lines) === 0
}

function warningsIn(lines: readonly LintLine[]): number {
  return lines.reduce((sum, line) => sum + line.warnings.length, 0)
}

/** What `operation: null` says to a program is a sentence for people. */
function forPrograms({ means: _means, ...line }: LintLine): LintLine {
  return line
}

function tellOne({ summary, lines }: FileReport, options: LintOptions): void {
  if (options.json) {
    printJson({ summary, lines: lines.map(forPrograms) })
    return
  }
  for (const line of lines) {
    const understood = line.means ? `understood: ${line.means}` : 'understood'
    const what = line.outcome === 'typed' ? (line.operation ?? understood) : `manual: ${line.reason}`
    process.stdout.write(`${String(line.line).padStart(5)}  ${what}\n       ${line.text}\n`)
    for (const { method, path, query } of line.requests ?? [])
      process.stdout.write(`       > ${method} ${path}${query ? `?${query}` : ''}\n`)
    for (const warning of line.warnings) process.stdout.write(`       ! ${warning.id}: ${warning.message}\n`)
  }
  const { commandLines, typed, manual } = summary
  process.stdout.write(`${typed} of ${commandLines} command lines typed, ${manual} manual\n`)
}

function tellSeveral(reports: readonly FileReport[], options: LintOptions): void {
  const lines = reports.flatMap((report) => report.lines)
  const typed = lines.filter((line) => line.outcome === 'typed').length
  const summary = { commandLines: lines.length, typed, manual: lines.length - typed }
  if (options.json) {
    printJson({ summary, files: reports.map((one) => ({ ...one, lines: one.lines.map(forPrograms) })) })
    return
  }
  for (const report of reports) tellCounts(report.file, report)
  tellCounts(`Together, ${reports.length} ${reports.length === 1 ? 'file' : 'files'}`, { summary, lines })
}

function tellCounts(what: string, { summary, lines }: LintReport): void {
  const { commandLines, typed, manual } = summary
  const warnings = warningsIn(lines)
  process.stdout.write(
    `${what}: ${typed} of ${commandLines} command lines typed, ${manual} manual, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}\n`,
  )
  for (const { reason, count } of countReasons(lines.flatMap((line) => line.reason ?? [])))
    process.stdout.write(`${String(count).padStart(7)}  ${reason}\n`)
}
