import 'server-only'
import { ok, type Result } from '@/lib/core/result'
import type { PodSelection } from '@/lib/operations/pod-selection'
import type { ReadContext } from '@/lib/operations/types'
import type { KafkaState } from '@/lib/targets/types'
import { askBrokers, brokerPods } from './kafka-scripts'

const CLIENT_PORT = 9092

/** What was read of Kafka, in the words of its scripts. */
export interface KafkaAnswer {
  text: string
  /** How it was read, for the heading above the text. */
  label: string
  pod: string
  /** Which brokers did not answer before this one did. */
  note?: string
}

/**
 * Asks Kafka by its own protocol, and where that cannot be had (a listener with TLS or a password, no right to
 * port-forward, a partition without a leader) by the script that a person would run in the pod. `print` writes the
 * state as that script prints it, so that both ways are judged, shown and filtered alike.
 */
export async function readFromKafka(
  context: Pick<ReadContext, 'cluster'>,
  pods: PodSelection,
  argv: string[],
  print: (state: KafkaState) => string,
): Promise<Result<KafkaAnswer>> {
  const found = await brokerPods(context, pods)
  if (!found.ok) return found
  const state = await context.cluster.kafka({
    namespace: pods.namespace,
    port: CLIENT_PORT,
    pods: found.value.map((pod) => ({
      name: pod.metadata.name,
      ips: [pod.status?.podIP].filter((one): one is string => typeof one === 'string'),
      ...(pod.spec?.subdomain
        ? {
            address: `${pod.spec.hostname ?? pod.metadata.name}.${pod.spec.subdomain}.${pod.metadata.namespace}`,
          }
        : {}),
    })),
  })
  if (state.ok)
    return ok({
      text: print(state.value),
      label: `Over Kafka's protocol, as ${argv.slice(0, 2).join(' ')} prints it`,
      pod: state.value.askedPod,
      ...silent(state.value.silentPods),
    })
  const answer = await askBrokers(context, found.value, argv)
  return answer.ok
    ? ok({
        text: answer.value.text,
        label: argv.slice(0, 2).join(' '),
        pod: answer.value.pod,
        ...silent(answer.value.silentPods),
      })
    : answer
}

function silent(pods: string[]): { note?: string } {
  return pods.length > 0 ? { note: `${pods.join(', ')} did not answer` } : {}
}

/** Partitions in the layout of `kafka-topics.sh --describe`. */
export function printTopics(state: KafkaState): string {
  return state.partitions
    .map(
      (one) =>
        `\tTopic: ${one.topic}\tPartition: ${one.partition}\tLeader: ${one.leader}\tReplicas: ${one.replicas.join(',')}\tIsr: ${one.inSync.join(',')}\n`,
    )
    .join('')
}

/** Groups in the layout of `kafka-consumer-groups.sh --describe`. */
export function printGroups(state: KafkaState): string {
  return state.groups
    .map(({ group, partitions }) => {
      const rows = partitions.map((one) => {
        const lag =
          one.current !== undefined && one.end !== undefined ? Math.max(0, one.end - one.current) : '-'
        const member = one.member ?? { id: '-', host: '-', client: '-' }
        return [
          group,
          one.topic,
          one.partition,
          one.current ?? '-',
          one.end ?? '-',
          lag,
          member.id,
          member.host,
          member.client,
        ].join('  ')
      })
      return `\nGROUP  TOPIC  PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID  HOST  CLIENT-ID\n${rows.join('\n')}\n`
    })
    .join('')
}
