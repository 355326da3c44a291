import type { KubectlCommand, ResourceArgument } from './command'
import { flagKind, longName, VERBS } from './kubectl-flags'
import { kindOf } from './kubectl-resources'

const TWO_WORDS = new Set(['rollout', 'create', 'set', 'auth', 'top'])
const INTERACTIVE = new Set([
  'edit',
  'attach',
  'port-forward',
  'proxy',
  'cp',
  'debug',
  'run',
  'plugin',
  'config',
  'diff',
  'kustomize',
  'krew',
])

type Read = (KubectlCommand & { innerArgv?: string[] }) | { manual: string }

/** Reads the words after `kubectl`: verb, resources and flags in any order kubectl allows. */
export function readKubectl(words: readonly string[]): Read {
  const positional: string[] = []
  const flags: KubectlCommand['flags'] = {}
  const dash = words.indexOf('--')
  const own = dash < 0 ? words : words.slice(0, dash)
  const verb = findVerb(own)
  if (verb === undefined) return { manual: 'kubectl names no verb.' }
  if (INTERACTIVE.has(verb))
    return { manual: `kubectl ${verb} works on the machine of the person who types it.` }
  if (!VERBS.has(verb)) return { manual: `kubectl ${verb} is not a verb that Crashcart understands.` }
  const add = (name: string, value: string | true) => {
    const before = flags[name]
    if (before === undefined || value === true) flags[name] = value
    else if (typeof before === 'string') flags[name] = [before, value]
    else if (Array.isArray(before)) flags[name] = [...before, value]
  }
  for (let i = 0; i < own.length; i++) {
    const word = own[i] ?? ''
    if (!word.startsWith('-') || word === '-') {
      positional.push(word)
      continue
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=')
      const name = word.slice(2, equals < 0 ? undefined : equals)
      const kind = flagKind(verb, name)
      if (!kind) return { manual: `kubectl ${verb} has no flag --${name} that Crashcart understands.` }
      if (equals >= 0)
        add(name, kind === 'switch' && word.slice(equals + 1) === 'true' ? true : word.slice(equals + 1))
      else if (kind === 'value' && name !== 'dry-run') {
        if (i + 1 >= own.length) return { manual: `kubectl --${name} lacks its value.` }
        add(name, own[++i] ?? '')
      } else add(name, true)
      continue
    }
    // Short flags: `-it`, `-nstorage`, `-n storage`, `-o=yaml`.
    for (let at = 1; at < word.length; at++) {
      const name = longName(verb, word[at] ?? '')
      const kind = name ? flagKind(verb, name) : undefined
      if (!name || !kind)
        return { manual: `kubectl ${verb} has no flag -${word[at]} that Crashcart understands.` }
      if (kind === 'switch') {
        add(name, true)
        continue
      }
      const attached = word.slice(at + 1).replace(/^=/, '')
      if (attached) add(name, attached)
      else if (i + 1 < own.length) add(name, own[++i] ?? '')
      else return { manual: `kubectl -${word[at]} lacks its value.` }
      break
    }
  }
  return assemble(verb, positional.slice(1), flags, dash < 0 ? undefined : words.slice(dash + 1))
}

function findVerb(words: readonly string[]): string | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (!word.startsWith('-')) return word
    // A value flag before the verb: `kubectl -n storage get pods`.
    const name = word.startsWith('--') ? word.slice(2) : longName('', word[1] ?? '')
    if (
      !word.includes('=') &&
      word.length <= 2 + (word.startsWith('--') ? 40 : 0) &&
      name &&
      flagKind('', name) === 'value'
    )
      i += 1
  }
  return undefined
}

