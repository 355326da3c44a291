import { valuesOf } from './kubectl-words'
import { programOf } from './wrappers'

/** What a command makes the namespace of the lines after it. */
export interface SessionNamespace {
  namespace: string
  /** It does nothing else: no person has to do it when the lines after it know. */
  alone: boolean
}

/**
 * The namespace that a call chooses for what is typed after it: `oc project shop`, `kubectl config set-context
 * --current --namespace=shop`, `kubens shop`. undefined for every other call.
 */
export function sessionNamespace(argv: readonly string[]): SessionNamespace | undefined {
  const [first, verb, ...rest] = argv
  const program = programOf(first)
  const chosen = (namespace: string | undefined, alone: boolean) =>
    namespace && !namespace.startsWith('-') ? { namespace, alone } : undefined
  if (program === 'oc' && verb === 'project') return rest.length === 1 ? chosen(rest[0], true) : undefined
  if (program === 'oc' && verb === 'new-project') return chosen(rest[0], false)
  if (program === 'kubens') return rest.length === 0 ? chosen(verb, false) : undefined
  if (program !== 'kubectl' && program !== 'oc') return undefined
  if (verb === 'ns') return rest.length === 1 ? chosen(rest[0], false) : undefined
  if (verb === 'config' && rest[0] === 'set-context' && rest.includes('--current'))
    return chosen(valuesOf(rest, 'namespace', 'n')[0], false)
  return undefined
}
