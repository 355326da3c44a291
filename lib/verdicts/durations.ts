/** `42 s`, `3 min`, `5 h`, `12 days`: how long, in words a person says. */
export function howLong(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

/** `1 pod`, `3 pods`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** `61 MiB`, `1.4 GiB`. */
export function bytes(n: number): string {
  if (n >= 2 ** 30) return `${(n / 2 ** 30).toFixed(1)} GiB`
  if (n >= 2 ** 20) return `${Math.round(n / 2 ** 20)} MiB`
  if (n >= 2 ** 10) return `${Math.round(n / 2 ** 10)} KiB`
  return `${n} B`
}
