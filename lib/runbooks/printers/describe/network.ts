import 'server-only'
import type { V1EndpointSlice, V1Ingress, V1IngressBackend, V1Service } from '@kubernetes/client-node'
import type { KubeObject } from '../../../targets/types'
import { CouldNotPrint } from '../limits'
import { writeEvents } from './events'
import { labelsInOne } from './selectors'
import type { Beside, Describer } from './types'

const SERVICE_NAME = 'kubernetes.io/service-name'
/** So many endpoints are named; of the others only the number. */
const NAMED = 3

/** A Service with the endpoints behind each port. */
export const describeService: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1Service
  const optional = (label: string, value: string | number | undefined | null) => {
    if (value) w.row(0, `${label}:`, value)
  }
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'Selector:', labelsInOne(spec?.selector))
  w.row(0, 'Type:', spec?.type ?? '')
  optional('IP Family Policy', spec?.ipFamilyPolicy)
  w.row(0, 'IP Families:', spec?.ipFamilies?.join(',') || '<none>')
  w.row(0, 'IP:', spec?.clusterIP ?? '')
  w.row(0, 'IPs:', spec?.clusterIPs?.join(',') || '<none>')
  optional('External IPs', spec?.externalIPs?.join(','))
  optional('Desired LoadBalancer IP', spec?.loadBalancerIP)
  optional('External Name', spec?.externalName)
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, ipMode, hostname }) =>
    ip ? `${ip}${ipMode === undefined ? '' : ` (${ipMode})`}` : (hostname ?? ''),
  )
  if (ingress.length > 0) w.row(0, 'LoadBalancer Ingress:', ingress.join(', '))
  for (const { name = '', port, protocol = '', targetPort, nodePort } of spec?.ports ?? []) {
    w.row(0, 'Port:', name || '<unset>', `${port}/${protocol}`)
    w.row(0, 'TargetPort:', `${targetPort ?? 0}/${protocol}`)
    if (nodePort) w.row(0, 'NodePort:', name || '<unset>', `${nodePort}/${protocol}`)
    w.row(0, 'Endpoints:', endpointsOf(beside.endpointSlices ?? [], name))
  }
  w.row(0, 'Session Affinity:', spec?.sessionAffinity ?? '')
  optional('External Traffic Policy', spec?.externalTrafficPolicy)
  optional('Internal Traffic Policy', spec?.internalTrafficPolicy)
  optional('HealthCheck NodePort', spec?.healthCheckNodePort)
  optional('LoadBalancer Source Ranges', spec?.loadBalancerSourceRanges?.join(','))
  writeEvents(w, beside.events, beside.now)
}

/** Addresses behind a port, those that are ready: `10.0.0.1:80,… + 2 more...`. */
function endpointsOf(slices: readonly KubeObject[], portName: string): string {
  if (slices.length === 0) return '<none>'
  const found: string[] = []
  // kubectl says "more" already when another address is looked at, be it ready or not.
  let more = false
  for (const slice of slices as unknown as V1EndpointSlice[]) {
    const ports = slice.ports?.length
      ? slice.ports.filter(({ name }) => (name ?? '') === portName)
      : [undefined]
    for (const port of ports)
      for (const { addresses, conditions } of slice.endpoints ?? []) {
        more ||= found.length === NAMED
        if (conditions?.ready === false) continue
        const address = addresses[0] ?? ''
        const host = address.includes(':') && port ? `[${address}]` : address
        found.push(port ? `${host}:${port.port}` : host)
      }
  }
  const named = found.slice(0, NAMED).join(',')
  return more ? `${named} + ${found.length - NAMED} more...` : named
}

/** An Ingress with the endpoints behind each path. */
export const describeIngress: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1Ingress
  w.row(0, 'Name:', metadata?.name ?? '')
  w.labels('Labels', metadata?.labels)
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '')
  w.row(0, 'Address:', [...new Set(addresses.filter(Boolean))].sort().join(','))
  w.row(0, 'Ingress Class:', spec?.ingressClassName ?? '<none>')
  const fallback = spec?.defaultBackend ? backendText(spec.defaultBackend, beside) : '<default>'
  w.row(0, 'Default backend:', fallback)
  if (spec?.tls?.length) w.row(0, 'TLS:')
  for (const { secretName, hosts = [] } of spec?.tls ?? [])
    w.row(1, `${secretName ? `${secretName} terminates` : 'SNI routes'} ${hosts.join(',')}`)
  w.row(0, 'Rules:')
  w.row(1, 'Host', 'Path', 'Backends')
  w.row(1, '----', '----', '--------')
  const rules = (spec?.rules ?? []).filter(({ http }) => http)
  for (const { host, http } of rules) {
    w.row(1, host || '*', '')
    for (const { path = '', backend } of http?.paths ?? [])
      w.row(2, '', `${path} `, backendText(backend, beside))
  }
  if (rules.length === 0) w.row(1, '*', '*', fallback)
  w.annotations('Annotations', metadata?.annotations)
  writeEvents(w, beside.events, beside.now)
}

function backendText({ service, resource }: V1IngressBackend, beside: Beside): string {
  if (resource)
    return `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}`
  if (!service) return ''
  const { name, port } = service
  const label = `${name}:${port?.number || (port?.name ?? '')}`
  const slices = (beside.endpointSlices ?? []).filter(
    ({ metadata }) => metadata.labels?.[SERVICE_NAME] === name,
  )
  const found = beside.services?.find(({ metadata }) => metadata.name === name) as V1Service | undefined
  if (!found) return `${label} (<error: services "${name}" not found>)`
  const of = found.spec?.ports?.findLast((one) =>
    port?.number ? one.port === port.number : Boolean(port?.name) && one.name === port?.name,
  )
  return `${label} (${endpointsOf(slices, of?.name ?? '')})`
}

/** The Services that an Ingress names, each once. */
export function servicesOf(ingress: KubeObject): string[] {
  const { spec } = ingress as unknown as V1Ingress
  const backends = [
    spec?.defaultBackend,
    ...(spec?.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend)),
  ]
  const names = backends.flatMap((one) => (one?.service ? [one.service.name] : []))
  if (names.length > 100) throw new CouldNotPrint('The Ingress names more Services than are looked at.')
  return [...new Set(names)]
}
