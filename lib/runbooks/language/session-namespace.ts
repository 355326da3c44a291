import { valuesOf, verbAt } from './kubectl-words'
import { OPEN_ENDED } from './name-words'
import { programOf } from './wrappers'

/**
 * What a call means for the namespace of the lines after it: this one, one that the line does not tell, or another
 * context, whose namespace is its own.
 */
export type SessionChoice =
  | {
      kind: 'chosen'
      namespace: string
      /** It does nothing else, so nobody has to do it here. */
      alone: boolean
    }
  | { kind: 'unknown' }
  | { kind: 'elsewhere' }

const UNKNOWN: SessionChoice = { kind: 'unknown' }
const ELSEWHERE: SessionChoice = { kind: 'elsewhere' }

/** A namespace as the API has them, whole or with parts that somebody fills in. */
const NAMESPACE = /^[a-z0-9<][a-z0-9.<>-]*$/

function chosen(namespace: string | undefined, alone = false): SessionChoice {
  const told = namespace !== undefined && NAMESPACE.test(namespace) && !OPEN_ENDED.test(namespace)
  return told ? { kind: 'chosen', namespace, alone } : UNKNOWN
}

/** Reads a call that chooses the namespace of what is typed after it; undefined for every other call. */
export function sessionChoice(argv: readonly string[]): SessionChoice | undefined {
  const program = programOf(argv[0])
  const words = argv.slice(1)
  if (program === 'kubens') return ofKubens(words)
  if (program === 'kubectx') return words.length > 0 ? ELSEWHERE : undefined
  if (program !== 'kubectl' && program !== 'oc') return undefined
  const at = verbAt(words)
  const verb = words[at] ?? ''
  const rest = words.filter((_, index) => index !== at)
  if (verb === 'config') return ofConfig(rest)
  if (program === 'kubectl') {
    if (verb === 'ctx') return ELSEWHERE
    return verb === 'ns' ? ofKubens(rest) : undefined
  }
  if (verb === 'login' || verb === 'logout') return ELSEWHERE
  if (verb === 'project') return ofProject(rest)
  return verb === 'new-project' ? ofNewProject(rest) : undefined
}

function ofKubens(words: readonly string[]): SessionChoice | undefined {
  const [name, ...more] = words
  if (name === undefined || /^(-c|--current|-h|--help)$/.test(name)) return undefined
  return name === '-' || more.length > 0 ? UNKNOWN : chosen(name)
}

function ofProject(words: readonly string[]): SessionChoice | undefined {
  const [name, ...more] = words.filter((word) => !/^(-q|--short)(=true)?$/.test(word))
  if (name === undefined) return undefined
  return more.length > 0 ? UNKNOWN : chosen(name, true)
}

function ofNewProject(words: readonly string[]): SessionChoice | undefined {
  if (words.includes('--skip-config-write')) return undefined
  const [name, ...more] = words.filter(
    (word, index) => !word.startsWith('-') && !/^--(description|display-name)$/.test(words[index - 1] ?? ''),
  )
  return more.length > 0 ? UNKNOWN : chosen(name)
}

function ofConfig(words: readonly string[]): SessionChoice | undefined {
  const [verb, ...rest] = words.filter((word, index) => index > 0 || !word.startsWith('-'))
  if (verb === 'use-context' || verb === 'use') return ELSEWHERE
  if (verb === 'unset') return rest.some((word) => /namespace/.test(word)) ? UNKNOWN : undefined
  // Another file than the one that kubectl reads by itself.
  if (verb !== 'set-context' || rest.some((word) => word.startsWith('--kubeconfig'))) return undefined
  const namespace = valuesOf(rest, 'namespace').at(-1)
  if (namespace === undefined) return undefined
  const current = rest.filter((word) => !word.startsWith('--namespace') && word !== namespace)
  if (current.length !== 1 || current[0] !== '--current') return UNKNOWN
  // An empty one takes the choice back.
  return namespace === '' ? chosen('default') : chosen(namespace)
}

/** `set-context $(kubectl config current-context) --namespace=shop`, from when there was no --current. */
const OF_CURRENT =
  /\bconfig\s+set-context\s+["']?(?:\$\(|`)\s*(?:kubectl|oc)\s+config\s+current-context\s*(?:\)|`)["']?\s+--namespace[= ]([a-z0-9-]+)\s*$/
const CHOOSES =
  /\b(?:oc\s+(?:new-)?project\s+[^\s;&|)]|kubens\s+[^\s;&|)]|kubectl\s+ns\s|config\s+unset\s+\S*namespace|config\s+set-context\b[^\n;|]*namespace)/g
const TURNS = /\b(?:kubectx\s+\S|config\s+use(?:-context)?\s|oc\s+log(?:in|out)\b|kubectl\s+ctx\s)/

/** What a text that is not read as a whole, or that another shell would read, means for the lines after it. */
export function sessionChoiceIn(text: string): SessionChoice | undefined {
  const [, namespace] = OF_CURRENT.exec(text) ?? []
  const choices = text.match(CHOOSES)?.length ?? 0
  if (namespace !== undefined && choices === 1) return chosen(namespace)
  if (choices > 0) return UNKNOWN
  return TURNS.test(text) ? ELSEWHERE : undefined
}
