/**
 * The part of Kafka's protocol that reads: what a client asks to learn of brokers, topics, groups and offsets.
 * Sizes and field orders are those of https://kafka.apache.org/protocol for the versions named in `VERSIONS`.
 */
import type { Kafka } from './kafka'

const KEY = {
  listOffsets: 2,
  metadata: 3,
  offsetFetch: 9,
  findCoordinator: 10,
  describeGroups: 15,
  listGroups: 16,
  apiVersions: 18,
} as const

/** One version of each request is enough: clients take what they are offered. */
const VERSIONS: Record<number, [number, number]> = {
  [KEY.listOffsets]: [2, 2],
  [KEY.metadata]: [5, 5],
  [KEY.offsetFetch]: [3, 3],
  [KEY.findCoordinator]: [1, 1],
  [KEY.describeGroups]: [1, 1],
  [KEY.listGroups]: [1, 1],
  [KEY.apiVersions]: [0, 2],
}

const ERROR = { none: 0, leaderNotAvailable: 5, notLeader: 6, notCoordinator: 16, unsupportedVersion: 35 }
const EARLIEST = -2n
/** A request of more bytes than this is not one of those below. */
const MOST_BYTES = 1 << 20

class Reader {
  private at = 0
  constructor(private readonly bytes: Buffer) {}
  int8 = () => this.bytes.readInt8(this.step(1))
  int16 = () => this.bytes.readInt16BE(this.step(2))
  int32 = () => this.bytes.readInt32BE(this.step(4))
  int64 = () => this.bytes.readBigInt64BE(this.step(8))
  string = () => {
    const length = this.int16()
    return length < 0 ? '' : this.bytes.toString('utf8', this.step(length), this.at)
  }
  array = <T>(item: () => T): T[] => Array.from({ length: Math.max(0, this.int32()) }, item)
  private step(size: number): number {
    const from = this.at
    this.at += size
    if (this.at > this.bytes.length) throw new Error('the request is cut short')
    return from
  }
}

const int8 = (value: number) => Buffer.from([value & 255])
const int16 = (value: number) => {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const int64 = (value: number | bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}
const string = (value: string | undefined) =>
  value === undefined ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
const bytes = (value: Buffer) => Buffer.concat([int32(value.length), value])
const struct = (...fields: Buffer[]) => Buffer.concat(fields)
const array = <T>(items: readonly T[], write: (item: T) => Buffer) =>
  struct(int32(items.length), ...items.map(write))
const NO_THROTTLE = int32(0)

/** Which broker a connection leads to, and how brokers are found by their clients. */
export interface BrokerView {
  id: number
  kafka: Kafka
  /** Host names by broker id, as advertised. */
  hostOf(id: number): string
}

/** One client's connection: takes bytes as they come, gives back the answers to what is complete. */
export function kafkaConnection(broker: BrokerView): (chunk: Buffer) => Buffer {
  let waiting = Buffer.alloc(0)
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    const answers: Buffer[] = []
    while (waiting.length >= 4) {
      const size = waiting.readInt32BE(0)
      if (size < 0 || size > MOST_BYTES) throw new Error(`a request of ${size} bytes`)
      if (waiting.length < 4 + size) break
      answers.push(bytes(answer(broker, new Reader(waiting.subarray(4, 4 + size)))))
      waiting = waiting.subarray(4 + size)
    }
    return Buffer.concat(answers)
  }
}

function answer(broker: BrokerView, request: Reader): Buffer {
  const key = request.int16()
  const version = request.int16()
  const correlation = int32(request.int32())
  request.string() // the client's name
  const [least, most] = VERSIONS[key] ?? [0, -1]
  if (version < least || version > most) {
    // A client that asks for versions in too new a form is told those that there are; others would not understand.
    if (key === KEY.apiVersions)
      return struct(
        correlation,
        int16(ERROR.unsupportedVersion),
        array([], () => Buffer.alloc(0)),
      )
    throw new Error(`request ${key} of version ${version} is not known here`)
  }
  return struct(correlation, body(broker, key, version, request))
}

