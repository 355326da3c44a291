import 'server-only'
import { redactDeep } from '@/lib/core/redact'
import { ok, type Result } from '@/lib/core/result'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { typeOfManifest } from '@/lib/runbooks/kubectl-resources'
import { type Beside, describeObject } from '@/lib/runbooks/printers/describe'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import type { RawText } from '@/lib/verdicts/types'
import { besideOf } from './beside'
import { typesOn } from './line'
import { notPrinted } from './printed'

/** Most objects that are described in one go; kubectl has no limit. */
const OBJECTS = 200
/** Up to so many objects, the events of each are asked for; of more, those of all at once. */
const ASKED_EACH = 20
/** Reads beside objects that are under way at the same time. */
const AT_ONCE = 10
/** Longest text of all together. */
const MAX_OUTPUT = 1 << 20

/** What a describe is about: objects, and whether a name was taken as the beginning of theirs. */
export interface Found {
  objects: KubeObject[]
  missing: string[]
  byPrefix?: true
}

/**
 * `kubectl describe TYPE NAME` takes a name that nothing has as the beginning of one. Any other form, and a beginning
 * of nothing, stays as it was found.
 */
export async function orByPrefix(
  context: ReadContext,
  command: KubectlCommand,
  words: readonly string[],
  found: Found,
): Promise<Result<Found>> {
  const [argument, ...more] = command.resources
  const name = argument?.name
  if (found.missing.length !== 1 || found.objects.length > 0 || more.length > 0) return ok(found)
  if (!argument || name === undefined || words.some((word) => word.endsWith(`/${name}`))) return ok(found)
  const types = await typesOn(context, argument)
  if (!types.ok) return types
  const [type] = types.value
  if (!type) return ok(found)
  const listed = await context.cluster.list(
    type,
    type.namespaced ? { namespace: command.namespace ?? 'default' } : {},
  )
  if (!listed.ok) return listed
  const objects = listed.value.filter(({ metadata }) => metadata.name.startsWith(name))
  return ok(objects.length > 0 ? { objects, missing: [], byPrefix: true } : found)
}

/** Events about each of the objects, in their order. Errors: the first read that failed. */
export async function eventsAbout(
  context: Pick<ReadContext, 'cluster'>,
  objects: readonly KubeObject[],
): Promise<Result<KubeObject[][]>> {
  if (objects.length > ASKED_EACH) return eventsOfAll(context, objects)
  const answers = await Promise.all(objects.map((object) => eventsOf(context, object)))
  const failed = answers.find((answer) => !answer.ok)
  if (failed && !failed.ok) return failed
  return ok(answers.map((answer) => (answer.ok ? answer.value : [])))
}

async function eventsOf(
  context: Pick<ReadContext, 'cluster'>,
  { kind, metadata }: KubeObject,
): Promise<Result<KubeObject[]>> {
  const found: KubeObject[] = []
  for (const uid of uidsOf({ kind, metadata } as KubeObject)) {
    const listed = await context.cluster.list(RESOURCE.Event, {
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      fieldSelector: `involvedObject.name=${metadata.name},involvedObject.uid=${uid}`,
    })
    if (!listed.ok) return listed
    found.push(...listed.value)
  }
  return ok(found)
}

/** Under which UIDs events of an object stand: those of a node also under its name, those of a mirror pod under another. */
function uidsOf({ kind, metadata }: KubeObject): string[] {
  const own = metadata.uid ?? ''
  if (kind === 'Node') return [own, metadata.name]
  const mirrored = kind === 'Pod' ? metadata.annotations?.['kubernetes.io/config.mirror'] : undefined
  return [mirrored ?? own]
}

async function eventsOfAll(
  context: Pick<ReadContext, 'cluster'>,
  objects: readonly KubeObject[],
): Promise<Result<KubeObject[][]>> {
  const [namespace, ...more] = new Set(objects.map(({ metadata }) => metadata.namespace ?? ''))
  const listed = await context.cluster.list(
    RESOURCE.Event,
    namespace && more.length === 0 ? { namespace } : {},
  )
  if (!listed.ok) return listed
  const byUid = new Map<string, KubeObject[]>()
  for (const event of listed.value) {
    const uid = String(event.involvedObject?.uid ?? '')
    const known = byUid.get(uid)
    if (known) known.push(event)
    else byUid.set(uid, [event])
  }
  return ok(
    objects.map((object) =>
      uidsOf(object).flatMap((uid) =>
        (byUid.get(uid) ?? []).filter(({ involvedObject }) => involvedObject?.name === object.metadata.name),
      ),
    ),
  )
}

/**
 * What `kubectl describe` prints for these objects. Where one of them, or what is read beside it, cannot be had as
 * kubectl has it, there is no text, and its label says why.
 */
export async function describedBy(
  context: ReadContext,
  command: KubectlCommand,
  { objects, byPrefix }: Found,
  events: Result<readonly KubeObject[][]>,
): Promise<RawText> {
  if (objects.length > OBJECTS)
    return notPrinted(`these are ${objects.length} objects, and at most ${OBJECTS} are described.`)
  const withEvents = command.flags['show-events'] !== 'false'
  if (withEvents && !events.ok) return notPrinted(`its events: ${events.error.message}`)
  const now = context.now().getTime()
  const several = objects.length > 1
  const texts: string[] = []
  let length = 0
  for (let first = 0; first < objects.length; first += AT_ONCE) {
    const some = objects.slice(first, first + AT_ONCE)
    const besides = await Promise.all(some.map((object) => besideOf(context, object, several)))
    for (const [index, object] of some.entries()) {
      const read = besides[index]
      if (!read?.ok) return notPrinted(read?.error.message ?? 'it was not read.')
      const own = withEvents && events.ok ? { events: events.value[first + index] ?? [] } : {}
      const beside: Beside = { ...read.value, ...own, now }
      // Sizes of a Secret's values are told from them; of every other object passwords are hidden before it is a text.
      const told = object.kind === 'Secret' ? object : redactDeep(object)
      const text = describeObject(told, groupOf(object), beside)
      if (!text.ok) return notPrinted(text.error.message)
      texts.push(text.value)
      length += text.value.length
      if (length > MAX_OUTPUT) return notPrinted('the text is longer than 1 MiB.')
    }
  }
  const text = byPrefix ? texts.map((one) => `${one}\n`).join('') : texts.join('\n\n')
  return { label: 'As kubectl prints it', text, truncatedBytes: 0 }
}

function groupOf({ apiVersion = 'v1', kind = '' }: KubeObject): string {
  return typeOfManifest(apiVersion, kind).group
}
