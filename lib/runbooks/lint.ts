import 'server-only'
import { type CompileInput, compile } from './compile'
import type { LintReport } from './types'

/** What each command line of a document becomes, and its pitfalls. */
export function lintRunbook(input: CompileInput): LintReport {
  const lines = compile(input).lines.sort((a, b) => a.line - b.line)
  const typed = lines.filter((line) => line.outcome === 'typed').length
  return { summary: { commandLines: lines.length, typed, manual: lines.length - typed }, lines }
}