function body(broker: BrokerView, key: number, version: number, request: Reader): Buffer {
  switch (key) {
    case KEY.apiVersions: {
      const known = array(Object.entries(VERSIONS), ([id, [least, most]]) =>
        struct(int16(Number(id)), int16(least), int16(most)),
      )
      return struct(int16(ERROR.none), known, ...(version > 0 ? [NO_THROTTLE] : []))
    }
    case KEY.metadata:
      return metadata(broker, request.array(request.string))
    case KEY.findCoordinator: {
      const id = broker.kafka.coordinator(request.string())
      return struct(
        NO_THROTTLE,
        int16(ERROR.none),
        string(undefined),
        int32(id),
        string(broker.hostOf(id)),
        int32(9092),
      )
    }
    case KEY.listGroups: {
      const own = broker.kafka.groups().filter((one) => broker.kafka.coordinator(one.group) === broker.id)
      return struct(
        NO_THROTTLE,
        int16(ERROR.none),
        array([...new Set(own.map((one) => one.group))], (group) =>
          struct(string(group), string('consumer')),
        ),
      )
    }
    case KEY.describeGroups:
      return struct(
        NO_THROTTLE,
        array(request.array(request.string), (group) => described(broker, group)),
      )
    case KEY.offsetFetch:
      return committed(broker, request.string(), request)
    default:
      return offsets(broker, request)
  }
}

function metadata(broker: BrokerView, wanted: string[]): Buffer {
  const { kafka } = broker
  const up = kafka.brokers()
  const topics = kafka.topics().filter((one) => wanted.length === 0 || wanted.includes(one.name))
  return struct(
    NO_THROTTLE,
    array(up, (id) => struct(int32(id), string(broker.hostOf(id)), int32(9092), string(undefined))),
    string('practice'),
    int32(up[0] ?? -1),
    array(topics, (topic) =>
      struct(
        int16(ERROR.none),
        string(topic.name),
        int8(0),
        array(topic.partitions, (one) =>
          struct(
            int16(one.leader === undefined ? ERROR.leaderNotAvailable : ERROR.none),
            int32(one.id),
            int32(one.leader ?? -1),
            array(one.replicas, int32),
            array(one.inSync, int32),
            array(
              one.replicas.filter((id) => !up.includes(id)),
              int32,
            ),
          ),
        ),
      ),
    ),
  )
}

function described(broker: BrokerView, group: string): Buffer {
  const parts = broker.kafka.groups().filter((one) => one.group === group)
  const here = broker.kafka.coordinator(group) === broker.id
  return struct(
    int16(here ? ERROR.none : ERROR.notCoordinator),
    string(group),
    string(parts.length > 0 ? 'Stable' : 'Dead'),
    string('consumer'),
    string('range'),
    array(
      here ? parts.flatMap((part) => part.offsets.map((one) => ({ ...one, topic: part.topic }))) : [],
      (one) =>
        struct(
          string(one.member.id),
          string(one.member.client),
          string(one.member.host),
          bytes(Buffer.alloc(0)),
          bytes(
            struct(
              int16(0),
              array([one.topic], (topic) => struct(string(topic), array([one.partition], int32))),
              bytes(Buffer.alloc(0)),
            ),
          ),
        ),
    ),
  )
}

function committed(broker: BrokerView, group: string, request: Reader): Buffer {
  const wanted = request.array(() => {
    const topic = request.string()
    request.array(request.int32)
    return topic
  })
  const parts = broker.kafka
    .groups()
    .filter((one) => one.group === group && (wanted.length === 0 || wanted.includes(one.topic)))
  return struct(
    NO_THROTTLE,
    array(parts, (part) =>
      struct(
        string(part.topic),
        array(part.offsets, (one) =>
          struct(int32(one.partition), int64(one.current), string(''), int16(ERROR.none)),
        ),
      ),
    ),
    int16(broker.kafka.coordinator(group) === broker.id ? ERROR.none : ERROR.notCoordinator),
  )
}

function offsets(broker: BrokerView, request: Reader): Buffer {
  request.int32() // the replica that asks: -1, a client
  request.int8() // isolation level: there are no transactions here
  const topics = broker.kafka.topics()
  return struct(
    NO_THROTTLE,
    array(
      request.array(() => ({
        name: request.string(),
        wanted: request.array(() => ({ id: request.int32(), time: request.int64() })),
      })),
      ({ name, wanted }) =>
        struct(
          string(name),
          array(wanted, ({ id, time }) => {
            const found = topics.find((one) => one.name === name)?.partitions.find((one) => one.id === id)
            const here = found?.leader === broker.id
            return struct(
              int32(id),
              int16(here ? ERROR.none : ERROR.notLeader),
              int64(-1),
              int64(time === EARLIEST ? 0 : broker.kafka.endOf(id)),
            )
          }),
        ),
    ),
  )
}
