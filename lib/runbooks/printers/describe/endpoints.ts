import 'server-only'
import type { V1EndpointSlice, V1Endpoints, V1IngressClass } from '@kubernetes/client-node'
import { writeEvents } from './events'
import type { Describer } from './types'

/** Endpoints. */
export const describeEndpoints: Describer = (w, object, beside) => {
  const { metadata, subsets } = object as unknown as V1Endpoints
  const listed = (addresses: readonly { ip: string }[] | undefined) =>
    (addresses ?? []).map(({ ip }) => ip).join(',') || '<none>'
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'Subsets:')
  for (const { addresses, notReadyAddresses, ports } of subsets ?? []) {
    w.row(1, 'Addresses:', listed(addresses))
    w.row(1, 'NotReadyAddresses:', listed(notReadyAddresses))
    if (ports?.length) {
      w.row(1, 'Ports:')
      w.row(2, 'Name', 'Port', 'Protocol')
      w.row(2, '----', '----', '--------')
    }
    for (const { name, port, protocol = '' } of ports ?? []) w.row(2, name || '<unset>', port, protocol)
    w.write(0, '\n')
  }
  writeEvents(w, beside.events, beside.now)
}

/** An EndpointSlice. */
export const describeEndpointSlice: Describer = (w, object, beside) => {
  const { metadata, addressType, ports, endpoints } = object as unknown as V1EndpointSlice
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'AddressType:', addressType)
  w.row(0, ports?.length ? 'Ports:' : 'Ports: <unset>')
  if (ports?.length) {
    w.row(1, 'Name', 'Port', 'Protocol')
    w.row(1, '----', '----', '--------')
  }
  for (const { name, port, protocol = '' } of ports ?? [])
    w.row(1, name || '<unset>', port ?? '<unset>', protocol)
  w.row(0, endpoints?.length ? 'Endpoints:' : 'Endpoints: <none>')
  for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of endpoints ?? []) {
    w.row(1, '- Addresses:', addresses.join(', ') || '<none>')
    w.row(2, 'Conditions:')
    w.row(3, 'Ready:', conditions?.ready ?? '<unset>')
    w.row(2, 'Hostname:', hostname ?? '<unset>')
    if (targetRef) w.row(2, 'TargetRef:', `${targetRef.kind ?? ''}/${targetRef.name ?? ''}`)
    w.row(2, 'NodeName:', nodeName ?? '<unset>')
    w.row(2, 'Zone:', zone ?? '<unset>')
  }
  writeEvents(w, beside.events, beside.now)
}

/** An IngressClass. */
export const describeIngressClass: Describer = (w, object, beside) => {
  const { metadata, spec } = object as unknown as V1IngressClass
  w.row(0, 'Name:', metadata?.name ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'Controller:', spec?.controller ?? '')
  if (spec?.parameters) {
    w.row(0, 'Parameters:')
    if (spec.parameters.apiGroup !== undefined) w.row(1, 'APIGroup:', spec.parameters.apiGroup)
    w.row(1, 'Kind:', spec.parameters.kind)
    w.row(1, 'Name:', spec.parameters.name)
  }
  writeEvents(w, beside.events, beside.now)
}
