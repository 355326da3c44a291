import type { CheckResult } from '../../verdicts/types'

/**
 * What a check printed, for filters and captures to read; nothing at all is a text too, of which `wc -l` counts 0.
 * `cutShort` says whether the check itself had left something out, so that counting it counts too few. `failed` says
 * why there is no such text: what could not be looked at or printed must not be read as if it were empty.
 */
export function printedText(
  result: Pick<CheckResult, 'raw' | 'verdict' | 'summary'>,
): { text: string; cutShort: boolean } | { failed: string } {
  const broken = result.raw.find((one) => one.failed)
  if (broken) return { failed: broken.label }
  if (result.raw.length === 0 && result.verdict === 'unknown') return { failed: result.summary }
  // Octet for octet: a text without a newline at its end stays so, and only what follows it begins a line.
  const text = result.raw
    .filter((one) => !one.aside)
    .reduce((all, one) => `${all}${all === '' || all.endsWith('\n') ? '' : '\n'}${one.text}`, '')
  return { text, cutShort: result.raw.some(({ truncatedBytes }) => truncatedBytes > 0) }
}
