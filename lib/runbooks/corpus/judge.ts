import type { Json, Operation } from '../../operations/types'
import { compile } from '../compile'
import { namesType } from '../kubectl'
import type { LintLine, Runbook } from '../types'
import { canonical } from './canonical'
import { compareRequests, type Difference } from './compare-requests'
import { bindNames, isOnePlaceholder, namesOfPlaceholders } from './placeholders'
import type { CorpusRecord, SentRequest } from './records'

/** What must not happen to a line, each of which is told apart. */
export type Wrong =
  | 'different requests'
  | 'compiled though kubectl rejects it'
  | 'compiled though a person does it'
  | 'compiled in part'
  | 'change classed as a read'
  | 'placeholder sent unbound'
  | 'invented namespace'
  | 'line dropped'

export interface Judgement {
  record: CorpusRecord
  outcome: 'typed' | 'manual'
  operations: string[]
  /** Why it is manual; of several lines the first that is. */
  reason?: string
  wrong: { kind: Wrong; detail: string }[]
  difference?: Difference
  /** Undefined when the compiler or the recording has no requests to compare. */
  compared: boolean
  got: SentRequest[]
  /** It is typed where a person was expected to do it, and nothing speaks against that. */
  more: boolean
}

/** A typed line of these is more than was expected of a compiler; of every other manual kind it is wrong. */
const MORE = /^manual: (other tool in line|plugin|control flow)/
/** Requests that only ask, whatever their method. */
const ASKS = /\/(selfsubjectaccessreviews|selfsubjectrulesreviews|token)$/

/** Compiles the line of a record as a document of its own, and says what is wrong with what becomes of it. */
export function judge(record: CorpusRecord, catalogue: readonly Operation[]): Judgement {
  const { runbook, lines } = compile({
    text: documentOf(record.line),
    file: 'line.md',
    catalogue,
    requests: true,
  })
  const typed = lines.filter((line) => line.outcome === 'typed')
  const manual = lines.find((line) => line.outcome === 'manual')
  const outcome = manual === undefined && typed.length > 0 ? 'typed' : 'manual'
  const known = typed.every((line) => line.requests !== undefined)
  const got = typed.flatMap((line) => line.requests ?? [])
  const judgement: Judgement = {
    record,
    outcome,
    operations: typed.flatMap(operationsOf),
    ...(manual?.reason ? { reason: manual.reason } : {}),
    wrong: [],
    compared: false,
    got,
    more: outcome === 'typed' && MORE.test(record.expected),
  }
  const wrong = (kind: Wrong, detail: string) => judgement.wrong.push({ kind, detail })
  const dropped = droppedPart(record.line, lines)
  if (dropped !== undefined) wrong('line dropped', dropped)
  if (typed.length === 0) return judgement
  if (outcome === 'manual') wrong('compiled in part', `${typed[0]?.text} → ${typed[0]?.operation}`)
  else if (record.expected.startsWith('manual') && !judgement.more)
    wrong('compiled though a person does it', record.expected.replace('manual: ', ''))
  else if (isRejected(record, runbook))
    wrong('compiled though kubectl rejects it', judgement.operations.join(', '))
  else if (known && !judgement.more && isComparable(record)) {
    const difference = compareRequests(record, got)
    judgement.compared = !difference || !isLostText(record, got)
    if (difference && judgement.compared) {
      judgement.difference = difference
      wrong('different requests', difference.part)
    }
  }
  const change = changeAsRead(record, typed, catalogue)
  if (outcome === 'typed' && change) wrong('change classed as a read', change)
  const unbound = unboundPlaceholder(runbook, got)
  if (unbound) wrong('placeholder sent unbound', unbound)
  const invented = inventedNamespace(record, runbook, got)
  if (invented) wrong('invented namespace', invented)
  return judgement
}

/** A line may become several steps; one that only gives a parameter its value becomes none. */
function operationsOf(line: LintLine): string[] {
  return line.operation?.split(' + ') ?? []
}

