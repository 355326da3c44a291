import { count } from './durations'
import type { Finding, View } from './types'

/** Events a group may be behind before it is worth a word, and before it is a failure. */
const LAG_WARN = 500
const LAG_FAIL = 2_000

export interface Partition {
  topic: string
  partition: number
  leader: string
  replicas: string[]
  inSync: string[]
}

/** The partition lines of `kafka-topics.sh --describe`. */
export function parseTopics(text: string): Partition[] {
  return text.split('\n').flatMap((line) => {
    const fields = Object.fromEntries(
      line
        .split('\t')
        .map((field) => [
          field.slice(0, field.indexOf(':')).trim(),
          field.slice(field.indexOf(':') + 1).trim(),
        ]),
    )
    if (fields.Partition === undefined || !fields.Topic) return []
    const ids = (value = '') => value.split(',').filter(Boolean)
    return [
      {
        topic: fields.Topic,
        partition: Number(fields.Partition),
        leader: fields.Leader ?? 'none',
        replicas: ids(fields.Replicas),
        inSync: ids(fields.Isr),
      },
    ]
  })
}

/** Offline and under-replicated partitions. */
export function judgeTopics(partitions: Partition[]): {
  findings: Finding[]
  views: View[]
  healthy: string
  figure: string
} {
  const remedies = [{ operation: 'kubernetes.rollout-restart', params: { workload: 'statefulset/kafka' } }]
  const findings: Finding[] = []
  const offline = partitions.filter((one) => one.leader === 'none' || one.leader === '-1')
  const under = partitions.filter((one) => one.inSync.length < one.replicas.length && !offline.includes(one))
  const brokers = [
    ...new Set(under.flatMap((one) => one.replicas.filter((id) => !one.inSync.includes(id)))),
  ].sort()
  const name = (one: Partition) =>
    `${one.topic}-${one.partition}: replicas ${one.replicas.join(',')}, in sync ${one.inSync.join(',') || 'none'}`
  if (offline.length > 0)
    findings.push({
      severity: 'fail',
      code: 'kafka.offline',
      title: `${count(offline.length, 'partition')} of ${partitions.length} ${offline.length === 1 ? 'has' : 'have'} no leader`,
      evidence: offline.slice(0, 6).map(name),
      remedies,
    })
  if (under.length > 0)
    findings.push({
      severity: 'fail',
      code: 'kafka.under-replicated',
      title: `${under.length} of ${count(partitions.length, 'partition')} are under-replicated: broker ${brokers.join(', ')} is missing`,
      evidence: under.slice(0, 6).map(name),
      remedies,
    })
  if (partitions.length === 0)
    findings.push({
      severity: 'warn',
      code: 'kafka.no-topics',
      title: 'Kafka has no topics',
      evidence: [],
      remedies: [],
    })
  const topics = [...new Set(partitions.map((one) => one.topic))]
  return {
    findings,
    healthy: `${count(topics.length, 'topic')}, ${count(partitions.length, 'partition')}, all in sync`,
    figure: `${under.length + offline.length} under-replicated`,
    views: [
      {
        type: 'table',
        columns: [
          { key: 'topic', label: 'Topic' },
          { key: 'partitions', label: 'Partitions', align: 'right' },
          { key: 'replication', label: 'Replicas', align: 'right' },
          { key: 'state', label: 'State' },
        ],
        rows: topics.slice(0, 100).map((topic) => {
          const own = partitions.filter((one) => one.topic === topic)
          const bad = own.filter((one) => under.includes(one) || offline.includes(one)).length
          return {
            topic: { text: topic, mono: true },
            partitions: { text: String(own.length) },
            replication: { text: String(own[0]?.replicas.length ?? 0) },
            state:
              bad > 0
                ? { text: `${bad} not in sync`, tone: 'fail' as const }
                : { text: 'in sync', tone: 'pass' as const },
          }
        }),
        ...(topics.length > 100 ? { more: topics.length - 100 } : {}),
      },
    ],
  }
}

export interface GroupLag {
  group: string
  topic: string
  lag: number
  partitions: number
  /** Partitions without an active member. */
  unassigned: number
}

/** Lag by group and topic from `kafka-consumer-groups.sh --describe`. */
export function parseGroups(text: string): GroupLag[] {
  const groups = new Map<string, GroupLag>()
  for (const line of text.split('\n')) {
    const [group = '', topic = '', partition = '', current = '', end = '', lag = '', member = ''] = line
      .trim()
      .split(/\s+/)
    if (!/^\d+$/.test(partition) || !/^(\d+|-)$/.test(lag)) continue
    const key = `${group} ${topic}`
    const sum = groups.get(key) ?? { group, topic, lag: 0, partitions: 0, unassigned: 0 }
    sum.lag += lag === '-' ? Math.max(0, Number(end) - (Number(current) || 0)) : Number(lag)
    sum.partitions += 1
    if (member === '-' || member === '') sum.unassigned += 1
    groups.set(key, sum)
  }
  return [...groups.values()]
}

/** Groups that fall behind. */
export function judgeGroups(groups: GroupLag[]): {
  findings: Finding[]
  views: View[]
  healthy: string
  figure: string
} {
  const worst = Math.max(0, ...groups.map((one) => one.lag))
  const findings: Finding[] = groups
    .filter((one) => one.lag >= LAG_WARN)
    .map((one) => ({
      severity: one.lag >= LAG_FAIL ? 'fail' : 'warn',
      code: 'kafka.lag',
      title: `${one.group} is ${one.lag.toLocaleString('en')} events behind on ${one.topic}`,
      evidence: [`${count(one.partitions, 'partition')}, ${one.unassigned} without a consumer`],
      remedies: [{ operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/backend-api' } }],
      explainedBy: ['events.stalled', 'kafka.offline'],
    }))
  if (groups.length === 0)
    findings.push({
      severity: 'warn',
      code: 'kafka.no-groups',
      title: 'No consumer group is known to Kafka',
      evidence: [],
      remedies: [],
    })
  return {
    findings,
    healthy: `${count(groups.length, 'consumer group')}, at most ${worst} events behind`,
    figure: `lag ${worst}`,
    views: [
      {
        type: 'table',
        columns: [
          { key: 'group', label: 'Group' },
          { key: 'topic', label: 'Topic' },
          { key: 'lag', label: 'Lag', align: 'right' },
        ],
        rows: groups.slice(0, 100).map((one) => ({
          group: { text: one.group, mono: true },
          topic: { text: one.topic, mono: true },
          lag: {
            text: one.lag.toLocaleString('en'),
            tone:
              one.lag >= LAG_FAIL
                ? ('fail' as const)
                : one.lag >= LAG_WARN
                  ? ('warn' as const)
                  : ('pass' as const),
          },
        })),
      },
    ],
  }
}
