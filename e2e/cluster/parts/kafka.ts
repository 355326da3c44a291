/** A real Kafka broker: KRaft, each of the three both broker and controller. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { javaProgram } from '../kafka-jars'
import type { ContainerContext, Launch, Part } from './types'

/** Any 16 bytes as base64; the same on all brokers and at every start. */
const CLUSTER_ID = 'Y3Jhc2hjYXJ0LWthZmthMQ'
const BROKERS = [0, 1, 2]
const BOOTSTRAP = ['--bootstrap-server', 'localhost:9092']

/**
 * Two cores serve a whole cluster here: less compiling, one thread for the garbage, no file of counters in /tmp. Names
 * come from the pod's hosts file alone: no name server is there, and waiting for one would take half a minute a name.
 */
const JVM = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
  '-XX:-UsePerfData',
  '-Djdk.net.hosts.file=/etc/hosts',
]

const SCRIPTS = {
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-consumer-groups.sh': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-console-producer.sh': 'kafka.tools.ConsoleProducer',
  'kafka-console-consumer.sh': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
}

/** Starts, stops, elections and warnings; not each partition's way through the brokers, nor the values of settings. */
const BROKER_LOG = `log4j.rootLogger=INFO, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n
log4j.logger.state.change.logger=WARN
log4j.logger.kafka.cluster=WARN
log4j.logger.kafka.coordinator=WARN
log4j.logger.kafka.log=WARN
log4j.logger.kafka.server.KafkaConfig=WARN
log4j.logger.kafka.server.ReplicaFetcherManager=WARN
log4j.logger.kafka.server.ReplicaFetcherThread=WARN
log4j.logger.org.apache.kafka.clients=WARN
log4j.logger.org.apache.kafka.common.config.AbstractConfig=WARN
log4j.logger.org.apache.kafka.controller=WARN
log4j.logger.org.apache.kafka.image=WARN
`

/** As in Kafka's tools-log4j.properties: what a tool prints is its answer, warnings go beside it. */
const TOOLS_LOG = `log4j.rootLogger=WARN, stderr
log4j.appender.stderr=org.apache.log4j.ConsoleAppender
log4j.appender.stderr.layout=org.apache.log4j.PatternLayout
log4j.appender.stderr.layout.ConversionPattern=[%d] %p %m (%c)%n
log4j.appender.stderr.Target=System.err
`

/** A pod that starts again has another address: names are asked for anew, not kept as long as Java does. */
const JAVA_SECURITY = 'networkaddress.cache.ttl=1\nnetworkaddress.cache.negative.ttl=0\n'

