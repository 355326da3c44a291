import 'server-only'
import type {
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1EnvFromSource,
  V1EnvVar,
  V1Pod,
  V1ResourceRequirements,
} from '@kubernetes/client-node'
import { goSort } from '../go-sort'
import { probeText } from './probes'
import { Quantity } from './quantity'
import { dateOf } from './times'
import { inOrder, type Writer } from './writer'

/** What the containers of a pod, or of a template, are said with. */
export interface ContainersOf {
  title: string
  containers: readonly V1Container[]
  statuses?: readonly V1ContainerStatus[]
  /** The pod whose fields environment variables are set from; a template has none. */
  pod?: V1Pod
  /** Blanks before the title: two in a template. */
  margin: '' | '  '
}

/** The containers with their images, state, resources, probes, environment and mounts. */
export function writeContainers(w: Writer, { title, containers, statuses = [], pod, margin }: ContainersOf) {
  w.write(0, `${margin}${title}:${containers.length === 0 ? ' <none>' : ''}\n`)
  for (const container of containers) {
    const status = statuses.findLast(({ name }) => name === container.name)
    w.row(1, `${margin ? ' ' : ''}${container.name}:`)
    if (status) w.row(2, 'Container ID:', status.containerID ?? '')
    w.row(2, 'Image:', container.image ?? '')
    if (status) w.row(2, 'Image ID:', status.imageID ?? '')
    writePorts(w, container)
    writeSeccomp(w, 2, 3, container.securityContext)
    writeWords(w, 'Command', container.command)
    writeWords(w, 'Args', container.args)
    if (status) writeStatus(w, status)
    writeResources(w, 2, container.resources)
    for (const [name, probe] of [
      ['Liveness', container.livenessProbe],
      ['Readiness', container.readinessProbe],
      ['Startup', container.startupProbe],
    ] as const)
      if (probe) w.row(2, `${name}:`, probeText(probe))
    writeSources(w, container.envFrom ?? [])
    w.write(2, `Environment:${container.env?.length ? '' : '\t<none>'}\n`)
    for (const variable of container.env ?? []) writeVariable(w, variable, container, pod)
    writeMounts(w, container)
  }
}

function writePorts(w: Writer, { ports }: V1Container): void {
  const list = (name: string, number: 'containerPort' | 'hostPort') => {
    const text = (ports ?? []).map((port) => `${port[number] ?? 0}/${port.protocol ?? ''}`).join(', ')
    w.row(2, `${name}${text.includes(',') ? 's' : ''}:`, text || '<none>')
  }
  list('Port', 'containerPort')
  list('Host Port', 'hostPort')
}

/** The seccomp profile of a pod or container, where one is set. */
export function writeSeccomp(
  w: Writer,
  level: number,
  inner: number,
  context: { seccompProfile?: { type: string; localhostProfile?: string } } | undefined,
): void {
  const profile = context?.seccompProfile
  if (!profile) return
  w.row(level, 'SeccompProfile:', profile.type)
  if (profile.type === 'Localhost') w.row(inner, 'LocalhostProfile:', profile.localhostProfile ?? '')
}

function writeWords(w: Writer, title: string, words: readonly string[] | undefined): void {
  if (!words?.length) return
  w.row(2, `${title}:`)
  for (const word of words) for (const line of word.split('\n')) w.row(3, line)
}

function writeStatus(w: Writer, status: V1ContainerStatus): void {
  writeState(w, 'State', status.state)
  if (status.lastState?.terminated) writeState(w, 'Last State', status.lastState)
  w.row(2, 'Ready:', status.ready ? 'True' : 'False')
  w.row(2, 'Restart Count:', status.restartCount ?? 0)
}

function writeState(w: Writer, title: string, state: V1ContainerState | undefined): void {
  if (state?.running) {
    w.row(2, `${title}:`, 'Running')
    w.row(3, 'Started:', dateOf(state.running.startedAt))
  } else if (state?.waiting || !state?.terminated) {
    w.row(2, `${title}:`, 'Waiting')
    if (state?.waiting?.reason) w.row(3, 'Reason:', state.waiting.reason)
  } else {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated
    w.row(2, `${title}:`, 'Terminated')
    if (reason) w.row(3, 'Reason:', reason)
    if (message) w.row(3, 'Message:', message)
    w.row(3, 'Exit Code:', exitCode ?? 0)
    if (signal && signal > 0) w.row(3, 'Signal:', signal)
    w.row(3, 'Started:', dateOf(startedAt))
    w.row(3, 'Finished:', dateOf(finishedAt))
  }
}

