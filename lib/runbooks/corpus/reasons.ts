/** Reasons told together: what differs from line to line (a name, a flag, a variable) is left out of them. */
export function reasonKind(reason: string): string {
  return reason
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\([^()]*\)\.?$/, '(…).')
    .replace(/(the variable )\S+?(\.?)$/, '$1…$2')
    .replace(/(flag )--?\S+/, '$1…')
    .replace(/(kubectl )--?\S+( lacks)/, '$1…$2')
    .replace(/(The pipe goes into ).*(, which)/, '$1…$2')
    .replace(/(not a complete command line: ).*$/s, '$1….')
}

/** How often each kind of reason occurs, most frequent first; equally frequent ones in alphabetical order. */
export function countReasons(reasons: Iterable<string>): { reason: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const reason of reasons) {
    const kind = reasonKind(reason)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return Array.from(counts, ([reason, count]) => ({ reason, count })).sort(
    (a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1),
  )
}
