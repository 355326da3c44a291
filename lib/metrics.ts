import 'server-only'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { executions } from './engine/execute-fix'
import { runningSweeps } from './engine/results'
import { openStreams } from './live/hub'

const kept = globalThis as typeof globalThis & { crashcartMetrics?: Registry }

function registry(): Registry {
  if (kept.crashcartMetrics) return kept.crashcartMetrics
  const made = new Registry()
  collectDefaultMetrics({ register: made })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [made],
      collect() {
        this.set(read())
      },
    })
  gauge('crashcart_live_streams', 'Open live streams.', openStreams)
  gauge('crashcart_sweeps_running', 'Rounds of checks under way.', () => runningSweeps().size)
  gauge('crashcart_fixes_running', 'Fixes this process works on.', () => executions().size)
  kept.crashcartMetrics = made
  return made
}

/** Metrics of this process in the Prometheus text format. */
export async function metricsText(): Promise<{ text: string; contentType: string }> {
  return { text: await registry().metrics(), contentType: registry().contentType }
}
