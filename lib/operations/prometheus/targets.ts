import 'server-only'
import { z } from 'zod'
import { only } from '@/lib/operations/commands'
import type { Check } from '@/lib/operations/types'
import { conclude } from '@/lib/verdicts/conclude'
import { judgeTargets, prometheusSilent, type Target } from '@/lib/verdicts/prometheus'
import { askPrometheus, hostOf } from './api'

const params = z.object({ host: z.string(), port: z.number().int(), job: z.string().optional() })
/** `.data.activeTargets[] | select(.labels.job=="backend-api")` as people write it. */
const JOB_FILTER = /^\.data\.activeTargets\[\]\s*\|\s*select\(\s*\.labels\.job\s*==\s*"([\w.-]+)"\s*\)$/

/** Whether Prometheus reaches what it should scrape. */
export const targets: Check<z.infer<typeof params>> = {
  id: 'prometheus.targets',
  title: 'Look at scrape targets',
  effect: 'read',
  params,
  starts: ['curl'],
  recognise(commands) {
    const command = only(commands)
    if (command?.program !== 'curl' || command.method !== 'GET') return undefined
    const url = URL.parse(command.url)
    if (url?.pathname !== '/api/v1/targets') return undefined
    const [filter, ...more] = command.filters
    if (!filter) return hostOf(url)
    const job =
      filter.program === 'jq' && more.length === 0
        ? JOB_FILTER.exec(
            filter.argv
              .slice(1)
              .filter((word) => !word.startsWith('-'))
              .join(' ')
              .trim(),
          )?.[1]
        : undefined
    return job ? { ...hostOf(url), job } : undefined
  },
  kubectl: (p) =>
    `curl http://${p.host}:${p.port}/api/v1/targets${p.job ? ` | jq '.data.activeTargets[] | select(.labels.job=="${p.job}")'` : ''}`,
  async run(context, p) {
    const data = await askPrometheus<{ activeTargets?: Target[] }>(context, p.host, p.port, '/api/v1/targets')
    if (!data.ok) return prometheusSilent(data.error)
    const all = (data.value.activeTargets ?? []).filter((one) => !p.job || one.labels?.job === p.job)
    return conclude({ ...judgeTargets(all, p.job), read: `${all.length} targets` })
  },
}
