import 'server-only'

const kept = globalThis as typeof globalThis & { crashcartStopping?: AbortController }

/** Aborts when the process has been asked to end: open streams would keep it alive for ever. */
export function stopping(): AbortSignal {
  kept.crashcartStopping ??= new AbortController()
  return kept.crashcartStopping.signal
}

/** Tells everything that waits to let go. */
export function stopAll(): void {
  kept.crashcartStopping ??= new AbortController()
  kept.crashcartStopping.abort()
}
