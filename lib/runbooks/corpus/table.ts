import { writeRequest } from './compare-requests'
import type { Judgement } from './judge'
import { countReasons } from './reasons'

/** What became of the lines of one repository, or of all. */
export interface Tally {
  repo: string
  lines: number
  typed: number
  /** Typed, with requests on both sides to compare. */
  compared: number
  notCompared: number
  /** Lines with something wrong about them. */
  wrong: number
  wrongByKind: { kind: string; count: number }[]
  /** Typed where a person was expected to do it. */
  more: number
  manualByReason: { reason: string; count: number }[]
}

/** Counts per repository, by name, and last of all together. */
export function tally(judgements: readonly Judgement[]): Tally[] {
  const repos = Array.from(new Set(judgements.map((one) => one.record.repo))).sort()
  return [
    ...repos.map((repo) =>
      count(
        repo,
        judgements.filter((one) => one.record.repo === repo),
      ),
    ),
    count('all', judgements),
  ]
}

function count(repo: string, judgements: readonly Judgement[]): Tally {
  const typed = judgements.filter((one) => one.outcome === 'typed')
  const wrong = judgements.filter((one) => one.wrong.length > 0)
  const kinds = new Map<string, number>()
  for (const one of wrong)
    for (const kind of new Set(one.wrong.map((what) => what.kind)))
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  return {
    repo,
    lines: judgements.length,
    typed: typed.length,
    compared: typed.filter((one) => one.compared).length,
    notCompared: typed.filter((one) => !one.compared).length,
    wrong: wrong.length,
    wrongByKind: Array.from(kinds, ([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
    more: typed.filter((one) => one.more).length,
    manualByReason: countReasons(
      judgements.flatMap((one) => (one.outcome === 'manual' ? [one.reason ?? 'No word about it.'] : [])),
    ),
  }
}

const COLUMNS = [
  'repository',
  'lines',
  'typed',
  'typed %',
  'manual',
  'compared',
  'not compared',
  'more',
  'wrong',
]

/** The counts as a person reads them. */
export function writeTable(tallies: readonly Tally[]): string {
  const rows = tallies.map((one) => [
    one.repo,
    one.lines,
    one.typed,
    one.lines === 0 ? '–' : ((100 * one.typed) / one.lines).toFixed(1),
    one.lines - one.typed,
    one.compared,
    one.notCompared,
    one.more,
    one.wrong,
  ])
  const cells = [COLUMNS, ...rows].map((row) => row.map(String))
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const table = cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  )
  return [...table, ...tallies.flatMap(writeKinds)].join('\n')
}

function writeKinds({ repo, manualByReason, wrongByKind }: Tally): string[] {
  const line = (count: number, what: string) => `${String(count).padStart(7)}  ${what}`
  return [
    '',
    repo,
    ...wrongByKind.map(({ kind, count }) => line(count, `wrong: ${kind}`)),
    ...manualByReason.map(({ reason, count }) => line(count, `manual: ${reason}`)),
  ]
}

/** The judgements that somebody asks to see: `wrong`, `manual`, `more`, `uncompared`, or a part of a reason or kind. */
export function shown(judgements: readonly Judgement[], what: string): Judgement[] {
  const part = what.toLowerCase()
  return judgements.filter((one) => {
    if (part === 'wrong') return one.wrong.length > 0
    if (part === 'manual') return one.outcome === 'manual'
    if (part === 'more') return one.more
    if (part === 'uncompared') return one.outcome === 'typed' && !one.compared
    const told = [one.reason ?? '', ...one.wrong.map(({ kind, detail }) => `${kind}: ${detail}`)]
    return told.some((text) => text.toLowerCase().includes(part))
  })
}

/** One line of the corpus with what was expected and what came of it. */
export function writeJudgement(one: Judgement): string {
  const { repo, path, lineNo, line, expected, kubectl } = one.record
  const became =
    one.outcome === 'typed' ? one.operations.join(', ') : `manual: ${one.reason ?? 'no word about it'}`
  const text = [`${repo} ${path}:${lineNo}`, ...line.split('\n').map((part) => `    ${part}`)]
  text.push(`  expected ${expected}, got ${became}`)
  for (const { kind, detail } of one.wrong) text.push(`  ! ${kind}: ${detail}`)
  if (one.difference) {
    for (const request of kubectl.flatMap((call) => call.requests))
      text.push(`    - ${writeRequest(request)}`)
    for (const request of one.got) text.push(`    + ${writeRequest(request)}`)
  }
  return text.join('\n')
}
