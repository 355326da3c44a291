import 'server-only'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { whyNoText } from '@/lib/runbooks/printers/known-text'
import { nodesTopText, podsTopText } from '@/lib/runbooks/printers/top-text'
import { flag, isOn } from '@/lib/runbooks/requests/place'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject, ResourceType } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { bytes, count } from '@/lib/verdicts/durations'
import { parseQuantity } from '@/lib/verdicts/quantity'
import type { CheckResult, Finding, RawText } from '@/lib/verdicts/types'
import { judgeUsage, usageOf, usageViews } from '@/lib/verdicts/usage'
import { asking, finding } from './asking'
import { notPrinted, printing } from './printed'

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
  const fields = flag(command, 'field-selector')
  const where = {
    ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
    ...(command.selector ? { labelSelector: command.selector } : {}),
    ...(fields ? { fieldSelector: fields } : {}),
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
    raw: rawOf(command, named(metrics.value, name), (measured) =>
      podsTopText(measured, {
        ...orderOf(command),
        allNamespaces: command.allNamespaces,
        containers: isOn(command, 'containers'),
        sum: isOn(command, 'sum'),
      }),
    ),
  })
}

function named(objects: readonly KubeObject[], name: string | undefined): KubeObject[] {
  return objects.filter((one) => name === undefined || one.metadata.name === name)
}

function orderOf(command: KubectlCommand): { noHeaders: boolean; sortBy?: string } {
  const sortBy = flag(command, 'sort-by')
  return { noHeaders: isOn(command, 'no-headers'), ...(sortBy ? { sortBy } : {}) }
}

/** What kubectl prints of what was measured. Of nothing it has only a complaint. */
function rawOf(
  command: KubectlCommand,
  measured: readonly KubeObject[],
  print: (measured: readonly KubeObject[]) => string,
): RawText[] {
  if (measured.length === 0) return []
  const why = whyNoText(command)
  return [why === undefined ? printing(() => print(measured)) : notPrinted(why)]
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
    raw: rawOf(command, named(metrics.value, name), (measured) =>
      nodesTopText(measured, named(nodes.value, name), {
        ...orderOf(command),
        of: isOn(command, 'show-capacity') ? 'capacity' : 'allocatable',
      }),
    ),
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