/** Limits and requests, each where there are any. */
export function writeResources(
  w: Writer,
  level: number,
  resources: V1ResourceRequirements | undefined,
): void {
  for (const [title, list] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const entries = inOrder(list ?? {})
    if (entries.length > 0) w.row(level, `${title}:`)
    for (const [name, quantity] of entries) w.row(level + 1, `${name}:`, Quantity.of(quantity).toString())
  }
}

function writeSources(w: Writer, sources: readonly V1EnvFromSource[]): void {
  if (sources.length > 0) w.row(2, 'Environment Variables from:')
  for (const { configMapRef, secretRef, prefix } of sources) {
    const from = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : ''
    const ref = configMapRef ?? secretRef
    w.row(
      3,
      ref?.name ?? '',
      prefix ? `${from} with prefix '${prefix}'` : from,
      `Optional: ${ref?.optional === true}`,
    )
  }
}

function writeVariable(w: Writer, variable: V1EnvVar, container: V1Container, pod: V1Pod | undefined): void {
  const { name, valueFrom } = variable
  if (!valueFrom) {
    const [first = '', ...rest] = (variable.value ?? '').split('\n')
    w.row(3, `${name}:`, first)
    for (const line of rest) w.row(3, '', line)
  } else if (valueFrom.fieldRef) {
    const { apiVersion = '', fieldPath } = valueFrom.fieldRef
    w.row(3, `${name}:`, `${fieldOf(pod, apiVersion, fieldPath)} (${apiVersion}:${fieldPath})`)
  } else if (valueFrom.resourceFieldRef) {
    const { resource, divisor } = valueFrom.resourceFieldRef
    const value = resourceOf(container, resource, divisor)
    const ofNode = value === '0' && (resource === 'limits.cpu' || resource === 'limits.memory')
    w.row(3, `${name}:`, `${ofNode ? 'node allocatable' : value} (${resource})`)
  } else if (valueFrom.secretKeyRef) {
    const { key, name: secret = '', optional } = valueFrom.secretKeyRef
    w.row(3, `${name}:`, `<set to the key '${key}' in secret '${secret}'>`, `Optional: ${optional === true}`)
  } else if (valueFrom.configMapKeyRef) {
    const { key, name: map = '', optional } = valueFrom.configMapKeyRef
    w.row(3, `${name}:`, `<set to the key '${key}' of config map '${map}'>`, `Optional: ${optional === true}`)
  }
}

/** kubectl knows no fields of a pod but these two; it writes nothing for the others. */
function fieldOf(pod: V1Pod | undefined, apiVersion: string, path: string): string {
  if (!pod || apiVersion.split('/').length > 2) return ''
  if (path === 'metadata.name') return pod.metadata?.name ?? ''
  if (path === 'metadata.namespace') return pod.metadata?.namespace ?? ''
  return ''
}

function resourceOf({ resources }: V1Container, path: string, divisor: unknown): string {
  const [, kind = '', name = ''] =
    /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/.exec(path) ?? []
  if (kind === '') return ''
  const list = (kind === 'limits' ? resources?.limits : resources?.requests) ?? {}
  const by = Quantity.of(divisor).isZero() ? Quantity.of('1') : Quantity.of(divisor)
  const power = name === 'cpu' ? -3 : 0
  return String(Math.ceil(Quantity.of(list[name]).in(power) / by.in(power)))
}

function writeMounts(w: Writer, { volumeMounts = [], volumeDevices = [] }: V1Container): void {
  const none = volumeMounts?.length ? '' : '\t<none>'
  w.write(2, `Mounts:${none}\n`)
  for (const mount of inTurn(volumeMounts, 'mountPath')) {
    const path = mount.subPath ? `,path=${JSON.stringify(mount.subPath)}` : ''
    w.row(3, `${mount.mountPath} from ${mount.name} (${mount.readOnly ? 'ro' : 'rw'}${path})`)
  }
  if (!volumeDevices?.length) return
  w.write(2, `Devices:${none}\n`)
  for (const device of inTurn(volumeDevices, 'devicePath'))
    w.row(3, `${device.devicePath} from ${device.name}`)
}

/** A copy in the order of a text, sorted as Go does it: equal ones may change places. */
export function inTurn<K extends string, T extends Partial<Record<K, string>>>(
  items: readonly T[] | undefined,
  key: K,
): T[] {
  return goSort([...(items ?? [])], (a, b) => (a[key] ?? '') < (b[key] ?? ''))
}
