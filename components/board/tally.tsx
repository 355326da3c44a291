import type { SortedBoard } from './sort-cards'

/** How many cards fail, warn, could not be looked at, are well; `wereHealthy` of them, and with `old` all, when somebody last looked. */
export function Tally({
  sorted,
  wereHealthy,
  old,
}: {
  sorted: SortedBoard
  wereHealthy: number
  old: boolean
}) {
  const count = (verdict: string) => sorted.attention.filter((one) => one.state.verdict === verdict).length
  const warnings = count('warn')
  const parts = [
    { count: count('fail'), word: old ? 'were failing' : 'failing', tone: 'text-fail' },
    { count: count('unknown'), word: old ? 'were unknown' : 'unknown', tone: 'text-unknown' },
    { count: warnings, word: warnings === 1 ? 'warning' : 'warnings', tone: 'text-warn' },
    { count: sorted.healthy.length - wereHealthy, word: 'healthy', tone: 'text-ink' },
    { count: wereHealthy, word: wereHealthy === 1 ? 'was healthy' : 'were healthy', tone: 'text-ink' },
    { count: sorted.unchecked.length, word: 'not checked', tone: 'text-ink' },
  ].filter((part) => part.count > 0)
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-4 text-second">
      {parts.map(({ count, word, tone }) => (
        <span key={word}>
          <span className={`font-semibold ${tone}`}>{count}</span> {word}
        </span>
      ))}
    </p>
  )
}
