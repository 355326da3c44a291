import 'server-only'
import { stringify } from 'yaml'
import { ok, type Result } from '@/lib/core/result'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeEvents, judgeObjects, timeOf } from '@/lib/verdicts/conditions'
import { count, howLong } from '@/lib/verdicts/durations'
import type { CheckResult, Finding, RawText, View } from '@/lib/verdicts/types'
import { commandOf, type Line, line, lineOf, startsOf, typedLine, typesOn } from './line'
import { printedBy } from './printed'

const VERBS = new Set(['get', 'describe', 'events'])
/** Objects that are shown in full; of longer lists the raw text would help nobody. */
const SHOWN = 20

/** `kubectl get`, `describe` and `events` of anything: what the objects themselves say of how they are. */
export const read: Check<Line> = {
  id: 'kubernetes.read',
  title: 'Look at objects',
  effect: 'read',
  params: line,
  starts: startsOf(VERBS),
  recognise: (commands) => lineOf(commands, VERBS),
  kubectl: typedLine,
  async run(context, given) {
    const command = commandOf(given)
    if (!command.ok) return couldNotLook(command.error)
    if (command.value.verb === 'events') return eventsCheck(context, command.value)
    const found = await objectsFor(context, command.value)
    if (!found.ok) return couldNotLook(found.error)
    const { objects, missing } = found.value
    const events = command.value.verb === 'describe' ? await eventsAbout(context, objects) : ok([])
    const printed =
      command.value.verb === 'get' && objects.length > 0
        ? await printedBy(
            context,
            command.value,
            objects.map((object) => shown(object) as KubeObject),
          )
        : undefined
    return judged(context, command.value, { objects, missing, events, printed })
  },
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
    raw: printed
      ? [printed]
      : objects.slice(0, SHOWN).map((object) => ({
          label: `${object.kind} ${object.metadata.name}`,
          text: stringify(shown(object)),
          truncatedBytes: 0,
        })),
  })
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

/** An object as it may be shown: without bookkeeping, a Secret without its values. */
export function shown(object: KubeObject): unknown {
  const { managedFields: _fields, ...metadata } = object.metadata
  const hidden = (data: unknown) =>
    Object.fromEntries(Object.keys((data as object) ?? {}).map((key) => [key, '(not shown)']))
  if (object.kind !== 'Secret') return { ...object, metadata }
  const { annotations, ...plain } = metadata
  return {
    ...object,
    metadata: annotations ? { ...plain, annotations: hidden(annotations) } : plain,
    ...(object.data ? { data: hidden(object.data) } : {}),
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

async function eventsAbout(context: ReadContext, objects: KubeObject[]): Promise<Result<KubeObject[]>> {
  const answers = await Promise.all(
    objects.slice(0, SHOWN).map((object) =>
      context.cluster.list(RESOURCE.Event, {
        ...(object.metadata.namespace ? { namespace: object.metadata.namespace } : {}),
        fieldSelector: `involvedObject.name=${object.metadata.name},involvedObject.uid=${object.metadata.uid ?? ''}`,
      }),
    ),
  )
  const failed = answers.find((answer) => !answer.ok)
  if (failed && !failed.ok) return failed
  return ok(answers.flatMap((answer) => (answer.ok ? answer.value : [])))
}

async function eventsCheck(context: ReadContext, command: KubectlCommand): Promise<CheckResult> {
  const about = command.flags.for
  const [, name] = typeof about === 'string' ? about.split('/') : []
  const listed = await context.cluster.list(RESOURCE.Event, {
    ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
    ...(name ? { fieldSelector: `involvedObject.name=${name}` } : {}),
  })
  if (!listed.ok) return couldNotLook(listed.error)
  const now = context.now().getTime()
  const events = [...listed.value].sort((a, b) => timeOf(b) - timeOf(a))
  return conclude({
    findings: judgeEvents(events, now),
    healthy: `${count(events.length, 'event')}, no warning within the last hour`,
    read: count(events.length, 'event'),
    views: events.length > 0 ? [eventTable(events, now)] : [],
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
