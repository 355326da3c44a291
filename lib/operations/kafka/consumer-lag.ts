import 'server-only'
import type { z } from 'zod'
import { podArgument, programInside } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Check } from '@/lib/operations/types'
import { conclude } from '@/lib/verdicts/conclude'
import { judgeGroups, parseGroups } from '@/lib/verdicts/kafka'
import { judgeNoBroker } from './kafka-scripts'
import { printGroups, readFromKafka } from './read-kafka'

/** How far consumer groups are behind. */
export const consumerLag: Check<z.infer<typeof podSelection>> = {
  id: 'kafka.consumer-lag',
  title: 'Look at how far consumers are behind',
  effect: 'read',
  params: podSelection,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = programInside(commands, hints, 'kafka-consumer-groups.sh')
    return call?.args.includes('--describe') &&
      call.filters.length === 0 &&
      !call.args.some((word) => /^--(delete|reset)/.test(word))
      ? call.pods
      : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- kafka-consumer-groups.sh --describe --all-groups --bootstrap-server localhost:9092`,
  async run(context, p) {
    const answer = await readFromKafka(
      context,
      p,
      ['kafka-consumer-groups.sh', '--describe', '--all-groups', '--bootstrap-server', 'localhost:9092'],
      printGroups,
    )
    if (!answer.ok) return judgeNoBroker(answer.error)
    return conclude({
      ...judgeGroups(parseGroups(answer.value.text)),
      read: answer.value.pod,
      raw: [{ label: answer.value.label, text: answer.value.text, truncatedBytes: 0 }],
    })
  },
}
