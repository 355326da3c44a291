/** `5d`, `3h12m`, `42s`: the API server's translateTimestampSince (apimachinery duration.HumanDuration). */
export function age(timestamp: string | undefined, now: number): string {
  if (!timestamp) return '<unknown>'
  const seconds = Math.max(0, Math.floor((now - Date.parse(timestamp)) / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const two = (big: number, bigUnit: string, small: number, unit: string) =>
    small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${unit}`
  if (seconds < 120) return `${seconds}s`
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's')
  if (hours < 3) return `${minutes}m`
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return two(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  return two(Math.floor(days / 365), 'y', days % 365, 'd')
}
