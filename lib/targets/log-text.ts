/** A line of a container's log. Kept as long as somebody remembers the log, so it may carry what was made of it. */
export interface LogLine {
  /** When it was written, in ms since 1970. */
  at: number
  pod: string
  text: string
}

/** Characters of a line that are looked at and shown: a program decides how long its lines are. */
const LINE_AT_MOST = 4_000

const TIMESTAMP = /^\d{4}-\d\d-\d\dT/

/** Splits the log text of one pod; each line starts with an RFC 3339 timestamp (`timestamps=true`), others are no lines. */
export function parseLog(text: string, pod: string): LogLine[] {
  return text.split('\n').flatMap((line) => {
    const space = line.indexOf(' ')
    const at = TIMESTAMP.test(line)
      ? Date.parse(line.slice(0, space).replace(/(\.\d{3})\d+Z$/, '$1Z'))
      : Number.NaN
    const text = line.slice(space + 1, space + 1 + LINE_AT_MOST)
    const rest = line.length - space - 1 - text.length
    return Number.isNaN(at) ? [] : [{ at, pod, text: rest > 0 ? `${text}… (${rest} characters more)` : text }]
  })
}
