import type { ContainerInstance, ExecOutcome, ProgramHttpResponse } from '../../types'
import { failed, Log, MIB, noProgram, type Process, printed, processesOf, type Scene } from '../scene'
import { kafkaConnection } from './kafka-wire'

const TOPICS = [
  { name: 'orders.events', partitions: 6 },
  { name: 'users.events', partitions: 3 },
  { name: 'search.index', partitions: 3 },
]
/** Time from typing a Kafka script to its first answer, on a fast machine. */
const JVM_START_MS = 600

const GROUPS = [
  { group: 'backend-api-orders', topic: 'orders.events', partitions: 6 },
  { group: 'backend-api-users', topic: 'users.events', partitions: 3 },
]

/** The state of the brokers: which are up, and how far consumers are. */
export class Kafka {
  constructor(private readonly scene: () => Scene) {}

  /** Ids of brokers that answer. */
  brokers(): number[] {
    return processesOf(this.scene(), 'kafka').flatMap((one) =>
      one.listens(9092) ? [Number(one.instance.pod.metadata.name.split('-').at(-1))] : [],
    )
  }

  brokersUp(): number {
    return this.brokers().length
  }

  /** The broker that keeps a group's offsets. */
  coordinator(group: string): number {
    const up = this.brokers()
    return up[GROUPS.findIndex((one) => one.group === group) % Math.max(1, up.length)] ?? up[0] ?? -1
  }

  /** Offset after the last event of a partition. */
  endOf(partition: number): number {
    return 40_000 + partition * 311
  }

  /** Topics with their partitions; `leader` is absent where every replica is down. */
  topics() {
    const up = new Set(this.brokers())
    return TOPICS.map(({ name, partitions }) => ({
      name,
      partitions: Array.from({ length: partitions }, (_, id) => {
        const replicas = [0, 1, 2].map((offset) => (id + offset) % 3)
        const inSync = replicas.filter((one) => up.has(one))
        return { id, leader: inSync[0], replicas, inSync }
      }),
    }))
  }

  /** Groups with how far each has read, and who reads. */
  groups() {
    const stalled = this.scene().groupLag()
    return GROUPS.map(({ group, topic, partitions }) => ({
      group,
      topic,
      offsets: Array.from({ length: partitions }, (_, partition) => {
        const end = this.endOf(partition)
        const behind = group === 'backend-api-orders' && stalled > 0
        const lag = behind ? Math.round(stalled / partitions) : partition % 2
        const member = {
          id: `consumer-${partition}`,
          host: `/10.244.0.1${partition}`,
          client: 'backend-api',
        }
        return { partition, current: end - lag, end, lag, member }
      }),
    }))
  }

  describeTopics(): string {
    return this.topics()
      .map(({ name, partitions }) => {
        const rows = partitions.map(
          (one) =>
            `\tTopic: ${name}\tPartition: ${one.id}\tLeader: ${one.leader ?? 'none'}\tReplicas: ${one.replicas.join(',')}\tIsr: ${one.inSync.join(',')}\tElr: \tLastKnownElr: \n`,
        )
        return `Topic: ${name}\tTopicId: k1aX0zV9Q5i${partitions.length}\tPartitionCount: ${partitions.length}\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n${rows.join('')}`
      })
      .join('')
  }

  describeGroups(): string {
    const header =
      'GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID                HOST            CLIENT-ID\n'
    return this.groups()
      .map(({ group, topic, offsets }) => {
        const rows = offsets.map(
          (one) =>
            `${group} ${topic} ${one.partition} ${one.current} ${one.end} ${one.lag} ${one.member.id} ${one.member.host} ${one.member.client}\n`,
        )
        return `\n${header}${rows.join('')}`
      })
      .join('')
  }

  list(): string {
    return TOPICS.map((topic) => `${topic.name}\n`).join('')
  }
}

/** One broker and the scripts beside it. */
export class KafkaProcess implements Process {
  readonly log = new Log()

  constructor(
    readonly instance: ContainerInstance,
    private readonly scene: Scene,
  ) {
    this.log.write(
      scene.now(),
      `[KafkaServer id=${this.instance.pod.metadata.name.split('-').at(-1)}] started (kafka.server.KafkaRaftServer)`,
    )
  }

  listens(port: number): boolean {
    return port === 9092 && !this.scene.hung.has(this.instance.pod.metadata.uid)
  }

  async http(): Promise<ProgramHttpResponse | 'refused'> {
    return 'refused'
  }

  connect(port: number): ((chunk: Buffer) => Buffer) | undefined {
    if (!this.listens(port)) return undefined
    const { name = '', namespace = '' } = this.instance.pod.metadata
    const set = name.slice(0, name.lastIndexOf('-'))
    return kafkaConnection({
      id: Number(name.split('-').at(-1)),
      kafka: this.scene.kafka,
      hostOf: (id) => `${set}-${id}.${set}.${namespace}`,
    })
  }

  async exec(argv: string[]): Promise<ExecOutcome> {
    const name = (argv[0] ?? '').split('/').at(-1) ?? ''
    if (name !== 'kafka-topics.sh' && name !== 'kafka-consumer-groups.sh') return noProgram(name)
    if (!argv.includes('--bootstrap-server'))
      return failed('Missing required argument "[bootstrap-server]"\n')
    // Kafka's scripts are Java programs: starting one takes most of a second, in life and here.
    await new Promise((resolve) => setTimeout(resolve, JVM_START_MS))
    if (!this.listens(9092))
      return failed(
        'WARN [AdminClient clientId=adminclient-1] Connection to node -1 (localhost/127.0.0.1:9092) could not be established. Node may not be available.\nError while executing command : Timed out waiting for a node assignment. Call: listTopics\n',
      )
    if (name === 'kafka-consumer-groups.sh') {
      if (argv.includes('--list')) return printed(GROUPS.map((one) => `${one.group}\n`).join(''))
      return argv.includes('--describe')
        ? printed(this.scene.kafka.describeGroups())
        : failed(
            'Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets\n',
          )
    }
    if (argv.includes('--list')) return printed(this.scene.kafka.list())
    return argv.includes('--describe')
      ? printed(this.scene.kafka.describeTopics())
      : failed('Command must include exactly one action: --list, --describe, --create, --alter or --delete\n')
  }

  usage() {
    return { cpuMillicores: 140, memoryBytes: 1_100 * MIB }
  }

  tick(): void {}

  async stop(): Promise<void> {}
}