function assemble(
  verb: string,
  rest: string[],
  flags: KubectlCommand['flags'],
  after: readonly string[] | undefined,
): Read {
  const subverb = TWO_WORDS.has(verb) ? rest.shift() : undefined
  if (TWO_WORDS.has(verb) && subverb === undefined)
    return { manual: `kubectl ${verb} lacks its second word.` }
  const { namespace, selector, output, container, 'all-namespaces': everywhere, ...others } = flags
  let innerArgv = after ? [...after] : undefined
  if (verb === 'exec' && !innerArgv) {
    // The form without `--`, deprecated but typed: `kubectl exec POD COMMAND`.
    const words = rest.splice(1)
    innerArgv = words
  }
  if (verb === 'exec' && (!innerArgv || innerArgv.length === 0))
    return { manual: 'kubectl exec names no command to run.' }
  if (verb === 'exec' && ['sh', 'bash', '/bin/sh', '/bin/bash'].includes(innerArgv?.[0] ?? '')) {
    return {
      manual:
        innerArgv && innerArgv.length > 1
          ? 'It runs a shell inside the container.'
          : 'It opens an interactive shell.',
    }
  }
  const resources = readResources(verb, subverb, rest)
  if ('manual' in resources) return resources
  const text = (value: string | true | string[] | undefined) =>
    typeof value === 'string' ? value : Array.isArray(value) ? value.at(-1) : undefined
  return {
    program: 'kubectl',
    verb,
    ...(subverb === undefined ? {} : { subverb }),
    resources: resources.found,
    ...(text(namespace) === undefined ? {} : { namespace: text(namespace) as string }),
    allNamespaces: everywhere === true,
    ...(text(selector) === undefined ? {} : { selector: text(selector) as string }),
    ...(text(output) === undefined ? {} : { output: text(output) as string }),
    ...(text(container) === undefined ? {} : { container: text(container) as string }),
    flags: others,
    ...(innerArgv ? { innerArgv } : {}),
  }
}

function readResources(
  verb: string,
  subverb: string | undefined,
  words: readonly string[],
): { found: ResourceArgument[]; rest?: string[] } | { manual: string } {
  // `exec POD`, `logs POD`: a bare name is a pod.
  if (verb === 'exec' || verb === 'rsh' || verb === 'logs') {
    const [target] = words
    if (target === undefined) return { found: [] }
    return target.includes('/') ? slashed([target]) : { found: [{ kind: 'Pod', group: '', name: target }] }
  }
  if (verb === 'top') {
    const kind = kindOf(subverb ?? '')
    if (!kind) return { manual: `kubectl top ${subverb} is not understood.` }
    return { found: words.length > 0 ? words.map((name) => ({ ...kind, name })) : [{ ...kind }] }
  }
  if (verb === 'create') return { found: words.map((name) => ({ kind: 'Word', group: '', name })) }
  if (verb === 'auth' || words.length === 0) return { found: [] }
  // `set selector service NAME app=x`, `label pod NAME a=b`: pairs at the end are not resources.
  const pairs = words.filter((word) => /^[\w./-]+=/.test(word) || /^[\w./-]+-$/.test(word))
  const names =
    verb === 'set' || verb === 'label' || verb === 'annotate'
      ? words.filter((word) => !pairs.includes(word))
      : [...words]
  const extra =
    verb === 'set' || verb === 'label' || verb === 'annotate'
      ? pairs.map((pair) => ({ kind: 'Pair', group: '', name: pair }))
      : []
  const first = names[0] ?? ''
  if (first.includes('/')) {
    const read = slashed(names)
    return 'manual' in read ? read : { found: [...read.found, ...extra] }
  }
  const kinds = first.split(',').map(kindOf)
  if (kinds.some((kind) => !kind)) return { manual: `"${first}" is not a resource that Crashcart knows.` }
  const known = kinds.filter((kind) => kind !== undefined)
  if (names.length === 1) return { found: [...known, ...extra] }
  return { found: [...names.slice(1).flatMap((name) => known.map((kind) => ({ ...kind, name }))), ...extra] }
}

function slashed(words: readonly string[]): { found: ResourceArgument[] } | { manual: string } {
  const found: ResourceArgument[] = []
  for (const word of words) {
    const at = word.indexOf('/')
    const kind = kindOf(word.slice(0, at))
    if (!kind) return { manual: `"${word.slice(0, at) || word}" is not a resource that Crashcart knows.` }
    found.push({ ...kind, name: word.slice(at + 1) })
  }
  return { found }
}
