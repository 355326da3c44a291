import 'server-only'
import { StringDecoder } from 'node:string_decoder'
import type { AppError } from '../../core/errors'
import { restPath } from '../resource-types'
import type { KubeObject, ResourceType } from '../types'
import type { Transport } from './transport'

/**
 * Seconds one watch lives. An API server sends a bookmark every minute and two seconds before the end of a watch: so a
 * short watch is heard of more often, and a connection that died without a word is never trusted for longer.
 */
export const WATCH_SECONDS = 30
/** Silence after which a watch counts as broken: longer than any watch lives. */
export const SILENCE_MS = 35_000
/** An object is at most 1.5 MB in etcd; a longer line is no event. */
const LINE_LIMIT = 16 << 20

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  object: KubeObject
}

/**
 * How a watch ended: `over` as agreed; `gone` when the server no longer knows that resourceVersion or said something
 * that cannot be followed, so that only a new list helps; `broken` when the connection did not hold.
 */
export type WatchEnd = { end: 'over' | 'gone' } | { end: 'broken'; error?: AppError }

export interface WatchRequest {
  type: ResourceType
  /** Changes after this resourceVersion. */
  version: string
  signal: AbortSignal
  /** The server has taken the watch. */
  opened(): void
  happened(event: WatchEvent): void
}

/** Follows the changes of all objects of a type over one connection, until it ends. Never throws. */
export async function watchOnce(transport: Transport, request: WatchRequest): Promise<WatchEnd> {
  const quiet = new AbortController()
  const opened = await transport.open({
    method: 'GET',
    path: restPath(request.type),
    query: {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: request.version,
      timeoutSeconds: String(WATCH_SECONDS),
    },
    what: `watching ${request.type.plural}`,
    signal: AbortSignal.any([request.signal, quiet.signal]),
  })
  if (!opened.ok)
    return opened.error.code === 'stale' ? { end: 'gone' } : { end: 'broken', error: opened.error }
  request.opened()
  const timer = setTimeout(() => quiet.abort(), SILENCE_MS)
  // A watch is no reason for a process to go on.
  timer.unref()
  const decoder = new StringDecoder('utf8')
  // What follows the last line break is part of an event; when the connection breaks off, the next watch brings it whole.
  let rest = ''
  try {
    for await (const chunk of opened.value) {
      timer.refresh()
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LINE_LIMIT) return { end: 'gone' }
      for (const line of lines) {
        // Given up meanwhile: what is still in the buffer belongs to a past that no longer counts.
        if (request.signal.aborted) return { end: 'broken' }
        const event = line.trim() === '' ? undefined : eventOf(line)
        if (event === 'unknown') return { end: 'gone' }
        if (event) request.happened(event)
      }
    }
    return { end: 'over' }
  } catch {
    return { end: 'broken' }
  } finally {
    clearTimeout(timer)
    opened.value.destroy()
  }
}

/** `unknown`: an ERROR (410 when the version is too old, and whatever else), or nothing that this can follow. */
function eventOf(line: string): WatchEvent | 'unknown' {
  try {
    const read = JSON.parse(line) as { type?: unknown; object?: KubeObject }
    const { type, object } = read
    if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK') return 'unknown'
    if (!object?.metadata?.resourceVersion) return 'unknown'
    return type === 'BOOKMARK' || object.metadata.name ? { type, object } : 'unknown'
  } catch {
    return 'unknown'
  }
}
