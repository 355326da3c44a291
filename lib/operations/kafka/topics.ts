import 'server-only'
import type { z } from 'zod'
import { podArgument, programInside } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Check } from '@/lib/operations/types'
import { conclude } from '@/lib/verdicts/conclude'
import { judgeTopics, parseTopics } from '@/lib/verdicts/kafka'
import { judgeNoBroker } from './kafka-scripts'
import { printTopics, readFromKafka } from './read-kafka'

/** Topics with their partitions: a plain list would not show a missing broker. */
export const topics: Check<z.infer<typeof podSelection>> = {
  id: 'kafka.topics',
  title: 'Look at the topics of Kafka',
  effect: 'read',
  params: podSelection,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = programInside(commands, hints, 'kafka-topics.sh')
    const reads = call?.args.includes('--list') || call?.args.includes('--describe')
    const changes = call?.args.some((word) => ['--create', '--alter', '--delete'].includes(word))
    return call && reads && !changes && call.filters.length === 0 ? call.pods : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- kafka-topics.sh --describe --bootstrap-server localhost:9092`,
  async run(context, p) {
    const answer = await readFromKafka(
      context,
      p,
      ['kafka-topics.sh', '--describe', '--bootstrap-server', 'localhost:9092'],
      printTopics,
    )
    if (!answer.ok) return judgeNoBroker(answer.error)
    const judged = judgeTopics(parseTopics(answer.value.text))
    const findings = answer.value.note
      ? [
          {
            severity: 'warn' as const,
            code: 'kafka.broker-silent',
            title: `${answer.value.note}; asked ${answer.value.pod} instead`,
            evidence: [],
            remedies: [
              { operation: 'kubernetes.rollout-restart', params: { workload: 'statefulset/kafka' } },
            ],
          },
        ]
      : []
    return conclude({
      ...judged,
      findings: [...judged.findings, ...findings],
      read: answer.value.pod,
      raw: [{ label: answer.value.label, text: answer.value.text, truncatedBytes: 0 }],
    })
  },
}
