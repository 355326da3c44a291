import 'server-only'
import { redactDeep } from '../core/redact'
import type { LiveEvent } from '../engine/types'

type Listener = (event: LiveEvent) => void

// Next.js bundles routes, actions and the start-up file apart: what they share must hang on the process.
const kept = globalThis as typeof globalThis & { crashcartHub?: Set<Listener> }

function listeners(): Set<Listener> {
  kept.crashcartHub ??= new Set()
  return kept.crashcartHub
}

/** Sends an event to every open stream, redacted. A listener that breaks is dropped; the others get theirs. */
export function publish(event: LiveEvent): void {
  const safe = redactDeep(event) as LiveEvent
  for (const listener of listeners()) {
    try {
      listener(safe)
    } catch {
      listeners().delete(listener)
    }
  }
}

/** Listens until the returned function is called. */
export function subscribe(listener: Listener): () => void {
  listeners().add(listener)
  return () => {
    listeners().delete(listener)
  }
}

/** Streams that are open, for metrics and for the limit. */
export function openStreams(): number {
  return listeners().size
}
