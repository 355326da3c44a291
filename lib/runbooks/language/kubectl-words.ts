/** Flags with a value that may stand before the verb. */
const VALUE_BEFORE_VERB =
  /^(-n|-s|-v|--(namespace|context|cluster|user|kubeconfig|server|token|as|as-group|as-uid|request-timeout|certificate-authority|client-key|client-certificate|cache-dir|tls-server-name|profile|profile-output|loglevel|config))$/

/** Where the verb stands among the words after `kubectl`; -1 when there is none. */
export function verbAt(words: readonly string[]): number {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (!word.startsWith('-')) return i
    if (word === '--') return -1
    if (VALUE_BEFORE_VERB.test(word)) i += 1
  }
  return -1
}

/** kubectl's own words, up to `--`. */
export function ownWords(words: readonly string[]): readonly string[] {
  const dash = words.indexOf('--')
  return dash < 0 ? words : words.slice(0, dash)
}

/** The values of a flag in any of its spellings: `-f x`, `-fx`, `-f=x`, `--filename x`, `--filename=x`. */
export function valuesOf(words: readonly string[], long: string, short?: string): string[] {
  const found: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === `--${long}` || (short !== undefined && word === `-${short}`)) found.push(words[++i] ?? '')
    else if (word.startsWith(`--${long}=`)) found.push(word.slice(long.length + 3))
    else if (short !== undefined && word.startsWith(`-${short}`) && !word.startsWith('--'))
      found.push(word.slice(2).replace(/^=/, ''))
  }
  return found
}

/** The verbs of kubectl 1.34; anything else is a plugin. */
export const KUBECTL_VERBS: ReadonlySet<string> = new Set(
  'annotate api-resources api-versions apply attach auth autoscale certificate cluster-info completion config cordon cp create debug delete describe diff drain edit events exec explain expose get help kustomize label logs options patch plugin port-forward proxy replace rollout run scale set taint top uncordon version wait alpha kuberc'.split(
    ' ',
  ),
)
