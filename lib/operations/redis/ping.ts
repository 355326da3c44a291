import 'server-only'
import type { z } from 'zod'
import { podArgument } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Check } from '@/lib/operations/types'
import { conclude } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import type { Finding } from '@/lib/verdicts/types'
import { ask, judgeSilence, redisInside, scan } from './redis-cli'

/** Keys whose lifetime is looked at: enough to see a pattern, few enough to be quick. */
const SAMPLE = 60

/** Whether Redis answers, how fast, and whether counters that should expire do. */
export const ping: Check<z.infer<typeof podSelection>> = {
  id: 'redis.ping',
  title: 'Ask whether Redis answers',
  effect: 'read',
  params: podSelection,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = redisInside(commands, hints)
    return call?.name === 'PING' && call.rest.length === 0 && call.filters.length === 0
      ? call.pods
      : undefined
  },
  kubectl: (p) => `kubectl exec ${podArgument(p)} -n ${p.namespace} -- redis-cli PING`,
  async run(context, p) {
    const answer = await ask(context, p, ['PING'])
    if (!answer.ok) return judgeSilence(answer.error, p)
    const findings: Finding[] = []
    if (answer.value.text.trim() !== 'PONG')
      findings.push({
        severity: 'fail',
        code: 'redis.answer',
        title: `Redis answered "${answer.value.text.slice(0, 80)}" instead of PONG`,
        evidence: [],
        remedies: [],
      })
    // Keys without an expiry are normal; rate-limit counters without one are not. Look closer only when there are any.
    const spaces = await ask(context, p, ['INFO'])
    const counts = spaces.ok
      ? [...spaces.value.text.matchAll(/keys=(\d+),expires=(\d+)/g)].map(
          (match) => [Number(match[1]), Number(match[2])] as const,
        )
      : []
    const keys = counts.reduce((sum, [all]) => sum + all, 0)
    const lasting = counts.reduce((sum, [all, expiring]) => sum + all - expiring, 0)
    const counters = lasting > 0 ? await scan(context, p, 'ratelimit:*') : undefined
    const sample = counters?.ok ? counters.value.slice(-SAMPLE) : []
    const lives = await Promise.all(
      sample.map(async (key) => ({ key, answer: await ask(context, p, ['TTL', key]) })),
    )
    const stuck = lives
      .filter((one) => one.answer.ok && one.answer.value.text.trim() === '-1')
      .map((one) => one.key)
    if (stuck.length > 0)
      findings.push({
        severity: 'fail',
        code: 'redis.keys-without-ttl',
        title: `${count(stuck.length, 'rate-limit counter')} never ${stuck.length === 1 ? 'expires' : 'expire'}: their clients stay blocked`,
        evidence: stuck.slice(0, 8),
        remedies: [{ operation: 'redis.unlink-prefix', params: { pattern: 'ratelimit:*' } }],
      })
    const figure = 'Redis answers'
    return conclude({
      findings,
      healthy: `PONG from ${answer.value.pod}${spaces.ok ? `; ${count(keys, 'key')}, ${lasting} without an expiry` : ''}`,
      figure,
      read: answer.value.pod,
      views: [
        {
          type: 'facts',
          items: [
            { label: 'Answer', value: answer.value.text.slice(0, 40) },
            { label: 'Time with exec', value: `${Math.round(answer.value.ms)} ms` },
            {
              label: 'Keys',
              value: spaces.ok ? `${keys}, ${lasting} without an expiry` : 'could not be counted',
              ...(spaces.ok ? {} : { tone: 'unknown' as const }),
            },
          ],
        },
      ],
    })
  },
}
