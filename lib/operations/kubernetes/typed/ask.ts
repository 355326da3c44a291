import 'server-only'
import { appError } from '@/lib/core/errors'
import { ok, type Result } from '@/lib/core/result'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { typeOf, UNKNOWN_GROUP } from '@/lib/runbooks/kubectl-resources'
import { apiResourcesText } from '@/lib/runbooks/printers/api-text'
import { whyNoText } from '@/lib/runbooks/printers/known-text'
import { rolloutHistory, rolloutStatus } from '@/lib/runbooks/printers/rollout-text'
import { flag, flagList, isOn } from '@/lib/runbooks/requests/place'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { DiscoveredType, KubeObject, ResourceType } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeObjects } from '@/lib/verdicts/conditions'
import { count } from '@/lib/verdicts/durations'
import type { CheckResult, RawText } from '@/lib/verdicts/types'
import { asking, finding } from './asking'
import { asPrinted, notPrinted, printing } from './printed'
import { objectsFor } from './read'

/** `kubectl auth can-i`: whether this account has a right. */
export const rights = asking(
  'kubernetes.rights',
  'Ask for a right',
  ['auth can-i'],
  async (context, command) => {
    if (isOn(command, 'list')) return listOfRights(context, command)
    const [verb = '', resource = ''] = command.resources.map((one) => one.name ?? '')
    const [word = '', name] = resource.split('/')
    const type = await typeMeant(context, word)
    const asked = `${verb} ${resource}${command.namespace ? ` in ${command.namespace}` : ''}`
    const as = flag(command, 'as')
    const subresource = flag(command, 'subresource')
    const answer = await context.cluster.canI(
      verb,
      resource.startsWith('/')
        ? { path: resource }
        : {
            ...(type?.group ? { group: type.group } : {}),
            resource: type?.plural ?? word,
            ...(subresource ? { subresource } : {}),
            ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
            ...(name ? { name } : {}),
          },
      as,
    )
    if (!answer.ok) return couldNotLook(answer.error)
    const { allowed, reasons } = answer.value
    const who = as ?? 'This account'
    return conclude({
      findings: allowed ? [] : [finding('fail', 'rights.none', `${who} may not ${asked}`)],
      healthy: `${who} may ${asked}`,
      raw: isOn(command, 'quiet')
        ? []
        : [asPrinted(allowed ? 'yes\n' : `${['no', ...reasons].join(' - ')}\n`)],
    })
  },
)

/** Rows of the list that are shown; an account of an administrator's has a handful, one of an operator hundreds. */
const RULES_SHOWN = 200

async function listOfRights(context: ReadContext, command: KubectlCommand): Promise<CheckResult> {
  if (flag(command, 'as') !== undefined)
    return couldNotLook(appError('invalid_input', 'the rights of another account are asked for one by one'))
  const namespace = command.namespace ?? 'default'
  const answer = await context.cluster.rules(namespace)
  if (!answer.ok) return couldNotLook(answer.error)
  const { rules, incomplete } = answer.value
  const none = finding('fail', 'rights.none', `This account may do nothing in ${namespace}`)
  const partial = finding(
    'unknown',
    'rights.incomplete',
    'Could not look: the API server cannot list all rights',
  )
  return conclude({
    findings: incomplete ? [partial] : rules.length === 0 ? [none] : [],
    healthy: `${count(rules.length, 'rule')} in ${namespace}`,
    read: count(rules.length, 'rule'),
    views: [
      {
        type: 'table',
        columns: [
          { key: 'resources', label: 'Resources' },
          { key: 'names', label: 'Names' },
          { key: 'verbs', label: 'Verbs' },
        ],
        rows: rules.slice(0, RULES_SHOWN).map((rule) => ({
          resources: {
            text: rule.resources.map((one) => [one, ...rule.apiGroups.filter(Boolean)].join('.')).join(', '),
            mono: true,
          },
          names: { text: rule.names.join(', ') },
          verbs: { text: rule.verbs.join(', ') },
        })),
        ...(rules.length > RULES_SHOWN ? { more: rules.length - RULES_SHOWN } : {}),
      },
    ],
  })
}

/** The type that a word means; one of an unknown group is asked of the cluster, as kubectl does. */
async function typeMeant(
  context: ReadContext,
  word: string,
): Promise<Pick<ResourceType, 'group' | 'plural'> | undefined> {
  const type = typeOf(word)
  if (type?.group !== UNKNOWN_GROUP) return type
  const served = await context.cluster.types()
  return served.ok ? served.value.find((one) => one.names.includes(word.toLowerCase())) : undefined
}

/** `kubectl version`, `api-resources`, `api-versions`, `explain`, `cluster-info`: whether the API server answers, and what it serves. */
export const served = asking(
  'kubernetes.served',
  'Ask what the API server serves',
  ['version', 'api-resources', 'api-versions', 'explain', 'cluster-info'],
  async (context, command) => {
    const types = await context.cluster.types()
    if (!types.ok) return couldNotLook(types.error)
    const asked = command.verb === 'explain' ? (command.resources[0]?.name ?? '').split('.')[0] : undefined
    const known = types.value.some((one) => asked === undefined || one.names.includes(asked.toLowerCase()))
    const groups = new Set(types.value.map((one) => one.group))
    return conclude({
      findings: known ? [] : [finding('fail', 'absent', `This cluster serves no resource "${asked}"`)],
      healthy: `The API server answers: ${count(types.value.length, 'resource type')} in ${count(groups.size, 'group')}`,
      views: [
        {
          type: 'table',
          columns: [
            { key: 'name', label: 'Name' },
            { key: 'group', label: 'Group and version' },
            { key: 'kind', label: 'Kind' },
            { key: 'scope', label: 'Scope' },
          ],
          rows: types.value.slice(0, 200).map((one) => ({
            name: { text: one.plural, mono: true },
            group: { text: one.group ? `${one.group}/${one.version}` : one.version },
            kind: { text: one.kind },
            scope: { text: one.namespaced ? 'namespace' : 'cluster' },
          })),
          ...(types.value.length > 200 ? { more: types.value.length - 200 } : {}),
        },
      ],
      raw: await servedRaw(context, command, types.value),
    })
  },
)

