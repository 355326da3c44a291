import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import { appError } from '../../core/errors'
import { err } from '../../core/result'
import { type Cluster, connectCluster } from '../../targets/cluster/connect'
import type { ClusterReader } from '../../targets/types'
import { consumerLag } from './consumer-lag'
import { topics } from './topics'

const CHECKS = { topics, 'consumer lag': consumerLag }
const BROKER = { namespace: 'messaging', pod: 'kafka-0' }

let sandbox: RunningSandbox
let cluster: Cluster

beforeAll(async () => {
  sandbox = await startSandbox({ world: createWorld({ settle: true }) })
  const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
  if (!connected.ok) throw new Error(connected.error.message)
  cluster = connected.value
}, 60_000)

afterAll(() => sandbox.stop())

/** The reader of somebody who may not port-forward, or whose brokers want TLS. */
const withoutProtocol = (): ClusterReader =>
  new Proxy(cluster.reader, {
    get: (target, key) =>
      key === 'kafka'
        ? async () => err(appError('forbidden', 'no port-forward'))
        : typeof target[key as keyof ClusterReader] === 'function'
          ? (target[key as keyof ClusterReader] as CallableFunction).bind(target)
          : target[key as keyof ClusterReader],
  })

const look = (check: keyof typeof CHECKS, reader: ClusterReader = cluster.reader) =>
  CHECKS[check].run(
    { cluster: reader, signal: AbortSignal.timeout(20_000), now: () => new Date(), secrets: {} },
    BROKER,
  )

describe.each(Object.keys(CHECKS) as (keyof typeof CHECKS)[])('%s', (name) => {
  it('is judged alike over the protocol and by the script in the pod', async () => {
    const spoken = await look(name)
    const typed = await look(name, withoutProtocol())
    expect(spoken.raw[0]?.label).toMatch(/Kafka's protocol/)
    expect(typed.raw[0]?.label).toMatch(/^kafka-[a-z-]+\.sh --describe$/)
    expect(spoken.verdict).toBe('pass')
    expect({ ...spoken, raw: [] }).toEqual({ ...typed, raw: [] })
  })

  it('fails over the protocol as by the script when the trouble is in Kafka', async () => {
    const fault = name === 'topics' ? 'kafka-broker-down' : 'event-consumer-stalled'
    await fetch(`${sandbox.url}/sandbox/faults/${fault}`, { method: 'POST' })
    try {
      await expect.poll(async () => (await look(name)).verdict, { timeout: 15_000 }).toBe('fail')
      const spoken = await look(name)
      const typed = await look(name, withoutProtocol())
      expect(spoken.raw[0]?.label).toMatch(/Kafka's protocol/)
      expect(spoken.findings).toEqual(typed.findings)
    } finally {
      await fetch(`${sandbox.url}/sandbox/faults/${fault}`, { method: 'DELETE' })
    }
  }, 40_000)
})

it('asks a broker that is there when the named one is silent, and says so', async () => {
  const state = await cluster.reader.kafka({
    namespace: 'messaging',
    port: 9092,
    pods: ['kafka-9', 'kafka-1', 'kafka-0', 'kafka-2'].map((name) => ({ name, ips: [] })),
  })
  expect(state).toMatchObject({ ok: true, value: { askedPod: 'kafka-1', silentPods: ['kafka-9'] } })
})

it('says why when nobody speaks Kafka on that port', async () => {
  const state = await cluster.reader.kafka({
    namespace: 'messaging',
    port: 9999,
    pods: [{ name: 'kafka-0', ips: [] }],
  })
  expect(state).toMatchObject({ ok: false, error: { code: 'target_unavailable' } })
  expect(state.ok ? '' : state.error.message).toMatch(/connection refused/i)
})
