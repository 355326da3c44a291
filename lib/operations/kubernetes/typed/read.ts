import 'server-only'
import { stringify } from 'yaml'
import { redactDeep } from '@/lib/core/redact'
import { ok, type Result } from '@/lib/core/result'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { Command, KubectlCommand } from '@/lib/runbooks/command'
import { typeOf } from '@/lib/runbooks/kubectl-resources'
import { eventsText } from '@/lib/runbooks/printers/events-text'
import { whyNoText } from '@/lib/runbooks/printers/known-text'
import { flag, flagList, isOn } from '@/lib/runbooks/requests/place'
import { involved } from '@/lib/runbooks/requests/reads'
import { listsOnly } from '@/lib/runbooks/requests/templates'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeEvents, judgeObjects, timeOf } from '@/lib/verdicts/conditions'
import { count, howLong } from '@/lib/verdicts/durations'
import type { CheckResult, Finding, RawText, View } from '@/lib/verdicts/types'
import { isCertificatesOnly } from './certificates-only'
import { describedBy, eventsAbout, type Found, orByPrefix } from './described'
import { commandOf, type Line, line, lineOf, startsOf, typedLine, typesOn } from './line'
import { printedBy, printing } from './printed'

const HIDDEN_VALUE = '(not shown)'
const VERBS = new Set(['get', 'describe', 'events'])
/** Objects that are shown in full; of longer lists the raw text would help nobody. */
const SHOWN = 20

/** `kubectl get`, `describe` and `events` of anything: what the objects themselves say of how they are. */
export const read: Check<Line> = {
  id: 'kubernetes.read',
  title: 'Look at objects',
  effect: 'read',
  prints: true,
  params: line,
  starts: startsOf([...VERBS, 'set']),
  recognise: (commands) => (isRaw(commands) ? undefined : lineOf(commands, isList(commands) ? LISTS : VERBS)),
  kubectl: typedLine,
  async run(context, given) {
    const command = commandOf(given)
    if (!command.ok) return couldNotLook(command.error)
    if (command.value.verb === 'events') return eventsCheck(context, command.value)
    const found = await objectsFor(context, command.value)
    if (!found.ok) return couldNotLook(found.error)
    if (command.value.verb === 'describe') return describeCheck(context, command.value, given, found.value)
    const { objects, missing } = found.value
    const managed = isOn(command.value, 'show-managed-fields')
    const printed =
      objects.length > 0
        ? await printedBy(
            context,
            command.value,
            objects.map((object) => printable(object, context.certificates, managed)),
          )
        : undefined
    return judged(context, command.value, { objects, missing, events: ok([]), printed })
  },
}

/** `kubectl set env WORKLOAD --list` is a look, and prints in a way of its own. */
const LISTS = new Set(['set env'])

function isList([command]: readonly Command[]): boolean {
  return command?.program === 'kubectl' && listsOnly(command)
}

/** Of a path of the API server there are no objects to look at: see raw.ts. */
function isRaw([command]: readonly Command[]): boolean {
  return command?.program === 'kubectl' && command.flags.raw !== undefined
}

/** "3 nodes", "no events"; objects of several kinds are objects. */
function counted(objects: readonly KubeObject[], asked: string): string {
  const kinds = new Set(objects.map((one) => one.kind ?? 'object'))
  const [kind = asked, ...more] = kinds
  const one = more.length > 0 ? 'object' : inWords(kind)
  const many = /(s|x|ch|sh)$/.test(one)
    ? `${one}es`
    : one.endsWith('y')
      ? `${one.slice(0, -1)}ies`
      : `${one}s`
  return objects.length === 0 ? `no ${many}` : count(objects.length, one, many)
}

/** `PodDisruptionBudget` → `pod disruption budget`. */
function inWords(kind: string): string {
  return kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
}

