import type { KubeObject } from '../types'
import { ApiError, badRequest } from './status'
import type { Store } from './store'

/** The page of a list that `limit` and `continue` ask for, by namespace and name. */
export function pageOf(
  store: Store,
  objects: KubeObject[],
  query: URLSearchParams,
): { page: KubeObject[]; resourceVersion: string; next: { continue?: string; remainingItemCount?: number } } {
  const all = objects
    .map((object) => ({ at: `${object.metadata.namespace}/${object.metadata.name}`, object }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
  const limit = Number(query.get('limit') ?? 0)
  const token = query.get('continue')
  const resumed = token ? readContinue(store, token) : undefined
  const rest = resumed ? all.filter((one) => one.at > resumed.start) : all
  const chosen = limit > 0 ? rest.slice(0, limit) : rest
  // All pages carry the version of the first: a watch from there misses nothing that changed between two pages.
  const resourceVersion = resumed?.rv ?? store.resourceVersion
  const left = rest.length - chosen.length
  return {
    page: chosen.map((one) => one.object),
    resourceVersion,
    next:
      left > 0
        ? { continue: writeContinue(resourceVersion, chosen.at(-1)?.at ?? ''), remainingItemCount: left }
        : {},
  }
}

/** Where the next page begins; opaque to clients, as the API server's token is. */
function writeContinue(rv: string, start: string): string {
  return Buffer.from(JSON.stringify({ rv, start })).toString('base64url')
}

function readContinue(store: Store, token: string): { rv: string; start: string } {
  let read: { rv?: unknown; start?: unknown } | null
  try {
    read = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  } catch {
    throw badRequest('continue key is not valid')
  }
  if (typeof read?.rv !== 'string' || typeof read.start !== 'string')
    throw badRequest('continue key is not valid')
  if (store.isForgotten(Number(read.rv)))
    throw new ApiError(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result.',
    )
  return { rv: read.rv, start: read.start }
}