function brokerSettings(context: ContainerContext, logs: string): string {
  const [, service = '', ordinal = ''] = /^(.+)-(\d+)$/.exec(context.pod) ?? []
  if (!BROKERS.includes(Number(ordinal || Number.NaN)))
    throw new Error(`${context.pod} is not one of the brokers ${service || 'kafka'}-0 to -2.`)
  const host = (id: number | string) => `${service}-${id}.${service}.${context.namespace}`
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': ordinal,
    'controller.quorum.voters': BROKERS.map((id) => `${id}@${host(id)}:9093`).join(','),
    // The controller tells its address from this; for 0.0.0.0 it would look up the machine's name, unknown in pods.
    listeners: `PLAINTEXT://0.0.0.0:9092,CONTROLLER://${context.ip}:9093`,
    'advertised.listeners': `PLAINTEXT://${host(ordinal)}:9092`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logs,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': '3',
    'min.insync.replicas': '2',
    'offsets.topic.replication.factor': '3',
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': '3',
    'transaction.state.log.min.isr': '2',
    'group.initial.rebalance.delay.ms': '0',
    // Threads, buffers and files for a few hundred records on a small machine.
    'num.network.threads': '2',
    'num.io.threads': '2',
    'background.threads': '2',
    'num.recovery.threads.per.data.dir': '1',
    'log.cleaner.dedupe.buffer.size': '4194304',
    'metadata.max.idle.interval.ms': '2000',
    // On a busy machine 2 s without an answer from the leader is no reason for an election.
    'controller.quorum.fetch.timeout.ms': '4000',
    'controller.quorum.election.timeout.ms': '2000',
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

/** Part of the image `apache/kafka`; `classPath` comes from `kafkaJars`. */
export function kafkaPart(classPath: string): Part {
  return {
    image: /^apache\/kafka:3\.9\.\d+$/,
    async launch(context): Promise<Launch> {
      const java = javaProgram()
      if (!java) throw new Error('Java is not installed.')
      const { scratch } = context
      const write = (name: string, text: string, mode = 0o644) => {
        const file = join(scratch, name)
        writeFileSync(file, text)
        chmodSync(file, mode)
        return file
      }
      const logs = join(context.volume, 'kafka-logs')
      mkdirSync(logs, { recursive: true })
      const settings = write('server.properties', brokerSettings(context, logs))
      const brokerLog = write('log4j.properties', BROKER_LOG)
      const toolsLog = write('tools-log4j.properties', TOOLS_LOG)
      const security = write('java.security', JAVA_SECURITY)
      const common = [java, ...JVM, `-Djava.security.properties=${security}`, '-cp', classPath]
      const tool = (main: string) => [...common, `-Dlog4j.configuration=file:${toolsLog}`, main]

      const programs: Record<string, string> = {
        ls: '/usr/bin/ls',
        cat: '/usr/bin/cat',
        free: '/usr/bin/free',
      }
      for (const [name, main] of Object.entries(SCRIPTS)) {
        const words = [...tool(main).slice(0, 1), '-Xmx128m', ...tool(main).slice(1)]
        programs[name] = write(name, `#!/bin/sh\nexec ${words.map(quoted).join(' ')} "$@"\n`, 0o755)
      }
      // Formatting a formatted folder does nothing, but costs the start of a JVM.
      const format = [
        ...tool('kafka.tools.StorageTool'),
        'format',
        '--ignore-formatted',
        '--cluster-id',
        CLUSTER_ID,
        '--config',
        settings,
      ]
      return {
        prepare: existsSync(join(logs, 'meta.properties')) ? [] : [format],
        argv: [
          ...common,
          '-Xms128m',
          '-Xmx256m',
          `-Dlog4j.configuration=file:${brokerLog}`,
          'kafka.Kafka',
          settings,
        ],
        env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
        programs,
      }
    },
  }
}

/** A word for the shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** Topics as in the practice cluster, with the group that reads each. */
export const kafkaTopics: readonly { name: string; partitions: number; group?: string }[] = [
  { name: 'orders.events', partitions: 6, group: 'backend-api-orders' },
  { name: 'users.events', partitions: 3, group: 'backend-api-users' },
  { name: 'search.index', partitions: 3 },
]

const RECORDS = 60

/**
 * Makes the topics, with a few records each, and lets the groups read them to the end. `run` starts a program of a
 * broker's pod and returns its standard output; it throws when the program fails. May run again.
 */
export async function seedKafka(run: (argv: string[], stdin?: string) => Promise<string>): Promise<void> {
  for (const { name, partitions, group } of kafkaTopics) {
    await run([
      'kafka-topics.sh',
      ...BOOTSTRAP,
      '--create',
      '--if-not-exists',
      ...['--topic', name, '--partitions', String(partitions), '--replication-factor', '3'],
    ])
    // Keys spread the records over the partitions; without, they would all land in one.
    const records = Array.from({ length: RECORDS }, (_, index) => `${index}:{"event":${index}}\n`).join('')
    await run(
      [
        'kafka-console-producer.sh',
        ...BOOTSTRAP,
        ...['--topic', name, '--producer-property', 'acks=all'],
        ...['--property', 'parse.key=true', '--property', 'key.separator=:'],
      ],
      records,
    )
    if (!group) continue
    await run([
      'kafka-console-consumer.sh',
      ...BOOTSTRAP,
      ...['--topic', name, '--group', group, '--from-beginning'],
      ...['--max-messages', String(RECORDS), '--timeout-ms', '20000'],
    ])
  }
}