function judged(
  context: ReadContext,
  command: KubectlCommand,
  seen: {
    objects: KubeObject[]
    missing: string[]
    events: Result<KubeObject[]>
    printed: RawText | undefined
  },
): CheckResult {
  const { objects, missing, events, printed } = seen
  const now = context.now().getTime()
  const { findings, view } = judgeObjects(objects, now)
  const absent = missing.map(
    (name): Finding => ({
      severity: command.flags['ignore-not-found'] === true ? 'info' : 'fail',
      code: 'absent',
      title: `${name} does not exist`,
      evidence: [],
      remedies: [],
    }),
  )
  const named = command.resources.some((one) => one.name !== undefined)
  const [asked, ...others] = command.resources
  const kind =
    asked && others.length === 0 && /^(?!All$)[A-Z][A-Za-z]+$/.test(asked.kind) ? asked.kind : 'object'
  const these = counted(objects, kind)
  return conclude({
    findings: [...absent, ...findings, ...eventFindings(events, now)],
    healthy:
      objects.length === 0 ? 'Nothing of the kind exists' : `${these}, none says that anything is wrong`,
    figure: these,
    read: these,
    views: objects.length > 0 ? [view, ...(named ? conditionViews(objects) : [])] : [],
    raw: printed && !(printed.failed && command.verb === 'describe') ? [printed] : inFull(objects, printed),
  })
}

/** Objects as YAML; behind the reason for which a text could not be made, only to be looked at. */
function inFull(objects: readonly KubeObject[], failed: RawText | undefined): RawText[] {
  const texts = objects.slice(0, SHOWN).map((object) => ({
    label: `${object.kind} ${object.metadata.name}`,
    text: stringify(printable(object)),
    truncatedBytes: 0,
  }))
  return failed ? [failed, ...texts.map((one) => ({ ...one, aside: true as const }))] : texts
}

function eventFindings(events: Result<KubeObject[]>, now: number): Finding[] {
  if (events.ok) return judgeEvents(events.value, now)
  return [
    {
      severity: 'unknown',
      code: `unknown.${events.error.code}`,
      title: `Could not look at its events: ${events.error.message}`,
      evidence: [],
      remedies: [],
    },
  ]
}

function conditionViews(objects: KubeObject[]): View[] {
  return objects.slice(0, 5).flatMap((object): View[] => {
    const conditions = object.status?.conditions
    if (!Array.isArray(conditions) || conditions.length === 0) return []
    return [
      {
        type: 'table',
        label: `Conditions of ${object.metadata.name}`,
        columns: [
          { key: 'type', label: 'Condition' },
          { key: 'status', label: 'Status' },
          { key: 'reason', label: 'Reason' },
          { key: 'message', label: 'Message' },
        ],
        rows: conditions.slice(0, 30).map((one) => ({
          type: { text: String(one?.type ?? '') },
          status: { text: String(one?.status ?? '') },
          reason: { text: String(one?.reason ?? '') },
          message: { text: String(one?.message ?? '').slice(0, 300) },
        })),
      },
    ]
  })
}

/**
 * An object as it may be printed: passwords in its environment and arguments are hidden here, where it is known what is a
 * name and what its value; in a text, a pipe could part them.
 */
export function printable(object: KubeObject, certificates?: true, managedFields = false): KubeObject {
  if (object.kind === 'Secret') return shown(object, certificates) as KubeObject
  return redactDeep(managedFields ? object : (shown(object) as KubeObject))
}

/**
 * An object as it may be shown: without bookkeeping, a Secret without its values. With `certificates`, for what is not
 * shown but read by `openssl x509`, values that are certificates and nothing else stay.
 */
export function shown(object: KubeObject, certificates?: true): unknown {
  const { managedFields: _fields, ...metadata } = object.metadata
  const hidden = (data: unknown) =>
    Object.fromEntries(Object.keys((data as object) ?? {}).map((key) => [key, HIDDEN_VALUE]))
  if (object.kind !== 'Secret') return { ...object, metadata }
  const read = (data: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        certificates && isCertificatesOnly(value) ? value : HIDDEN_VALUE,
      ]),
    )
  const { annotations, ...plain } = metadata
  return {
    ...object,
    metadata: annotations ? { ...plain, annotations: hidden(annotations) } : plain,
    ...(object.data ? { data: read(object.data) } : {}),
    ...(object.stringData ? { stringData: hidden(object.stringData) } : {}),
  }
}

