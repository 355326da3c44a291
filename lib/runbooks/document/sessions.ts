const CLIENTS = new Set(['kubectl', 'oc', 'k', 'docker', 'podman', 'nerdctl', 'crictl'])
const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k|a)?sh$/
const TERMINAL = /^-(?:it|ti)$/
/** Flags whose value is a word of its own. */
const WITH_VALUE = /^(?:-[nclpioJ]|--(?:namespace|container|image|target|port))$/
const WORDS_AT_MOST = 60

/**
 * Whether a command opens a shell inside a container or on another machine and waits there: `kubectl exec -it web-0 --
 * bash`, `oc rsh web-0`, `kubectl debug node/a -it --image=busybox`, `ssh core@worker-1`.
 */
export function opensSession(text: string): boolean {
  const [first = '', ...rest] = text.split(/\s+/, WORDS_AT_MOST)
  const [program = '', ...words] = first === 'sudo' ? rest : [first, ...rest]
  if (program === 'ssh') return plain(words).length === 1
  if (!CLIENTS.has(program)) return false
  const verb = words.findIndex((word) => /^(?:exec|rsh|run|debug|attach)$/.test(word))
  if (verb < 0) return false
  if (SHELL.test(words.at(-1) ?? '')) return true
  const after = words.slice(verb + 1)
  if (program === 'oc' && /^(?:rsh|debug)$/.test(words[verb] ?? '')) return plain(after).length === 1
  return (
    /^(?:run|debug)$/.test(words[verb] ?? '') &&
    after.some((one) => TERMINAL.test(one)) &&
    !after.includes('--')
  )
}

/** Words that are neither flags nor their values. */
function plain(words: readonly string[]): string[] {
  return words.filter((word, index) => !word.startsWith('-') && !WITH_VALUE.test(words[index - 1] ?? ''))
}
