import 'server-only'

/** Whether a path stays below where it is appended to, however often a server in between decodes it. */
export function isPlainPath(path: string): boolean {
  if (!/^\/[\x21-\x7e]*$/.test(path) || /[#\\]/.test(path)) return false
  const [before = ''] = path.split('?')
  return (
    !before.split('/').some((part) => /^(\.|%(25)*2e){1,2}$/i.test(part)) &&
    !/%(25)*(2f|5c|0[0-9a-f])/i.test(before)
  )
}
