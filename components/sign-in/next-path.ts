/**
 * Where to go after signing in: a path of this site, or the board. Anything that could lead elsewhere
 * (another host, `//host`, a backslash that browsers read as a slash) becomes the board.
 */
export function nextPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])/.test(wanted)) return '/'
  // Browsers drop tabs and line ends inside an address, so `/\t/host` would lead to the host.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\\]/.test(wanted) || wanted.startsWith('/sign-in')) return '/'
  return wanted
}
