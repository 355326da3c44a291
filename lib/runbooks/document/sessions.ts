const CLIENTS = new Set(['kubectl', 'oc', 'k', 'docker', 'podman', 'nerdctl', 'crictl'])
const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k|a)?sh$/
/** Flags with which a shell still waits for somebody to type. */
const WAITING = /^(?:-[il]+|--login)$/
const TERMINAL = /^-(?:it|ti|i|t)$|^--(?:stdin|tty)$/
/** Flags whose value is a word of its own. */
const WITH_VALUE = /^(?:-[nclpioJ]|--(?:namespace|container|image|target|port))$/
const WORDS_AT_MOST = 80

/**
 * Whether a command opens a shell inside a container or on another machine and waits there: `kubectl exec -it web-0 --
 * bash`, `oc rsh web-0`, `kubectl debug node/a -it --image=busybox`, `ssh core@worker-1`.
 */
export function opensSession(text: string): boolean {
  const last = text
    .slice(0, 2_000)
    .replace(/\s#\s.*$/, '')
    .replace(/\s*\|\|\s*true\s*$/, '')
    .split(/&&|;/)
    .at(-1)
  const words = (last ?? '').trim().split(/\s+/, WORDS_AT_MOST)
  if (words[0] === 'sudo') {
    const program = words.findIndex((one, at) => at > 0 && !one.startsWith('-'))
    words.splice(0, Math.max(1, program))
  }
  const [program = '', ...rest] = words
  if (program === 'ssh') return plain(rest).length === 1
  if (!CLIENTS.has(program)) return false
  const verb = rest.findIndex((word) => /^(?:exec|rsh|run|debug|attach)$/.test(word))
  return verb >= 0 && waits(program, rest[verb] ?? '', rest.slice(verb + 1))
}

function waits(program: string, verb: string, words: readonly string[]): boolean {
  const dash = words.indexOf('--')
  if (dash >= 0) {
    const [first = '', ...more] = words.slice(dash + 1)
    return first === 'su' || (SHELL.test(first) && more.every((one) => WAITING.test(one)))
  }
  if (program === 'oc' && /^(?:rsh|debug)$/.test(verb) && plain(words).length === 1) return true
  const shell = words.findLastIndex((one) => !WAITING.test(one))
  if (SHELL.test(words[shell] ?? '')) return plain(words).length > 1 || verb === 'run'
  const ofCluster = /^(?:kubectl|oc|k)$/.test(program)
  return ofCluster && /^(?:run|debug)$/.test(verb) && words.some((one) => TERMINAL.test(one))
}

/** Words that are neither flags nor their values. */
function plain(words: readonly string[]): string[] {
  return words.filter((word, index) => !word.startsWith('-') && !WITH_VALUE.test(words[index - 1] ?? ''))
}