async function servedRaw(
  context: ReadContext,
  command: KubectlCommand,
  types: readonly DiscoveredType[],
): Promise<RawText[]> {
  if (whyNoText(command) !== undefined) return []
  if (command.verb === 'api-versions') {
    const versions = await context.cluster.groupVersions()
    if (!versions.ok) return [notPrinted(versions.error.message)]
    return [
      asPrinted(
        [...versions.value]
          .sort()
          .map((one) => `${one}\n`)
          .join(''),
      ),
    ]
  }
  const { namespaced, 'api-group': group } = command.flags
  const sortBy = flag(command, 'sort-by')
  return [
    printing(() =>
      apiResourcesText(types, {
        ...(command.output ? { output: command.output } : {}),
        ...(typeof group === 'string' ? { group } : {}),
        ...(namespaced === undefined ? {} : { namespaced: isOn(command, 'namespaced') }),
        verbs: flagList(command, 'verbs'),
        categories: flagList(command, 'categories'),
        ...(sortBy ? { sortBy } : {}),
        noHeaders: isOn(command, 'no-headers'),
      }),
    ),
  ]
}

/** `kubectl rollout status|history` and `kubectl wait`: how far the objects are, now; nobody is kept waiting. */
export const progress = asking(
  'kubernetes.progress',
  'Look how far a change is',
  ['rollout status', 'rollout history', 'wait'],
  async (context, command) => {
    if (command.verb === 'wait' && !/^(delete|condition=.+)$/.test(String(command.flags.for ?? '')))
      return couldNotLook(
        appError(
          'invalid_input',
          `whether --for=${command.flags.for} holds is not something that is looked at here`,
        ),
      )
    const found = await objectsFor(context, command)
    if (!found.ok) return couldNotLook(found.error)
    const { objects, missing } = found.value
    const wanted = command.verb === 'wait' ? String(command.flags.for ?? '') : ''
    const absent =
      wanted === 'delete' ? [] : missing.map((name) => finding('fail', 'absent', `${name} does not exist`))
    const { findings, view } = judgeObjects(objects, context.now().getTime())
    const waiting = objects.filter((object) => !fulfils(object, wanted))
    return conclude({
      findings: [
        ...absent,
        ...findings,
        ...waiting.map((object) =>
          finding(
            'warn',
            'waiting',
            `${object.kind} ${object.metadata.name} is not yet ${wanted.replace(/^\w+=/, '') || 'there'}`,
          ),
        ),
      ],
      healthy:
        objects.length > 0 ? `${count(objects.length, 'object')} as wanted` : 'Nothing is left to wait for',
      views: objects.length > 0 ? [view] : [],
      raw: await progressRaw(context, command, objects),
    })
  },
)

/** What `kubectl rollout status` and `history` print of these objects. */
async function progressRaw(
  context: ReadContext,
  command: KubectlCommand,
  objects: readonly KubeObject[],
): Promise<RawText[]> {
  if (whyNoText(command) !== undefined) return []
  if (command.subverb === 'status') {
    const all = objects.map(rolloutStatus)
    const refused = all.find((one) => 'failed' in one)
    if (refused && 'failed' in refused) return [notPrinted(refused.failed)]
    const lines = all.flatMap((one) => ('line' in one ? [one] : []))
    // Where it is not done, kubectl waits and says more.
    const waits = command.flags.watch !== 'false' && lines.some(({ done }) => !done)
    return [asPrinted(lines.map(({ line }) => line).join(''), waits)]
  }
  const texts: RawText[] = []
  for (const object of objects) {
    const kept = await revisionsOf(context, object)
    texts.push(kept.ok ? printing(() => rolloutHistory(object, kept.value)) : notPrinted(kept.error.message))
  }
  return texts
}

const CONTROLLER_REVISION: ResourceType = {
  group: 'apps',
  version: 'v1',
  plural: 'controllerrevisions',
  kind: 'ControllerRevision',
  namespaced: true,
}

/** The ReplicaSets of a Deployment or the ControllerRevisions of another workload, the present one included. */
async function revisionsOf(context: ReadContext, object: KubeObject): Promise<Result<KubeObject[]>> {
  const { namespace, uid } = object.metadata
  const labels = Object.entries<string>(object.spec?.selector?.matchLabels ?? {})
  const listed = await context.cluster.list(
    object.kind === 'Deployment' ? RESOURCE.ReplicaSet : CONTROLLER_REVISION,
    {
      ...(namespace ? { namespace } : {}),
      ...(labels.length > 0 ? { labelSelector: labels.map((pair) => pair.join('=')).join() } : {}),
    },
  )
  if (!listed.ok) return listed
  const controls = (one: KubeObject) =>
    one.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid)
  return ok(listed.value.filter(controls))
}

function fulfils(object: KubeObject, wanted: string): boolean {
  if (wanted === '') return true
  if (wanted === 'delete') return false
  const condition = /^condition=([^=]+)(?:=(.*))?$/.exec(wanted)
  if (!condition) return true
  const [, type = '', value = 'True'] = condition
  return (object.status?.conditions ?? []).some(
    (one: { type?: string; status?: string }) =>
      one.type?.toLowerCase() === type.toLowerCase() && one.status?.toLowerCase() === value.toLowerCase(),
  )
}
