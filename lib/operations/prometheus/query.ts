import 'server-only'
import { z } from 'zod'
import { only } from '@/lib/operations/commands'
import type { Check } from '@/lib/operations/types'
import { conclude } from '@/lib/verdicts/conclude'
import { judgeSeries, prometheusSilent, type Series } from '@/lib/verdicts/prometheus'
import { askPrometheus, hostOf } from './api'

const params = z.object({ host: z.string(), port: z.number().int(), query: z.string().min(1).max(2_000) })
const HOUR_S = 3_600
const STEP_S = 60

/** A counter by its name is only a number that grows: what a person wants to see is its rate. */
function asRate(query: string): string {
  return /^[a-zA-Z_:][\w:]*_total(\{[^}]*\})?$/.test(query) ? `sum(rate(${query}[5m]))` : query
}

/** A query over the last hour, as a chart; of a counter its rate. */
export const query: Check<z.infer<typeof params>> = {
  id: 'prometheus.query',
  title: 'Draw a metric',
  effect: 'read',
  params,
  starts: ['curl'],
  recognise(commands) {
    const command = only(commands)
    if (command?.program !== 'curl' || command.method !== 'GET' || command.filters.length > 0)
      return undefined
    const url = URL.parse(command.url)
    const text = url?.searchParams.get('query')
    return url && text && /^\/api\/v1\/query(_range)?$/.test(url.pathname)
      ? { ...hostOf(url), query: text }
      : undefined
  },
  kubectl: (p) => `curl 'http://${p.host}:${p.port}/api/v1/query?query=${encodeURIComponent(p.query)}'`,
  async run(context, p) {
    const end = Math.floor(context.now().getTime() / 1000)
    const expression = asRate(p.query)
    const search = new URLSearchParams({
      query: expression,
      start: String(end - HOUR_S),
      end: String(end),
      step: String(STEP_S),
    })
    const data = await askPrometheus<{ result?: Series[] }>(
      context,
      p.host,
      p.port,
      `/api/v1/query_range?${search}`,
    )
    if (!data.ok) return prometheusSilent(data.error)
    return conclude({ ...judgeSeries(expression, data.value.result ?? [], end), read: expression })
  },
}
