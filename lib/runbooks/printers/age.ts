import 'server-only'

/**
 * How long ago a moment is, in milliseconds, as kubectl writes it: `42s`, `5m3s`, `3h12m`, `5d`, `2y10d`. After
 * k8s.io/apimachinery/pkg/util/duration.HumanDuration.
 */
export function age(ms: number): string {
  const seconds = Math.trunc(ms / 1_000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 120) return `${Math.max(0, seconds)}s`
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const years = Math.floor(days / 365)
  const two = (many: number, unit: string, rest: number, small: string) =>
    rest === 0 ? `${many}${unit}` : `${many}${unit}${rest}${small}`
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's')
  if (hours < 3) return `${minutes}m`
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return two(days, 'd', hours % 24, 'h')
  if (years < 2) return `${days}d`
  return years < 8 ? two(years, 'y', days % 365, 'd') : `${years}y`
}

/** The age of a timestamp at `now`, in milliseconds since 1970; `<unknown>` of none. */
export function since(timestamp: unknown, now: number): string {
  if (typeof timestamp !== 'string' || timestamp === '') return '<unknown>'
  const at = Date.parse(timestamp)
  return Number.isNaN(at) ? '<unknown>' : age(now - at)
}
