import 'server-only'
import { redactDeep } from '../core/redact'
import type { LiveEvent } from '../engine/types'

type Listener = (event: LiveEvent) => void

// Next.js bundles routes, actions and the start-up file apart: what they share must hang on the process.
const kept = globalThis as typeof globalThis & { crashcartHub?: Map<Listener, string> }

/** Listeners with whom they belong to. */
function listeners(): Map<Listener, string> {
  kept.crashcartHub ??= new Map()
  return kept.crashcartHub
}

/** Sends an event to every open stream, redacted. A listener that breaks is dropped; the others get theirs. */
export function publish(event: LiveEvent): void {
  const safe = redactDeep(event) as LiveEvent
  for (const listener of listeners().keys()) {
    try {
      listener(safe)
    } catch {
      listeners().delete(listener)
    }
  }
}

/**
 * Listens until the returned function is called.
 * @param actorId whose browser it is; nobody's when Crashcart itself listens
 */
export function subscribe(listener: Listener, actorId = ''): () => void {
  listeners().set(listener, actorId)
  return () => {
    listeners().delete(listener)
  }
}

/** Streams that are open, for metrics and for the limits: all, or those of one person. */
export function openStreams(actorId?: string): number {
  return actorId === undefined
    ? listeners().size
    : [...listeners().values()].filter((owner) => owner === actorId).length
}
