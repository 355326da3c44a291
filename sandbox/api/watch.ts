import type { ServerResponse } from 'node:http'
import type { Manager } from '../controllers/manager'
import type { KubeObject } from '../types'
import { apiVersionOf, type KindInfo } from './kinds'
import { ApiError } from './status'
import type { StoreEvent } from './store'
import { tableOf } from './tables'

const BOOKMARK_MS = 15_000

/** A watch stream: past changes from a resourceVersion (or all objects as ADDED), then what comes. */
export function serveWatch(
  manager: Manager,
  info: KindInfo,
  matches: (object: KubeObject) => boolean,
  query: URLSearchParams,
  table: boolean,
  response: ServerResponse,
): void {
  const version = Number(query.get('resourceVersion') ?? 0)
  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' })
  // The API server answers when the watch stands, not when something first changes.
  response.flushHeaders()
  const write = (type: string, object: KubeObject) => {
    const body = table
      ? { ...tableOf(info.kind, [object], object.metadata.resourceVersion, manager.now()) }
      : object
    response.write(`${JSON.stringify({ type, object: body })}\n`)
  }
  const relay = (event: StoreEvent) => {
    // Also from a version to come (of before a restore) nothing older is told, as in the API server's watch cache.
    if (event.version > version && event.kind === info.kind && matches(event.object))
      write(event.type, event.object)
  }
  try {
    if (version === 0)
      for (const object of manager.store.list(info.kind)) matches(object) && write('ADDED', object)
    else for (const event of manager.store.since(info.kind, version)) relay(event)
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    response.end(`${JSON.stringify({ type: 'ERROR', object: cause.body() })}\n`)
    return
  }
  const unsubscribe = manager.store.subscribe(relay)
  const mark = () => {
    const object = {
      kind: info.kind,
      apiVersion: apiVersionOf(info),
      metadata: { resourceVersion: manager.store.resourceVersion, creationTimestamp: null },
    }
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
  }
  const marks = query.get('allowWatchBookmarks') === 'true'
  const bookmark = marks ? setInterval(mark, BOOKMARK_MS) : undefined
  const seconds = Number(query.get('timeoutSeconds') ?? 1_800)
  const limit = setTimeout(() => {
    // So that the next watch begins where this one ended.
    if (marks) mark()
    response.end()
  }, seconds * 1000)
  response.on('close', () => {
    unsubscribe()
    clearInterval(bookmark)
    clearTimeout(limit)
  })
}
