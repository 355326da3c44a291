import 'server-only'
import { type Admin, AssignerProtocol, type ISocketFactory, Kafka, logLevel } from 'kafkajs'
import pLimit from 'p-limit'
import { appError } from '../../core/errors'
import { log } from '../../core/log'
import { err, ok, type Result } from '../../core/result'
import type { KafkaBrokers, KafkaState } from '../types'
import { PodSocket } from './port-forward'
import type { Transport } from './transport'

const LIMIT_MS = 6_000
const CONNECT_MS = 2_000
/** Topics, and groups, that are read within the limit; of more the scripts tell. */
const MOST = 500
/** Brokers that are asked for the others before giving up. */
const TRIED = 3

/**
 * What the brokers themselves say of topics, partitions, consumer groups and their offsets, over the Kafka protocol
 * through port-forwards: the same requests that Kafka's scripts send, without the start of a Java program in the pod,
 * which takes one to three seconds. Errors (target_unavailable): nobody answers in plain text on that port (a listener
 * may want TLS or a password), an address that belongs to no pod, a partition without a leader. The scripts tell more.
 */
export async function readKafka(transport: Transport, brokers: KafkaBrokers): Promise<Result<KafkaState>> {
  const silent: string[] = []
  let failure = 'there is no broker to ask'
  for (const pod of brokers.pods.slice(0, TRIED)) {
    const answer = await askThrough(transport, brokers, pod)
    if (typeof answer !== 'string') return ok({ ...answer, askedPod: pod.name, silentPods: silent })
    failure = answer
    silent.push(pod.name)
  }
  return err(appError('target_unavailable', `Kafka was not read by its protocol: ${failure}`))
}

type Answer = Pick<KafkaState, 'partitions' | 'groups'>

/** The state as the broker in one pod and those it names tell it, or why it could not be had. */
async function askThrough(
  transport: Transport,
  brokers: KafkaBrokers,
  first: KafkaBrokers['pods'][number],
): Promise<Answer | string> {
  const sockets = new Set<PodSocket>()
  const kafka = new Kafka({
    clientId: 'crashcart',
    // Under the name by which it is advertised, the library needs no second connection to it.
    brokers: [`${first.address ?? first.name}:${brokers.port}`],
    connectionTimeout: CONNECT_MS,
    requestTimeout: LIMIT_MS,
    retry: { retries: 0 },
    logLevel: logLevel.ERROR,
    logCreator: () => (entry) => log.debug({ kafka: entry.log.message }, 'Kafka client'),
    socketFactory: ({ host, port, onConnect }) => {
      const pod = podOf(brokers, host)
      if (!pod) throw new Error(`${host} is not the address of a broker's pod`)
      const socket = new PodSocket(transport, { namespace: brokers.namespace, name: pod, port })
      sockets.add(socket)
      socket.once('connect', onConnect)
      // The library reads only what a plain socket and this stream have in common.
      return socket as unknown as ReturnType<ISocketFactory>
    },
  })
  const admin = kafka.admin()
  let timer: NodeJS.Timeout | undefined
  try {
    const tooLong = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${first.name} took too long`)), LIMIT_MS)
    })
    return await Promise.race([ask(admin), tooLong])
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  } finally {
    clearTimeout(timer)
    for (const socket of sockets) socket.destroy()
    // Every socket is gone already; this only lets the library forget its own timers.
    admin.disconnect().catch(() => {})
  }
}

async function ask(admin: Admin): Promise<Answer> {
  await admin.connect()
  const [{ topics }, { groups: listed }] = await Promise.all([admin.fetchTopicMetadata(), admin.listGroups()])
  // Part of the truth would pass for the whole of it; the scripts read all.
  if (topics.length > MOST || listed.length > MOST)
    throw new Error(`there are more than ${MOST} topics or groups`)
  const partitions = topics.flatMap((topic) =>
    topic.partitions.map((one) => ({
      topic: topic.name,
      partition: one.partitionId,
      leader: one.leader,
      replicas: one.replicas,
      inSync: one.isr,
    })),
  )
  const ids = listed.map((one) => one.groupId)
  if (ids.length === 0) return { partitions, groups: [] }
  const limit = pLimit(8)
  const [{ groups: described }, committed] = await Promise.all([
    admin.describeGroups(ids),
    Promise.all(ids.map((groupId) => limit(() => admin.fetchOffsets({ groupId })))),
  ])
  const followed = [...new Set(committed.flat().map((one) => one.topic))]
  const ends = new Map(
    await Promise.all(
      followed.map((topic) =>
        limit(async () => {
          const offsets = await admin.fetchTopicOffsets(topic)
          return [topic, new Map(offsets.map((one) => [one.partition, Number(one.high)]))] as const
        }),
      ),
    ),
  )
  return {
    partitions,
    groups: ids.map((group, index) => {
      const known = described.find((one) => one.groupId === group)
      // Groups of other kinds, such as Kafka Connect's, write something else where consumers write their partitions.
      const members = known?.protocolType === 'consumer' ? known.members : []
      const owners = new Map(
        members.flatMap((member) => {
          const assigned = AssignerProtocol.MemberAssignment.decode(member.memberAssignment)?.assignment ?? {}
          return Object.entries(assigned).flatMap(([topic, numbers]) =>
            numbers.map((number) => [`${topic} ${number}`, member] as const),
          )
        }),
      )
      return {
        group,
        partitions: (committed[index] ?? []).flatMap(({ topic, partitions: own }) =>
          own.map(({ partition, offset }) => {
            const owner = owners.get(`${topic} ${partition}`)
            return {
              topic,
              partition,
              ...(Number(offset) >= 0 ? { current: Number(offset) } : {}),
              ...(ends.get(topic)?.has(partition) ? { end: ends.get(topic)?.get(partition) ?? 0 } : {}),
              ...(owner
                ? { member: { id: owner.memberId, host: owner.clientHost, client: owner.clientId } }
                : {}),
            }
          }),
        ),
      }
    }),
  }
}

/** The pod behind the address that a broker advertises: its name, its stable name in the cluster, or its IP. */
function podOf(brokers: KafkaBrokers, host: string): string | undefined {
  return brokers.pods.find(
    (pod) => host === pod.name || host.startsWith(`${pod.name}.`) || pod.ips.includes(host),
  )?.name
}
