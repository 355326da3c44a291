import 'server-only'
import { fail, ok, type Result } from '../../core/result'
import { restPath } from '../resource-types'
import type { KubeObject, ListOptions, ResourceType } from '../types'
import type { Transport } from './transport'

const PAGE = 500
const MAX_PAGES = 40

interface ListAnswer {
  items?: KubeObject[]
  metadata?: { continue?: string; resourceVersion?: string; remainingItemCount?: number }
}

/** All objects of a type, page by page, and the resourceVersion at which they were like that. */
export async function listPages(
  transport: Transport,
  type: ResourceType,
  options: ListOptions = {},
  signal?: AbortSignal,
): Promise<Result<{ items: KubeObject[]; version: string }>> {
  const items: KubeObject[] = []
  let version: string | undefined
  let next: string | undefined
  const what = `reading ${type.plural}${options.namespace ? ` in ${options.namespace}` : ''}`
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await transport.json<ListAnswer>({
      method: 'GET',
      path: restPath(type, options.namespace),
      query: {
        limit: String(PAGE),
        continue: next,
        labelSelector: options.labelSelector,
        fieldSelector: options.fieldSelector,
      },
      what,
      ...(signal ? { signal } : {}),
    })
    if (!answer.ok) return answer
    for (const item of answer.value.items ?? [])
      items.push({
        ...item,
        kind: item.kind ?? type.kind,
        apiVersion: item.apiVersion ?? (type.group ? `${type.group}/${type.version}` : type.version),
      })
    const { metadata } = answer.value
    // The first page's: what changes while further pages are read comes again with a watch from there.
    version ??= metadata?.resourceVersion ?? ''
    next = metadata?.continue || undefined
    if (!next) return ok({ items, version })
  }
  return fail(
    'internal',
    `${what}: there are more than ${PAGE * MAX_PAGES} of them; narrow the namespace or the selector`,
  )
}

/**
 * How many objects of a type there are and at which resourceVersion, read from the API server now with one small
 * request. `count` is undefined when it does not say.
 */
export async function countNow(
  transport: Transport,
  type: ResourceType,
): Promise<Result<{ count: number | undefined; version: string }>> {
  const answer = await transport.json<ListAnswer>({
    method: 'GET',
    path: restPath(type),
    query: { limit: '1' },
    what: `counting ${type.plural}`,
    timeoutMs: 3_000,
  })
  if (!answer.ok) return answer
  const { items = [], metadata = {} } = answer.value
  const left = metadata.continue ? metadata.remainingItemCount : 0
  return ok({
    count: left === undefined ? undefined : items.length + left,
    version: metadata.resourceVersion ?? '',
  })
}
