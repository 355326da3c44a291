import 'server-only'
import type { V1Container, V1Pod } from '@kubernetes/client-node'
import { Quantity, type Resources, resourcesOf } from './quantity'

/**
 * What a pod asks for and may use at most, over all its containers: those that run side by side added up, or the
 * largest that one init container needs before them. Source: k8s.io/kubectl/pkg/util/resource of 1.32.
 */
export function resourcesOfPod({ spec, status }: V1Pod): { requests: Resources; limits: Resources } {
  const total = (kind: 'requests' | 'limits') => {
    const sum: Resources = {}
    for (const container of spec?.containers ?? []) add(sum, given(container, kind, status))
    const sidecars: Resources = {}
    const before: Resources = {}
    for (const container of spec?.initContainers ?? []) {
      const own = resourcesOf(container.resources?.[kind])
      if (container.restartPolicy === 'Always') {
        add(sum, own)
        add(sidecars, own)
        raise(before, sidecars)
      } else {
        const together = { ...own }
        add(together, sidecars)
        raise(before, together)
      }
    }
    raise(sum, before)
    return sum
  }
  const [requests, limits] = [total('requests'), total('limits')]
  const overhead = resourcesOf(spec?.overhead)
  add(requests, overhead)
  for (const [name, quantity] of Object.entries(overhead))
    if (limits[name] && !limits[name].isZero()) limits[name] = limits[name].plus(quantity)
  return { requests, limits }
}

/** While a pod is resized, the node holds the larger of what was and of what is asked for. */
function given(container: V1Container, kind: 'requests' | 'limits', status: V1Pod['status']): Resources {
  const asked = resourcesOf(container.resources?.[kind])
  const held = status?.containerStatuses?.findLast(({ name }) => name === container.name)?.resources
  if (kind === 'limits' || !held) return asked
  const had = resourcesOf(held.requests)
  if (status?.resize === 'Infeasible') return had
  raise(asked, had)
  return asked
}

/** Adds resources to a list. */
export function add(list: Resources, more: Resources): void {
  for (const [name, quantity] of Object.entries(more)) list[name] = list[name]?.plus(quantity) ?? quantity
}

function raise(list: Resources, other: Resources): void {
  for (const [name, quantity] of Object.entries(other))
    if (!list[name] || quantity.compare(list[name]) > 0) list[name] = quantity
}

const COUNTED = ['cpu', 'memory']

/** The quality of service of a pod that does not say its own: Guaranteed, Burstable or BestEffort. */
export function qosOf({ spec }: V1Pod): string {
  const holders: { resources?: V1Container['resources'] }[] = spec?.resources
    ? [{ resources: spec.resources }]
    : [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]
  const requests: Resources = {}
  const limits: Resources = {}
  let guaranteed = true
  for (const { resources } of holders) {
    add(requests, positive(resources?.requests))
    const most = positive(resources?.limits)
    add(limits, most)
    if (COUNTED.some((name) => !most[name])) guaranteed = false
  }
  const [asked, allowed] = [Object.keys(requests), Object.keys(limits)]
  if (asked.length === 0 && allowed.length === 0) return 'BestEffort'
  const equal = asked.every((name) => limits[name]?.compare(requests[name] ?? Quantity.zero) === 0)
  return guaranteed && equal && asked.length === allowed.length ? 'Guaranteed' : 'Burstable'
}

function positive(list: object | undefined): Resources {
  return Object.fromEntries(
    Object.entries(resourcesOf(list)).filter(
      ([name, quantity]) => COUNTED.includes(name) && quantity.compare(Quantity.zero) > 0,
    ),
  )
}
