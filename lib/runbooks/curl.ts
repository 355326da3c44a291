import type { CurlCommand } from './command'

const WITH_VALUE: Record<string, string> = {
  '-X': 'method',
  '--request': 'method',
  '-H': 'header',
  '--header': 'header',
  '-d': 'body',
  '--data': 'body',
  '--data-raw': 'body',
  '--data-binary': 'body',
  '--json': 'json',
  '-m': 'ignore',
  '--max-time': 'ignore',
  '--connect-timeout': 'ignore',
  '-A': 'ignore',
  '--retry': 'ignore',
  '-w': 'ignore',
  '--url': 'url',
}
const SWITCHES =
  /^-[sSfkLivI]+$|^--(silent|show-error|fail|insecure|location|include|verbose|compressed|get|head|fail-with-body)$/

/** Whether a URL names the machine on which curl runs: in a pod the pod, in a terminal that of a person. */
export function isOwnMachine(url: string): boolean {
  const host = (URL.parse(url) ?? URL.parse(`http://${url}`))?.hostname.replace(/\.$/, '') ?? ''
  return host === 'localhost' || host === '0.0.0.0' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}

/** A curl call as method, URL, headers and body; or why it is not one that can be made here. */
export function readCurl(argv: readonly string[]): CurlCommand | { manual: string } {
  let method: string | undefined
  let url: string | undefined
  let body: string | undefined
  const headers: Record<string, string> = {}
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const [name, attached] =
      word.startsWith('--') && word.includes('=')
        ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
        : [word, undefined]
    const kind = WITH_VALUE[name]
    if (kind) {
      const value = attached ?? argv[++i] ?? ''
      if (kind === 'method') method = value.toUpperCase()
      else if (kind === 'url') url = value
      else if (kind === 'body' || kind === 'json') {
        if (value.startsWith('@')) return { manual: 'curl sends a local file.' }
        body = value
        if (kind === 'json') headers['content-type'] = 'application/json'
      } else if (kind === 'header') {
        const at = value.indexOf(':')
        if (at > 0) headers[value.slice(0, at).trim().toLowerCase()] = value.slice(at + 1).trim()
      }
    } else if (/^-X[A-Z]+$/.test(word)) method = word.slice(2)
    else if (/^-[oOTFuKb]|^--(output|upload-file|form|user|config|cookie)/.test(word))
      return { manual: `curl ${word} reads or writes something of the person who types it.` }
    else if (word.startsWith('-')) {
      if (!SWITCHES.test(word)) return { manual: `curl ${word} is not understood.` }
      if (word === '--head' || /^-\w*I/.test(word)) method ??= 'HEAD'
    } else if (url === undefined) url = word
    else return { manual: 'curl asks for more than one URL.' }
  }
  if (url === undefined) return { manual: 'curl names no URL.' }
  return {
    program: 'curl',
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url: /^[a-z]+:\/\//.test(url) ? url : `http://${url}`,
    headers,
    ...(body === undefined ? {} : { body }),
  }
}
