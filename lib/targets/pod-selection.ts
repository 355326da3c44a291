import 'server-only'
import type { KubeObject, ListOptions } from './types'

/** `app=x,tier=y` as pairs; undefined for any other form of selector. */
function equalities(selector: string | undefined): [string, string][] | undefined {
  if (!selector) return []
  const pairs = selector.split(',').map((part) => /^([\w./-]+)==?([\w.-]*)$/.exec(part.trim()))
  return pairs.every((pair) => pair !== null)
    ? pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])
    : undefined
}

/** `metadata.namespace!=x,metadata.namespace=y`; undefined for any other form of field selector. */
function namespaceFields(selector: string | undefined): { equal: boolean; value: string }[] | undefined {
  if (!selector) return []
  const parts = selector
    .split(',')
    .map((part) => /^metadata\.namespace(!=|==?)([a-z0-9-]+)$/.exec(part.trim()))
  return parts.every((part) => part !== null)
    ? parts.map((part) => ({ equal: part?.[1] !== '!=', value: part?.[2] ?? '' }))
    : undefined
}

/** What a list of pods asks for, as a test of each pod; undefined for selectors that only the API server decides. */
export function podSelection(options: ListOptions): ((pod: KubeObject) => boolean) | undefined {
  const labels = equalities(options.labelSelector)
  const fields = namespaceFields(options.fieldSelector)
  if (!labels || !fields) return undefined
  return (pod) =>
    (!options.namespace || pod.metadata.namespace === options.namespace) &&
    labels.every(([key, value]) => pod.metadata.labels?.[key] === value) &&
    fields.every(({ equal, value }) => (pod.metadata.namespace === value) === equal)
}
