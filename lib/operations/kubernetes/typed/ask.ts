import 'server-only'
import { appError } from '@/lib/core/errors'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { typeOf } from '@/lib/runbooks/kubectl-resources'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject, ResourceType } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeObjects } from '@/lib/verdicts/conditions'
import { count } from '@/lib/verdicts/durations'
import type { CheckResult, Finding, View } from '@/lib/verdicts/types'
import { commandOf, type Line, line, lineOf, typedLine } from './line'
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
    const allowed = await context.cluster.canI(verb, {
      ...(type?.group ? { group: type.group } : {}),
      resource: type?.plural ?? word,
      ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
      ...(name ? { name } : {}),
    })
    if (!allowed.ok) return couldNotLook(allowed.error)
    return conclude({
      findings: allowed.value ? [] : [finding('fail', 'rights.none', `This account may not ${asked}`)],
      healthy: `This account may ${asked}`,
    })
  },
)

/** `kubectl version`, `api-resources`, `api-versions`, `explain`, `cluster-info`: whether the API server answers, and what it serves. */
export const served = asking(
  'kubernetes.served',
  'Ask what the API server serves',
  ['version', 'api-resources', 'api-versions', 'explain', 'cluster-info'],
  async (context) => {
    const types = await context.cluster.types()
    if (!types.ok) return couldNotLook(types.error)
    const groups = new Set(types.value.map((one) => one.group))
    return conclude({
      findings: [],
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

/** `kubectl top`: what pods use, or nodes of what they can give. */
export const top = asking('kubernetes.top', 'Look at resource usage', ['top'], async (context, command) => {
  const [object] = command.resources
  const isNode = object?.kind === 'Node'
  const where = isNode || command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }
  const [metrics, owners] = await Promise.all([
    context.cluster.list(isNode ? NODE_METRICS : RESOURCE.PodMetrics, {
      ...where,
      ...(command.selector ? { labelSelector: command.selector } : {}),
    }),
    isNode ? context.cluster.list(RESOURCE.Node) : undefined,
  ])
  if (!metrics.ok) return couldNotLook({ ...metrics.error, hint: 'Is metrics-server installed and running?' })
  const wanted = metrics.value.filter(
    (one) => object?.name === undefined || one.metadata.name === object.name,
  )
  const capacity = new Map(
    (owners?.ok ? owners.value : []).map((node) => [node.metadata.name, node.status?.allocatable]),
  )
  const rows = wanted
    .map((one) => usageRow(one, capacity.get(one.metadata.name)))
    .sort((a, b) => b.memory - a.memory)
  const findings = rows.flatMap(({ name, share }): Finding[] =>
    share === undefined || share < WARN_SHARE
      ? []
      : [
          finding(
            share >= FAIL_SHARE ? 'fail' : 'warn',
            'usage.high',
            `${name} uses ${Math.round(share * 100)} % of what it can give`,
          ),
        ],
  )
  if (object?.name !== undefined && wanted.length === 0)
    findings.push(finding('unknown', 'usage.none', `Could not look: there are no metrics of ${object.name}`))
  return conclude({
    findings,
    healthy: `${count(rows.length, isNode ? 'node' : 'pod')} measured${rows[0] ? `, most memory: ${rows[0].name} with ${mebibytes(rows[0].memory)}` : ''}`,
    read: count(rows.length, isNode ? 'node' : 'pod'),
    views: [usageTable(rows)],
  })
})

interface UsageRow {
  name: string
  cpu: number
  memory: number
  share?: number
}

function usageRow(metrics: KubeObject, allocatable: { cpu?: string; memory?: string } | undefined): UsageRow {
  const containers: { usage?: { cpu?: string; memory?: string } }[] = metrics.containers ?? [metrics]
  const cpu = containers.reduce((sum, one) => sum + cores(one.usage?.cpu), 0)
  const memory = containers.reduce((sum, one) => sum + bytesOf(one.usage?.memory), 0)
  const shares = [
    cores(allocatable?.cpu) > 0 ? cpu / cores(allocatable?.cpu) : 0,
    bytesOf(allocatable?.memory) > 0 ? memory / bytesOf(allocatable?.memory) : 0,
  ]
  return { name: metrics.metadata.name, cpu, memory, ...(allocatable ? { share: Math.max(...shares) } : {}) }
}

function cores(text = ''): number {
  const scale = text.endsWith('n') ? 1e-9 : text.endsWith('u') ? 1e-6 : text.endsWith('m') ? 1e-3 : 1
  return (Number.parseFloat(text) || 0) * scale
}

function bytesOf(text = ''): number {
  const units: Record<string, number> = {
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    k: 1e3,
    M: 1e6,
    G: 1e9,
  }
  const [, value = '0', unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(text) ?? []
  return Number(value) * (units[unit] ?? 1)
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`

function usageTable(rows: UsageRow[]): View {
  return {
    type: 'table',
    columns: [
      { key: 'name', label: 'Name' },
      { key: 'cpu', label: 'CPU', align: 'right' },
      { key: 'memory', label: 'Memory', align: 'right' },
      { key: 'share', label: 'Of what it can give', align: 'right' },
    ],
    rows: rows.slice(0, 200).map(({ name, cpu, memory, share }) => ({
      name: { text: name, mono: true },
      cpu: { text: `${Math.round(cpu * 1000)}m` },
      memory: { text: mebibytes(memory) },
      share: { text: share === undefined ? '' : `${Math.round(share * 100)} %` },
    })),
    ...(rows.length > 200 ? { more: rows.length - 200 } : {}),
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
