import 'server-only'
import type { V1Container, V1ContainerStatus, V1ObjectMeta, V1Pod } from '@kubernetes/client-node'
import { writeContainers, writeResources, writeSeccomp } from './containers'
import { writeEvents } from './events'
import { qosOf } from './pod-resources'
import { tolerationsOf, writeSpread } from './pod-template'
import { dateOf, since } from './times'
import type { Describer } from './types'
import { writeVolumes } from './volumes'
import { needed, type Writer } from './writer'

/** `ReplicaSet/web-1` for what a controller made. */
export function controllerOf(metadata: V1ObjectMeta | undefined): string | undefined {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller)
  return owner && `${owner.kind}/${owner.name}`
}

/** A pod. */
export const describePod: Describer = (w, object, beside) => {
  const pod = object as unknown as V1Pod
  const { spec, status } = pod
  writeHead(w, pod, beside.now)
  const say = (
    title: string,
    containers: readonly V1Container[],
    statuses: readonly V1ContainerStatus[] | undefined,
  ) => writeContainers(w, { title, containers, statuses: statuses ?? [], pod, margin: '' })
  if (spec?.initContainers?.length) say('Init Containers', spec.initContainers, status?.initContainerStatuses)
  say('Containers', spec?.containers ?? [], status?.containerStatuses)
  if (spec?.ephemeralContainers?.length)
    say('Ephemeral Containers', spec.ephemeralContainers, status?.ephemeralContainerStatuses)
  writeConditions(w, pod)
  writeVolumes(w, spec?.volumes, '')
  w.row(0, 'QoS Class:', status?.qosClass || qosOf(pod))
  w.labels('Node-Selectors', spec?.nodeSelector)
  w.list('Tolerations', tolerationsOf(spec?.tolerations))
  writeSpread(w, spec?.topologySpreadConstraints, '')
  writeEvents(w, beside.events, beside.now)
}

function writeHead(w: Writer, { metadata, spec, status }: V1Pod, now: number): void {
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  if (typeof spec?.priority === 'number') w.row(0, 'Priority:', spec.priority)
  if (spec?.priorityClassName) w.row(0, 'Priority Class Name:', spec.priorityClassName)
  if (spec?.runtimeClassName) w.row(0, 'Runtime Class Name:', spec.runtimeClassName)
  if (spec?.serviceAccountName) w.row(0, 'Service Account:', spec.serviceAccountName)
  w.row(0, 'Node:', spec?.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>')
  if (status?.startTime) w.row(0, 'Start Time:', dateOf(status.startTime))
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  const ended = status?.phase === 'Failed' || status?.phase === 'Succeeded'
  if (metadata?.deletionTimestamp && !ended) {
    const grace = needed(metadata.deletionGracePeriodSeconds, 'the time it is given to end')
    w.row(0, 'Status:', `Terminating (lasts ${since(metadata.deletionTimestamp, now)})`)
    w.row(0, 'Termination Grace Period:', `${grace}s`)
  } else w.row(0, 'Status:', status?.phase ?? '')
  if (status?.reason) w.row(0, 'Reason:', status.reason)
  if (status?.message) w.row(0, 'Message:', status.message)
  writeSeccomp(w, 0, 0, spec?.securityContext)
  w.row(0, 'IP:', status?.podIP ?? '')
  const addresses = status?.podIPs ?? []
  w.write(0, addresses.length === 0 ? 'IPs:\t<none>\n' : 'IPs:\n')
  for (const { ip } of addresses) w.row(1, 'IP:', ip ?? '')
  const controller = controllerOf(metadata)
  if (controller) w.row(0, 'Controlled By:', controller)
  if (status?.nominatedNodeName) w.row(0, 'NominatedNodeName:', status.nominatedNodeName)
  if (!spec?.resources) return
  w.row(0, 'Resources:')
  writeResources(w, 1, spec.resources)
}

function writeConditions(w: Writer, { spec, status }: V1Pod): void {
  const conditions = status?.conditions ?? []
  if (spec?.readinessGates?.length) {
    w.row(0, 'Readiness Gates:')
    w.row(1, 'Type', 'Status')
    for (const { conditionType } of spec.readinessGates) {
      const known = conditions.find(({ type }) => type === conditionType)
      w.row(1, `${conditionType} `, `${known?.status ?? '<none>'} `)
    }
  }
  if (conditions.length === 0) return
  w.row(0, 'Conditions:')
  w.row(1, 'Type', 'Status')
  for (const { type, status: state } of conditions) w.row(1, `${type} `, `${state} `)
}
