import 'server-only'
import { z } from 'zod'
import { grepOf, podArgument } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Check } from '@/lib/operations/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeInfo, parseInfo } from '@/lib/verdicts/redis'
import { ask, judgeSilence, redisInside } from './redis-cli'

const params = podSelection.extend({
  section: z
    .enum(['server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'keyspace'])
    .optional(),
})

/** The lines of one section of INFO: from its `# Title` to the next. */
function sectionOf(text: string, section: string): string {
  const parts = text.split(/^# /m)
  return parts
    .filter((part) => part.toLowerCase().startsWith(section))
    .map((part) => `# ${part}`)
    .join('')
}

/** What INFO says, judged: memory, evictions, hit ratio, clients, link, last save. */
export const info: Check<z.infer<typeof params>> = {
  id: 'redis.info',
  title: 'Look at the state of Redis',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = redisInside(commands, hints)
    if (call?.name !== 'INFO' || call.rest.length > 1 || (call.filters.length > 0 && !grepOf(call.filters)))
      return undefined
    const section = params.shape.section.safeParse(call.rest[0]?.toLowerCase())
    return section.success ? { ...call.pods, ...(section.data ? { section: section.data } : {}) } : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- redis-cli INFO${p.section ? ` ${p.section}` : ''}`,
  async run(context, { section, ...pods }) {
    // All of it, whatever section is asked for: cards that look at different sections then share one read.
    const answer = await ask(context, pods, ['INFO'])
    if (!answer.ok) return judgeSilence(answer.error, pods)
    const text = section ? sectionOf(answer.value.text, section) : answer.value.text
    const figures = parseInfo(text)
    // redis-cli ends with 0 on NOAUTH, NOPERM and a renamed INFO: no figures means that nobody looked.
    if (Object.keys(figures).length === 0)
      return couldNotLook({
        code: 'precondition_failed',
        message: `Redis gave no figures: ${answer.value.text.slice(0, 120) || 'an empty answer'}`,
        retryable: false,
      })
    const judged = judgeInfo(figures, context.now())
    return conclude({
      ...judged,
      read: answer.value.pod,
      raw: [{ label: `INFO${section ? ` ${section}` : ''}`, text, truncatedBytes: 0 }],
    })
  },
}
