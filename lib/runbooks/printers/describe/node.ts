import 'server-only'
import type { V1Lease, V1Node, V1Pod } from '@kubernetes/client-node'
import type { KubeObject } from '../../../targets/types'
import { goSort } from '../go-sort'
import { CouldNotPrint } from '../limits'
import { writeEvents } from './events'
import { add, resourcesOfPod } from './pod-resources'
import { Quantity, type Resources, resourcesOf } from './quantity'
import { dateOf, since } from './times'
import type { Beside, Describer } from './types'
import { inOrder, needed, type Writer } from './writer'

/** A node: what it is, how it is, and what the pods on it ask for. */
export const describeNode: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1Node
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Roles:', rolesOf(metadata?.labels ?? {}).join(',') || '<none>')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'CreationTimestamp:', dateOf(metadata?.creationTimestamp))
  w.list('Taints', taintsOf(spec?.taints ?? []))
  w.row(0, 'Unschedulable:', spec?.unschedulable === true)
  writeLease(w, needed(beside.lease, 'its lease'))
  if (status?.conditions?.length) {
    w.row(0, 'Conditions:')
    w.row(1, 'Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message')
    w.row(1, '----', '------', '-----------------', '------------------', '------', '-------')
    for (const one of status.conditions)
      w.row(
        1,
        ...[one.type, one.status, dateOf(one.lastHeartbeatTime), dateOf(one.lastTransitionTime)].map(
          (cell) => `${cell} `,
        ),
        `${one.reason ?? ''} `,
        one.message ?? '',
      )
  }
  w.row(0, 'Addresses:')
  for (const { type, address } of status?.addresses ?? []) w.row(1, `${type}:`, address)
  writeList(w, 'Capacity', resourcesOf(status?.capacity))
  writeList(w, 'Allocatable', resourcesOf(status?.allocatable))
  writeSystem(w, (status?.nodeInfo ?? {}) as Partial<Record<string, string>>)
  if (spec?.podCIDR) w.row(0, 'PodCIDR:', spec.podCIDR)
  if (spec?.podCIDRs?.length) w.row(0, 'PodCIDRs:', spec.podCIDRs.join(','))
  if (spec?.providerID) w.row(0, 'ProviderID:', spec.providerID)
  const capacity = resourcesOf(
    Object.keys(status?.allocatable ?? {}).length > 0 ? status?.allocatable : status?.capacity,
  )
  writePods(w, needed(beside.pods, 'its pods'), capacity, beside)
  writeEvents(w, beside.events, beside.now)
}

function rolesOf(labels: Record<string, string>): string[] {
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    const role = key.startsWith('node-role.kubernetes.io/')
      ? key.slice('node-role.kubernetes.io/'.length)
      : key === 'kubernetes.io/role'
        ? value
        : ''
    return role === '' ? [] : [role]
  })
  return [...new Set(roles)].sort()
}

function taintsOf(taints: readonly { key: string; value?: string; effect?: string }[]): string[] {
  const inOrder = goSort([...taints], (a, b) => `${a.effect ?? ''},${a.key}` < `${b.effect ?? ''},${b.key}`)
  return inOrder.map(({ key, value = '', effect = '' }) =>
    effect === '' ? `${key}${value ? `=${value}:` : ''}` : `${key}${value ? `=${value}` : ''}:${effect}`,
  )
}

function writeLease(w: Writer, lease: NonNullable<Beside['lease']>) {
  if ('absent' in lease) return w.row(0, 'Lease:', `Failed to get lease: ${lease.absent}`)
  const { spec } = lease.object as unknown as V1Lease
  w.row(0, 'Lease:')
  w.row(1, 'HolderIdentity:', spec?.holderIdentity ?? '<unset>')
  w.row(1, 'AcquireTime:', spec?.acquireTime ? dateOf(spec.acquireTime as unknown as string) : '<unset>')
  w.row(1, 'RenewTime:', spec?.renewTime ? dateOf(spec.renewTime as unknown as string) : '<unset>')
}

function writeList(w: Writer, title: string, list: Resources): void {
  const entries = inOrder(list)
  if (entries.length > 0) w.row(0, `${title}:`)
  for (const [name, quantity] of entries) w.row(1, `${name}:`, String(quantity))
}

const SYSTEM: [label: string, field: string][] = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
  ['Kube-Proxy Version', 'kubeProxyVersion'],
]

function writeSystem(w: Writer, info: Partial<Record<string, string>>): void {
  w.row(0, 'System Info:')
  for (const [label, field] of SYSTEM) w.row(1, `${label}:`, info[field] ?? '')
}

function writePods(w: Writer, pods: readonly KubeObject[], capacity: Resources, { now }: Beside): void {
  w.row(0, 'Non-terminated Pods:', `(${pods.length} in total)`)
  // An empty column stands before the figures.
  w.row(1, 'Namespace', 'Name', '', 'CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age')
  w.row(1, '---------', '----', '', '------------', '----------', '---------------', '-------------', '---')
  const [requests, limits]: [Resources, Resources] = [{}, {}]
  for (const pod of pods) {
    const own = resourcesOfPod(pod as unknown as V1Pod)
    const cell = (list: Resources, name: string) => {
      const quantity = list[name] ?? Quantity.zero
      return `${quantity} (${percent(quantity, capacity[name], name)}%)`
    }
    w.row(
      1,
      pod.metadata.namespace ?? '',
      pod.metadata.name,
      '',
      cell(own.requests, 'cpu'),
      cell(own.limits, 'cpu'),
      cell(own.requests, 'memory'),
      cell(own.limits, 'memory'),
      since(pod.metadata.creationTimestamp, now),
    )
    add(requests, own.requests)
    add(limits, own.limits)
  }
  writeTotals(w, requests, limits, capacity)
}

function writeTotals(w: Writer, requests: Resources, limits: Resources, capacity: Resources): void {
  w.row(0, 'Allocated resources:')
  w.row(1, '(Total limits may be over 100 percent, i.e., overcommitted.)')
  w.row(1, 'Resource', 'Requests', 'Limits')
  w.row(1, '--------', '--------', '------')
  const others = Object.keys(capacity).sort()
  const pages = others.filter((name) => name.startsWith('hugepages-'))
  const share = (list: Resources, name: string) => {
    const quantity = list[name] ?? Quantity.zero
    const whole = capacity[name]
    return `${quantity} (${!whole || whole.isZero() ? 0 : percent(quantity, whole, name)}%)`
  }
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...pages])
    w.row(1, name, share(requests, name), share(limits, name))
  for (const name of others)
    if (!pages.includes(name) && !['cpu', 'memory', 'ephemeral-storage', 'pods'].includes(name))
      w.row(1, name, String(requests[name] ?? 0), String(limits[name] ?? 0))
}

/** A share in whole percent, rounded down. Without a whole Go makes a number of it that depends on the processor. */
function percent(part: Quantity, whole: Quantity | undefined, name: string): number {
  const power = name === 'cpu' ? -3 : 0
  const all = (whole ?? Quantity.zero).in(power)
  if (all === 0) throw new CouldNotPrint(`The node does not say how much ${name} it has.`)
  return Math.trunc((part.in(power) / all) * 100)
}
