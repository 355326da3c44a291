import { isPlaceholder, type KubectlCommand, type ResourceArgument } from './command'
import { flagKind, longName, VERBS } from './kubectl-flags'
import { whyRefused } from './kubectl-refuses'
import { kindOf, type NamedType, typeOf, UNKNOWN_GROUP } from './kubectl-resources'

const TWO_WORDS = new Set(['rollout', 'create', 'set', 'auth', 'top', 'certificate'])
/** What a verb does that a server cannot do in a person's place. */
const FOR_A_PERSON: Record<string, string> = {
  edit: 'It opens an editor.',
  attach: 'It joins a running session.',
  'port-forward': 'It opens a port on the machine of the person who types it.',
  proxy: 'It opens a port on the machine of the person who types it.',
  cp: 'It copies files of the person who types it.',
  debug: 'It starts a debugging session.',
  run: 'It starts a pod of its own and joins it.',
  plugin: 'It runs a program on the machine of the person who types it.',
  krew: 'It runs a program on the machine of the person who types it.',
  config: 'It is about the configuration of the person who types it.',
  completion: 'It is about the configuration of the person who types it.',
  diff: 'It compares with files of the person who types it.',
  kustomize: 'It reads files of the person who types it.',
}

/** Shells: without a script in the line they read one from a file, or what a person types. */
const SHELLS = /^(\/(usr\/)?bin\/)?(ba|da|z|k|a)?sh$/

type Read = (KubectlCommand & { innerArgv?: string[] }) | { manual: string }

