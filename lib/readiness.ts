import 'server-only'

const kept = globalThis as typeof globalThis & { crashcartReadiness?: string }

/** `ready`, or what start-up is waiting for. */
export function readiness(): string {
  return kept.crashcartReadiness ?? 'starting'
}

/** Sets what start-up is waiting for. */
export function setReadiness(state: string): void {
  kept.crashcartReadiness = state
}