/** What a command names or lists. Objects that do not exist are told by name. */
export async function objectsFor(
  context: ReadContext,
  command: KubectlCommand,
): Promise<Result<{ objects: KubeObject[]; missing: string[] }>> {
  const objects: KubeObject[] = []
  const missing: string[] = []
  const selector = command.selector
  const fieldSelector = command.flags['field-selector']
  for (const argument of command.resources) {
    const types = await typesOn(context, argument)
    if (!types.ok) return types
    for (const type of types.value) {
      const namespace =
        type.namespaced && !command.allNamespaces ? (command.namespace ?? 'default') : undefined
      if (argument.name !== undefined) {
        const one = await context.cluster.get(type, argument.name, namespace)
        if (one.ok) objects.push({ ...one.value, kind: one.value.kind ?? type.kind })
        else if (one.error.code === 'not_found')
          missing.push(`${type.kind} ${argument.name}${namespace ? ` in ${namespace}` : ''}`)
        else return one
        continue
      }
      const listed = await context.cluster.list(type, {
        ...(namespace ? { namespace } : {}),
        ...(selector ? { labelSelector: selector } : {}),
        ...(typeof fieldSelector === 'string' ? { fieldSelector } : {}),
      })
      if (!listed.ok) return listed
      objects.push(...listed.value)
    }
  }
  return ok({ objects, missing })
}

async function describeCheck(
  context: ReadContext,
  command: KubectlCommand,
  { words }: Line,
  named: Found,
): Promise<CheckResult> {
  const found = await orByPrefix(context, command, words, named)
  if (!found.ok) return couldNotLook(found.error)
  const { objects, missing } = found.value
  const events = await eventsAbout(context, objects)
  const printed = objects.length > 0 ? await describedBy(context, command, found.value, events) : undefined
  const all = events.ok ? ok(events.value.flat()) : events
  return judged(context, command, { objects, missing, events: all, printed })
}

async function eventsCheck(context: ReadContext, command: KubectlCommand): Promise<CheckResult> {
  const [word = '', name] = flag(command, 'for')?.split('/') ?? []
  const type = typeOf(word)
  // How the kind of a custom resource is written, and its version, is not known from its name.
  const guessed = type?.custom ? type.kind.toLowerCase() : undefined
  const about = type && !guessed ? `${involved(type)},` : ''
  const listed = await context.cluster.list(RESOURCE.Event, {
    ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
    ...(name ? { fieldSelector: `${about}involvedObject.name=${name}` } : {}),
  })
  if (!listed.ok) return couldNotLook(listed.error)
  const now = context.now().getTime()
  const types = flagList(command, 'types').map((type) => type.toLowerCase())
  const wanted = listed.value.filter(
    (one) =>
      (types.length === 0 || types.includes(String(one.type).toLowerCase())) &&
      (!guessed || String(one.involvedObject?.kind).toLowerCase() === guessed),
  )
  const events = [...wanted].sort((a, b) => timeOf(b) - timeOf(a))
  const options = { allNamespaces: command.allNamespaces, noHeaders: isOn(command, 'no-headers') }
  return conclude({
    findings: judgeEvents(events, now),
    healthy: `${count(events.length, 'event')}, no warning within the last hour`,
    read: count(events.length, 'event'),
    views: events.length > 0 ? [eventTable(events, now)] : [],
    raw: whyNoText(command) === undefined ? [printing(() => eventsText(wanted, now, options))] : [],
  })
}

function eventTable(events: KubeObject[], now: number): View {
  return {
    type: 'table',
    columns: [
      { key: 'last', label: 'Last seen', align: 'right' },
      { key: 'type', label: 'Type' },
      { key: 'reason', label: 'Reason' },
      { key: 'object', label: 'Object' },
      { key: 'message', label: 'Message' },
    ],
    rows: events.slice(0, 200).map((event) => ({
      last: { text: howLong(now - timeOf(event)) },
      type: { text: String(event.type ?? ''), tone: event.type === 'Warning' ? 'warn' : 'neutral' },
      reason: { text: String(event.reason ?? '') },
      object: { text: `${event.involvedObject?.kind}/${event.involvedObject?.name}`, mono: true },
      message: { text: String(event.message ?? '').slice(0, 300) },
    })),
    ...(events.length > 200 ? { more: events.length - 200 } : {}),
  }
}