/** Reads the words after `kubectl`: verb, resources and flags in any order kubectl allows. */
export function readKubectl(words: readonly string[]): Read {
  const positional: string[] = []
  const flags: KubectlCommand['flags'] = {}
  const dash = words.indexOf('--')
  const own = dash < 0 ? words : words.slice(0, dash)
  const verb = findVerb(own)
  if (verb === undefined) return { manual: 'kubectl names no verb.' }
  const why = FOR_A_PERSON[verb]
  if (why) return { manual: `kubectl ${verb}: ${why}` }
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
      if (!kind)
        return {
          manual: Object.hasOwn(FORMER_FLAGS, name)
            ? (FORMER_FLAGS[name] ?? '')
            : `kubectl ${verb} has no flag --${name} that Crashcart understands.`,
        }
      if (equals >= 0)
        add(name, kind === 'switch' && word.slice(equals + 1) === 'true' ? true : word.slice(equals + 1))
      else if (kind === 'value') {
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

/** Flags that old runbooks still have, and what came in their place. */
const FORMER_FLAGS: Record<string, string> = {
  export: 'kubectl took --export away; `-o yaml` prints the object with what the cluster added to it.',
  'delete-local-data': 'kubectl took --delete-local-data away; it is --delete-emptydir-data now.',
  heapster: 'kubectl took --heapster away.',
  generator: 'kubectl took --generator away.',
  record:
    'It writes its own words into an annotation too (--record), which many verbs of kubectl refuse and the others give up.',
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
  const fromFile = verb === 'create' && flags.filename !== undefined
  const subverb = TWO_WORDS.has(verb) && !fromFile ? rest.shift() : undefined
  if (TWO_WORDS.has(verb) && !fromFile && subverb === undefined)
    return { manual: `kubectl ${verb} lacks its second word.` }
  const { namespace, selector, output, container, 'all-namespaces': everywhere, ...others } = flags
  let innerArgv = after ? [...after] : undefined
  if ((verb === 'exec' || verb === 'rsh') && !innerArgv) {
    innerArgv = rest.splice(1)
    if (verb === 'exec' && innerArgv.length > 0)
      return { manual: 'kubectl took exec without -- away in 1.31; it is `kubectl exec POD -- COMMAND` now.' }
  }
  if ((verb === 'exec' || verb === 'rsh') && (!innerArgv || innerArgv.length === 0))
    return {
      manual: verb === 'rsh' ? 'It opens an interactive shell.' : 'kubectl exec names no command to run.',
    }
  if ((verb === 'exec' || verb === 'rsh') && SHELLS.test(innerArgv?.[0] ?? '') && !isScript(innerArgv)) {
    return {
      manual:
        innerArgv && innerArgv.length > 1
          ? 'It runs a shell inside the container in another way than sh -c SCRIPT.'
          : 'It opens an interactive shell.',
    }
  }
  // `logs POD CONTAINER`, the form without -c.
  const second = verb === 'logs' && rest.length === 2 && container === undefined ? rest.pop() : undefined
  if (verb === 'logs' && rest.length > 1) return { manual: 'kubectl logs takes one pod.' }
  const chosen = ['selector', 'field-selector', 'all', 'filename'].some((name) => flags[name] !== undefined)
  const resources = readResources(verb, subverb, rest, chosen)
  if ('manual' in resources) return resources
  const text = (value: string | true | string[] | undefined) =>
    typeof value === 'string' ? value : Array.isArray(value) ? value.at(-1) : undefined
  const command: KubectlCommand & { innerArgv?: string[] } = {
    program: 'kubectl',
    verb,
    ...(subverb === undefined ? {} : { subverb }),
    resources: resources.found,
    ...(text(namespace) === undefined ? {} : { namespace: text(namespace) as string }),
    allNamespaces: everywhere === true,
    // An empty one selects nothing by itself.
    ...((text(selector) ?? '') === '' ? {} : { selector: text(selector) as string }),
    ...((text(output) ?? '') === '' ? {} : { output: outputOf(text(output) as string) }),
    ...((text(container) ?? second) ? { container: (text(container) ?? second) as string } : {}),
    flags: others,
    ...(innerArgv ? { innerArgv } : {}),
  }
  const refused = whyRefused(command)
  return refused === undefined ? command : { manual: refused }
}

/** kubectl knows these formats in capitals too. */
function outputOf(text: string): string {
  return /^(json|yaml|name)$/i.test(text) ? text.toLowerCase() : text
}

/** `sh -c SCRIPT`: all that happens stands in the line. */
function isScript(argv: readonly string[] | undefined): boolean {
  return argv?.length === 3 && /^-[a-z]*c$/.test(argv[1] ?? '')
}

const METADATA = new Set(['label', 'annotate'])
const PAIRED = new Set(['set', 'label', 'annotate', 'taint'])

/** Verbs that list a bare type; every other one wants an object, or a choice of them. */
const LISTS = new Set(['get', 'describe'])

function readResources(
  verb: string,
  subverb: string | undefined,
  words: readonly string[],
  chosen: boolean,
): { found: ResourceArgument[] } | { manual: string } {
  // `exec POD`, `logs POD`: a bare name is a pod.
  if (verb === 'exec' || verb === 'rsh' || verb === 'logs') {
    const [target] = words
    if (target === undefined) return { found: [] }
    return target.includes('/') ? slashed([target]) : listed('pods', [target])
  }
  if (verb === 'top') {
    const type = /^(pods?|po|nodes?|no)$/.test(subverb ?? '') ? typeOf(subverb ?? '') : undefined
    if (!type) return { manual: `kubectl top ${subverb} is not understood.` }
    return listed(subverb ?? '', words)
  }
  if (verb === 'cluster-info' && words.length > 0)
    return { manual: 'It collects the state of the cluster in files, for a bug report.' }
  if (verb === 'create' || verb === 'auth' || verb === 'explain' || verb === 'api-resources')
    return { found: words.map((name) => ({ kind: 'Word', group: '', name })) }
  if (verb === 'certificate')
    return words.some((word) => word.includes('/')) ? slashed(words) : listed('csr', words)
  if (verb === 'cordon' || verb === 'uncordon' || verb === 'drain')
    return words.some((word) => word.includes('/'))
      ? slashed(words)
      : words.length > 0
        ? listed('nodes', words)
        : { found: [] }
  if (words.length === 0) return { found: [] }
  // `set selector service NAME app=x`, `label pod NAME a=b`: pairs at the end are not resources.
  const paired = PAIRED.has(verb)
  // Keys and values may hold what somebody fills in: `<team>/tier=<tier>`.
  const isPair = (word: string, index: number) =>
    index > 0 &&
    (/^(\*|[\w./<>-]+)=/.test(word) ||
      /^[\w./<>-]+(:\w+)?-$/.test(word) ||
      /^[\w./<>-]+(=[\w.<>-]*)?:\w+-?$/.test(word))
  const names = paired ? words.filter((word, index) => !isPair(word, index)) : [...words]
  const late = METADATA.has(verb)
    ? words.slice(words.findIndex(isPair)).find((word) => names.includes(word))
    : undefined
  if (late !== undefined && words.some(isPair))
    return { manual: `kubectl ${verb} takes objects first, then what it sets: ${late}.` }
  const extra = paired ? words.filter(isPair).map((pair) => ({ kind: 'Pair', group: '', name: pair })) : []
  const first = names[0] ?? ''
  if (verb === 'taint' && first.includes('/') && !isPlaceholder(first))
    return { manual: 'kubectl taint wants TYPE NAME, not TYPE/NAME.' }
  const open = !chosen && (!LISTS.has(verb) || !isWordInBrackets(first))
  const read =
    open && isPlaceholder(first)
      ? openObjects(names)
      : first.includes('/')
        ? slashed(names)
        : listed(first, names.slice(1))
  return 'manual' in read ? read : { found: [...read.found, ...extra] }
}

/** Each type of a line goes with each name: what a person could look through is less. */
const OBJECTS_AT_MOST = 200

/** `TYPE[,TYPE…] [NAME…]`. */
function listed(types: string, names: readonly string[]): { found: ResourceArgument[] } | { manual: string } {
  if (names.some((name) => name.includes('/')))
    return { manual: 'It mixes TYPE NAME with TYPE/NAME, which kubectl refuses.' }
  const kinds: ResourceArgument[] = []
  const words = types.split(',')
  if (words.length * Math.max(1, names.length) > OBJECTS_AT_MOST)
    return { manual: `It names more than ${OBJECTS_AT_MOST} objects.` }
  for (const word of words) {
    const kind = argument(word)
    if (!kind) return { manual: `"${word}" is not the name of a resource.` }
    kinds.push(kind)
  }
  if (names.length === 0) return { found: kinds }
  return { found: kinds.flatMap((kind) => names.map((name) => ({ ...kind, name }))) }
}

/**
 * `delete <my-pod>`: what is filled in says the type as well, `pod/my-pod-7d9f`; a bare name is refused then. With more
 * words after it the first one is the type: `delete <webhook-type> <webhook-name>`.
 */
function openObjects(words: readonly string[]): { found: ResourceArgument[] } | { manual: string } {
  const [first = '', ...names] = words
  if (names.length === 0) return { found: [{ ...openArgument(first), name: first, open: true }] }
  return isOpenType(first)
    ? { found: names.map((name) => ({ ...openArgument(first), name })) }
    : { manual: `"${first}" is not the name of a resource.` }
}

/** `<what>`: a name with a dash in it (`<my-api>`) stands for an object. */
function isWordInBrackets(word: string): boolean {
  return /^<[A-Za-z]+>$/.test(word)
}

/** `<webhook-type>`, `<kind>`: whoever runs the line says which type. */
export function namesType(name: string): boolean {
  return /(^|-)(type|kind|resource|crd)s?$/i.test(name)
}

/** A placeholder that stands for a type and nothing else. */
function isOpenType(word: string): boolean {
  return isWordInBrackets(word) || (isPlaceholder(word) && namesType(word.slice(1, -1)))
}

function openArgument(word: string): ResourceArgument {
  return { kind: word, group: UNKNOWN_GROUP, type: openType(word) }
}

function argument(word: string): ResourceArgument | undefined {
  if (word.toLowerCase() === 'all') return { kind: 'All', group: '' }
  // `describe <what>`: whoever runs it names the type, and the cluster knows the rest.
  if (isOpenType(word)) return openArgument(word)
  const type = typeOf(word)
  if (!type) return undefined
  return { kind: kindOf(word)?.kind ?? type.kind, group: type.group, type }
}

function openType(word: string): NamedType {
  return { kind: word, group: UNKNOWN_GROUP, version: 'v1', plural: word, namespaced: true, custom: true }
}

function slashed(words: readonly string[]): { found: ResourceArgument[] } | { manual: string } {
  const found: ResourceArgument[] = []
  for (const word of words) {
    const parts = word.split('/')
    const kind = parts.length === 2 && parts[1] !== '' ? argument(parts[0] ?? '') : undefined
    if (!kind) return { manual: `"${word}" is not TYPE/NAME.` }
    found.push({ ...kind, name: parts[1] ?? '' })
  }
  return { found }
}
