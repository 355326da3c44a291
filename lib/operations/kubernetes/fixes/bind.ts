import 'server-only'
import { createHash } from 'node:crypto'
import type { Binding } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'

/** JSON with sorted keys, so that equal values have equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
      .join(',')}}`
  }
  return JSON.stringify(value ?? null)
}

/** Ties a plan to an object as it is now: its UID, generation and the hash of the fields the fix touches. */
export function bind(object: KubeObject, fields: unknown): Binding {
  const { kind, metadata } = object
  return {
    object: `${kind}/${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`,
    uid: metadata.uid ?? '',
    ...(metadata.generation === undefined ? {} : { generation: metadata.generation }),
    fields: createHash('sha256').update(canonical(fields)).digest('hex'),
  }
}
