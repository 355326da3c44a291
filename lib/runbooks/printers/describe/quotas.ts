import 'server-only'
import type { V1LimitRange, V1ResourceQuota } from '@kubernetes/client-node'
import type { KubeObject } from '../../../targets/types'
import { inTurn } from './containers'
import { Quantity } from './quantity'
import type { Describer } from './types'
import { inOrder, type Writer } from './writer'

/** What kubectl says of the scopes of a quota. */
const SCOPES: Record<string, string> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}

/** The quotas of a namespace. */
export function writeQuotas(w: Writer, objects: readonly KubeObject[]) {
  if (objects.length === 0) return w.row(0, 'No resource quota.')
  w.row(0, 'Resource Quotas')
  const quotas = inTurn(
    (objects as unknown as V1ResourceQuota[]).map((quota) => ({
      ...quota,
      name: quota.metadata?.name ?? '',
    })),
    'name',
  )
  for (const { name, spec, status } of quotas) {
    w.row(1, 'Name:', name)
    const scopes = [...(spec?.scopes ?? [])].sort()
    if (scopes.length > 0) w.row(1, 'Scopes:', scopes.join(', '))
    for (const scope of scopes) if (SCOPES[scope]) w.row(1, `* ${SCOPES[scope]}`)
    w.row(1, 'Resource', 'Used', 'Hard')
    w.row(1, '--------', '---', '---')
    for (const [resource, hard] of inOrder(status?.hard ?? {}))
      w.row(1, resource, String(Quantity.of(status?.used?.[resource])), String(Quantity.of(hard)))
  }
}

/** The limit ranges of a namespace. */
export function writeLimitRanges(w: Writer, objects: readonly KubeObject[]) {
  if (objects.length === 0) return w.row(0, 'No LimitRange resource.')
  w.row(0, 'Resource Limits')
  writeLimits(w, ' ', objects)
}

const LIMITS = ['Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio']

function writeLimits(w: Writer, margin: '' | ' ', objects: readonly KubeObject[]): void {
  w.row(0, `${margin}Type`, 'Resource', ...LIMITS)
  w.row(0, `${margin}----`, '--------', ...LIMITS.map((title) => '-'.repeat(title.length)))
  for (const { spec } of objects as unknown as V1LimitRange[])
    for (const limit of spec?.limits ?? []) {
      // In JSON the field has the name that is a keyword of JavaScript.
      const { default: most } = limit as unknown as { default?: Record<string, string> }
      const lists = [limit.min, limit.max, limit.defaultRequest, most, limit.maxLimitRequestRatio]
      // kubectl 1.32 writes them in an order left to chance.
      for (const resource of [...new Set(lists.flatMap((list) => Object.keys(list ?? {})))].sort())
        w.row(
          0,
          `${margin}${limit.type}`,
          resource,
          ...lists.map((list) =>
            list?.[resource] === undefined ? '-' : String(Quantity.of(list[resource])),
          ),
        )
    }
}

/** A LimitRange. */
export const describeLimitRange: Describer = (w, object) => {
  w.row(0, 'Name:', object.metadata.name)
  w.row(0, 'Namespace:', object.metadata.namespace ?? '')
  writeLimits(w, '', [object])
}

/** A ResourceQuota. */
export const describeQuota: Describer = (w, object) => {
  const { metadata, spec, status } = object as unknown as V1ResourceQuota
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  const scopes = [...(spec?.scopes ?? [])].sort()
  if (scopes.length > 0) w.row(0, 'Scopes:', scopes.join(', '))
  for (const scope of scopes) if (SCOPES[scope]) w.row(0, ` * ${SCOPES[scope]}`)
  w.row(0, 'Resource', 'Used', 'Hard')
  w.row(0, '--------', '----', '----')
  for (const [resource, value] of inOrder(status?.hard ?? {})) {
    const hard = Quantity.of(value)
    w.row(0, resource, String(Quantity.of(status?.used?.[resource]).wholeLike(hard)), String(hard))
  }
}