/** A document with nothing in it but these commands. */
function documentOf(line: string): string {
  const longest = Math.max(2, ...Array.from(line.matchAll(/`+/g), ([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `# Runbook\n\n${fence}bash\n${line}\n${fence}\n`
}

/** A part of the line of which the compiler says nothing; spaces, prompts and line breaks aside. */
function droppedPart(line: string, lines: readonly LintLine[]): string | undefined {
  if (lines.length === 0) return 'all of it'
  const bare = (text: string) => text.replace(/^\s*[$%]\s+/, '').replace(/[\s\\]+/g, '')
  const told = lines.map((one) => bare(one.text)).join('')
  return line
    .split('\n')
    .filter((part) => !/^\s*(#|$)/.test(part))
    .find((part) => !told.includes(bare(part)))
}

/**
 * Whether a recording says what the line does. Of `-n {team}` it does not: kubectl took the braces for a name, and went
 * no further than the error.
 */
function isComparable({ kubectl }: CorpusRecord): boolean {
  return (
    kubectl.some((call) => call.requests.length > 0) && !kubectl.some((call) => call.argv.some(isTemplate))
  )
}

/** Whether a recording differs from what the line sends in nothing but a text that kubectl was not given. */
function isLostText(record: CorpusRecord, got: readonly SentRequest[]): boolean {
  const lost = lostText(record)
  return (
    lost !== undefined &&
    compareRequests(
      record,
      got.map((one) => JSON.parse(JSON.stringify(one).replaceAll(lost, '')) as SentRequest),
    ) === undefined
  )
}

/**
 * What stands right behind a variable (`$PROJECT.example.com`) and is in no word that kubectl was given: with less than
 * the line says, kubectl was seen to do something else.
 */
function lostText({ line, kubectl }: CorpusRecord): string | undefined {
  const words = kubectl.flatMap(({ argv }) => argv)
  return Array.from(line.matchAll(/\$(?:\w+|\{\w+\})([.:@/][\w.:@/-]+)/g), ([, tail = '']) => tail).find(
    // A pipe has variables too, and kubectl none of its words.
    (tail) => !words.some((word) => word.includes(tail)) && !line.slice(0, line.indexOf(tail)).includes('|'),
  )
}

function isTemplate(word: string): boolean {
  return /(^|[=/,])\{\{?\s*\.?[A-Za-z_][\w-]*\s*\}/.test(word)
}

/**
 * kubectl sent nothing for a line that needs no file, no standard input and no server to be understood, whatever is
 * filled in.
 */
function isRejected({ line, kubectl, expected }: CorpusRecord, runbook: Runbook): boolean {
  if (!expected.startsWith('operation') || kubectl.length > 0) return false
  // A recording has its placeholders bound to their own names, which are no number, no type and no TYPE/NAME.
  const inputs =
    namesOfPlaceholders(line).length > 0 ? boundSteps(runbook).flatMap((step) => step.inputs) : []
  if (inputs.some((one) => one.typeAndName || one.type === 'integer' || namesType(one.name))) return false
  // Since 1.31; the objects of a recorder have no selector by which it could go on.
  if (/\blogs\s[^#|]*--all-pods\b/.test(line)) return false
  if (line.split(/\s+/).some(isTemplate) || /[\s=]\{[A-Za-z]\w*(?: [\w-]+)+\}(?:\s|$)/.test(line))
    return false
  // A recording runs oc as kubectl, which knows fewer verbs.
  if (/\boc\s+(-\S+\s+\S+\s+)*(adm|rsh|project|login|debug|extract|whoami|status|process)\b/.test(line))
    return false
  if (/(^|\s)(-f|-k|--filename|--kustomize)[ =]?\S|<<|--raw|--dry-run/.test(line)) return false
  return !/\bkubectl\s+(explain|config|version|certificate|api-resources|api-versions|cluster-info)\b/.test(
    line,
  )
}

/** A recorded request that changes something, when every operation of the line only reads. */
function changeAsRead(
  { kubectl }: CorpusRecord,
  typed: readonly LintLine[],
  catalogue: readonly Operation[],
): string | undefined {
  const effects = new Map(catalogue.map((operation) => [operation.id, operation.effect]))
  const operations = typed.flatMap(operationsOf)
  if (operations.some((id) => effects.get(id) === 'write')) return undefined
  const change = kubectl
    .flatMap((call) => call.requests)
    .find(
      ({ method, path, query, upgrade }) =>
        ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) &&
        // What is done over a stream (exec) is for the operation to know.
        upgrade === undefined &&
        !ASKS.test(path) &&
        !/dryRun=All/.test(query ?? ''),
    )
  return change && `${change.method} ${change.path} → ${operations.join(', ') || 'no operation'}`
}

/** Parameters that name something in the cluster; commands and texts may hold whatever they like. */
const NAMING = new Set(['namespace', 'name', 'pod', 'workload', 'selector', 'container', 'node'])

/** A placeholder in a path or selector that no input of the step fills in. */
function unboundPlaceholder(runbook: Runbook, got: readonly SentRequest[]): string | undefined {
  const steps = boundSteps(runbook)
  const inputs = new Set(steps.flatMap((step) => step.inputs.map((input) => bindNames(`<${input.name}>`))))
  const texts = got.flatMap(({ path, query }) => [
    readable(path),
    ...Array.from(new URLSearchParams(query ?? ''), ([name, value]) => (/Selector$/.test(name) ? value : '')),
  ])
  for (const step of steps) texts.push(...namedIn(step.params, NAMING))
  return texts.flatMap(namesOfPlaceholders).find((name) => !inputs.has(bindNames(`<${name}>`)))
}

/** A namespace that is neither on the line nor the default. */
function inventedNamespace(
  record: CorpusRecord,
  runbook: Runbook,
  got: readonly SentRequest[],
): string | undefined {
  const recorded = record.kubectl.flatMap((call) => call.requests.map((one) => canonical(one).path.namespace))
  const params = boundSteps(runbook).flatMap((step) => namedIn(step.params, new Set(['namespace'])))
  const sent = got.flatMap((request) => canonical(request).path.namespace ?? [])
  return [...params, ...sent].find(
    (namespace) =>
      namespace !== '' &&
      namespace !== 'default' &&
      !isOnePlaceholder(namespace) &&
      !recorded.includes(namespace) &&
      !bindNames(record.line).includes(namespace),
  )
}

/** The texts under these keys, however deep. */
function namedIn(value: Json, keys: ReadonlySet<string>): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? (keys.has(key) ? [inner] : []) : namedIn(inner, keys),
  )
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function boundSteps(runbook: Runbook) {
  return runbook.cards.flatMap((card) => card.steps.flatMap((step) => (step.kind === 'guide' ? [] : [step])))
}
