import type { ContainerInstance, ExecOutcome, ProgramHttpResponse } from '../../types'
import { failed, Log, MIB, noProgram, type Process, printed, processesOf, type Scene } from '../scene'

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

  private replicas(partition: number): number[] {
    return [0, 1, 2].map((offset) => (partition + offset) % 3)
  }

  describeTopics(): string {
    const up = new Set(this.brokers())
    return TOPICS.map((topic) => {
      const rows = Array.from({ length: topic.partitions }, (_, partition) => {
        const replicas = this.replicas(partition)
        const inSync = replicas.filter((id) => up.has(id))
        return `\tTopic: ${topic.name}\tPartition: ${partition}\tLeader: ${inSync[0] ?? 'none'}\tReplicas: ${replicas.join(',')}\tIsr: ${inSync.join(',')}\tElr: \tLastKnownElr: \n`
      })
      return `Topic: ${topic.name}\tTopicId: k1aX0zV9Q5i${topic.partitions}\tPartitionCount: ${topic.partitions}\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n${rows.join('')}`
    }).join('')
  }

  describeGroups(): string {
    const stalled = this.scene().groupLag()
    const header =
      'GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID                HOST            CLIENT-ID\n'
    return GROUPS.map(
      ({ group, topic, partitions }) =>
        `\n${header}${Array.from({ length: partitions }, (_, partition) => {
          const end = 40_000 + partition * 311
          const lag =
            group === 'backend-api-orders' && stalled > 0 ? Math.round(stalled / partitions) : partition % 2
          return `${group} ${topic} ${partition} ${end - lag} ${end} ${lag} consumer-${partition} /10.244.0.1${partition} backend-api\n`
        }).join('')}`,
    ).join('')
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
