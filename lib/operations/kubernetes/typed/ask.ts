import 'server-only'
import { appError } from '@/lib/core/errors'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { typeOf } from '@/lib/runbooks/kubectl-resources'
import { flag } from '@/lib/runbooks/requests/place'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject, ResourceType } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeObjects } from '@/lib/verdicts/conditions'
import { bytes, count } from '@/lib/verdicts/durations'
import { parseQuantity } from '@/lib/verdicts/quantity'
import type { CheckResult, Finding } from '@/lib/verdicts/types'
import { judgeUsage, usageOf, usageViews } from '@/lib/verdicts/usage'
import { commandOf, type Line, line, lineOf, startsOf, typedLine } from './line'
import { objectsFor } from './read'

/** A check that stands for what one verb asks. */
function asking(
  id: string,
  title: string,
  verbs: string[],
  run: (context: ReadContext, command: KubectlCommand) => Promise<CheckResult>,
): Check<Line> {
  const known = new Set(verbs)
  return {
    id,
    title,
    effect: 'read',
    params: line,
    starts: startsOf(verbs),
    recognise: (commands) => lineOf(commands, known),
    kubectl: typedLine,
    async run(context, given) {
      const command = commandOf(given)
      return command.ok ? run(context, command.value) : couldNotLook(command.error)
    },
  }
}

const finding = (severity: Finding['severity'], code: string, title: string): Finding => ({
  severity,
  code,
  title,
  evidence: [],
  remedies: [],
})

/** `kubectl auth can-i`: whether this account has a right. */
export const rights = asking(
  'kubernetes.rights',
  'Ask for a right',
  ['auth can-i'],
  async (context, command) => {
    const [verb = '', resource = ''] = command.resources.map((one) => one.name ?? '')
    const [word = '', name] = resource.split('/')
    const type = typeOf(word)
    const asked = `${verb} ${resource}${command.namespace ? ` in ${command.namespace}` : ''}`
    const as = flag(command, 'as')
    const allowed = await context.cluster.canI(
      verb,
      {
        ...(type?.group ? { group: type.group } : {}),
        resource: type?.plural ?? word,
        ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
        ...(name ? { name } : {}),
      },
      as,
    )
    if (!allowed.ok) return couldNotLook(allowed.error)
    const who = as ?? 'This account'
    return conclude({
      findings: allowed.value ? [] : [finding('fail', 'rights.none', `${who} may not ${asked}`)],
      healthy: `${who} may ${asked}`,
    })
  },
)

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
    })
  },
)

const NODE_METRICS: ResourceType = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  plural: 'nodes',
  kind: 'NodeMetrics',
  namespaced: false,
}
const WARN_SHARE = 0.85
const FAIL_SHARE = 0.95

/** `kubectl top`: what pods use of their limits, or nodes of what they can give. */
export const top = asking('kubernetes.top', 'Look at resource usage', ['top'], (context, command) =>
  command.resources[0]?.kind === 'Node' ? topNodes(context, command) : topPods(context, command),
)

const NO_METRICS = 'Is metrics-server installed and running?'

async function topPods(context: ReadContext, command: KubectlCommand): Promise<CheckResult> {
  const name = command.resources[0]?.name
  const where = {
    ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
    ...(command.selector ? { labelSelector: command.selector } : {}),
  }
  const [metrics, pods] = await Promise.all([
    context.cluster.list(RESOURCE.PodMetrics, where),
    context.cluster.list(RESOURCE.Pod, where),
  ])
  if (!metrics.ok) return couldNotLook({ ...metrics.error, hint: NO_METRICS })
  if (!pods.ok) return couldNotLook(pods.error)
  const rows = usageOf(pods.value, metrics.value).filter((row) => name === undefined || row.pod === name)
  return conclude({
    findings: judgeUsage(rows),
    healthy: `${count(rows.length, 'pod')}, none near its limits`,
    read: count(rows.length, 'pod'),
    views: usageViews(rows),
  })
}

async function topNodes(context: ReadContext, command: KubectlCommand): Promise<CheckResult> {
  const name = command.resources[0]?.name
  const where = command.selector ? { labelSelector: command.selector } : {}
  const [metrics, nodes] = await Promise.all([
    context.cluster.list(NODE_METRICS, where),
    context.cluster.list(RESOURCE.Node, where),
  ])
  if (!metrics.ok) return couldNotLook({ ...metrics.error, hint: NO_METRICS })
  if (!nodes.ok) return couldNotLook(nodes.error)
  const byName = new Map(nodes.value.map((node) => [node.metadata.name, node]))
  const rows = metrics.value
    .filter((one) => name === undefined || one.metadata.name === name)
    .map((one) => nodeUsage(one, byName.get(one.metadata.name)))
    .sort((a, b) => (b.share ?? 0) - (a.share ?? 0))
  const findings = rows.flatMap((row): Finding[] => {
    if (row.share === undefined)
      return [finding('unknown', 'usage.capacity', `Could not look: what ${row.name} can give is not known`)]
    if (row.share < WARN_SHARE) return []
    const severity = row.share >= FAIL_SHARE ? 'fail' : 'warn'
    return [finding(severity, 'usage.high', `${row.name} uses ${percent(row.share)} of what it can give`)]
  })
  if (rows.length === 0)
    findings.push(
      finding('unknown', 'usage.none', `Could not look: there are no metrics of ${name ?? 'nodes'}`),
    )
  return conclude({
    findings,
    healthy: `${count(rows.length, 'node')}, at most ${percent(rows[0]?.share ?? 0)} in use`,
    read: count(rows.length, 'node'),
    views: [
      {
        type: 'table',
        columns: [
          { key: 'name', label: 'Node' },
          { key: 'cpu', label: 'CPU', align: 'right' },
          { key: 'memory', label: 'Memory', align: 'right' },
          { key: 'share', label: 'Of what it can give', align: 'right' },
        ],
        rows: rows.slice(0, 200).map((row) => ({
          name: { text: row.name, mono: true },
          cpu: { text: `${Math.round(row.cpu * 1000)}m` },
          memory: { text: bytes(row.memory) },
          share: { text: row.share === undefined ? '' : percent(row.share) },
        })),
        ...(rows.length > 200 ? { more: rows.length - 200 } : {}),
      },
    ],
  })
}

const percent = (share: number) => `${Math.round(share * 100)} %`

/** What a node uses, in cores and bytes; `share` is the fuller of the two, absent when its size is not known. */
function nodeUsage(
  metrics: KubeObject,
  node: KubeObject | undefined,
): { name: string; cpu: number; memory: number; share?: number } {
  const cpu = parseQuantity(metrics.usage?.cpu) ?? 0
  const memory = parseQuantity(metrics.usage?.memory) ?? 0
  const { cpu: cores, memory: size } = node?.status?.allocatable ?? {}
  const [most, room] = [parseQuantity(cores), parseQuantity(size)]
  return {
    name: metrics.metadata.name,
    cpu,
    memory,
    ...(most && room ? { share: Math.max(cpu / most, memory / room) } : {}),
  }
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
    })
  },
)

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
