/** 5,000 pods: how long the board's verdicts take once the pods are watched, what reaches a browser, what it costs in memory. */
import pLimit from 'p-limit'
import { startSweep } from '@/lib/engine/sweep'
import { engineAtHand, person } from '@/lib/engine/testing'
import { subscribe } from '@/lib/live/hub'
import { node, SIMULATED } from '../e2e/cluster/control-plane/kwok-resources'
import { until } from '../e2e/cluster/kube-api'
import type { TestCluster } from '../e2e/cluster/world'

const PODS = 5_000
const NAMESPACES = 10
const NODES = 50
const ROUNDS = 5
const MS_AT_MOST = 1_000
const BYTES_AT_MOST = 50_000

async function fill({ api }: TestCluster): Promise<void> {
  const atOnce = pLimit(24)
  for (let n = 0; n < NODES; n++) await api.create('/api/v1/nodes', node(`crowd-${n}`, { taint: SIMULATED }))
  for (let n = 0; n < NAMESPACES; n++)
    await api.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: `crowd-${n}` },
    })
  for (let n = 0; n < NAMESPACES; n++)
    await until(
      async () =>
        (await api.send('GET', `/api/v1/namespaces/crowd-${n}/serviceaccounts/default`)).status === 200,
      'the namespace has its service account',
    )
  await Promise.all(
    Array.from({ length: PODS }, (_, index) =>
      atOnce(() =>
        api.create(`/api/v1/namespaces/crowd-${index % NAMESPACES}/pods`, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `pod-${index}`, labels: { app: `app-${index % 40}`, [SIMULATED]: 'true' } },
          spec: {
            nodeName: `crowd-${index % NODES}`,
            tolerations: [{ key: SIMULATED, operator: 'Exists' }],
            containers: [{ name: 'app', image: 'registry.aicorp.com/app:1.0.0' }],
          },
        }),
      ),
    ),
  )
  await until(
    async () => {
      const pending = await api.get('/api/v1/pods?fieldSelector=status.phase%3DPending&limit=1')
      return pending.items.length === 0
    },
    'all of them run',
    300_000,
    1_000,
  )
}

/** Prints what was measured and says whether both figures were reached. */
export async function manyPods(cluster: TestCluster): Promise<boolean> {
  await fill(cluster)
  const engine = await engineAtHand({
    kubeconfig: cluster.controlPlane.kubeconfig('crashcart'),
    url: 'http://127.0.0.1:9',
  })
  try {
    const sweep = async () => {
      let bytes = 0
      const started = performance.now()
      const ended = new Promise<void>((resolve) => {
        const leave = subscribe((event) => {
          // As /api/live writes it.
          bytes += Buffer.byteLength(`data: ${JSON.stringify(event)}\n\n`)
          if (event.type !== 'sweep-finished') return
          leave()
          resolve()
        })
      })
      const asked = await startSweep(person('responder'), { scope: 'all' })
      if (!asked.ok) throw new Error(asked.error.message)
      await ended
      return { ms: performance.now() - started, bytes }
    }
    const memoryBefore = process.memoryUsage().rss
    const first = await sweep()
    // The first sync goes on beside the first sweep.
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    const rounds: { ms: number; bytes: number }[] = []
    for (let i = 0; i < ROUNDS; i++) rounds.push(await sweep())
    const middle = (of: (one: { ms: number; bytes: number }) => number) =>
      rounds.map(of).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN
    const ms = middle((one) => one.ms)
    const bytes = middle((one) => one.bytes)
    const row = (what: string, value: number, limit: number) =>
      console.log(
        `${value <= limit ? 'reached' : 'MISSED '}  ${(value / limit).toFixed(3)} (at most 1.000)  ${what}`,
      )
    console.log(`${PODS} pods in ${NAMESPACES} namespaces on ${NODES} nodes`)
    row(`verdicts of the board once pods are watched, ${Math.round(ms)} ms ÷ 1 s`, ms, MS_AT_MOST)
    row(`what reaches a browser, ${Math.round(bytes / 1000)} kB ÷ 50 kB`, bytes, BYTES_AT_MOST)
    const mib = (value: number) => `${Math.round(value / 1048576)} MiB`
    console.log(
      `         first sweep ${Math.round(first.ms)} ms; memory of this process, which is the nodes' agent too: ${mib(memoryBefore)} before, ${mib(process.memoryUsage().rss)} after`,
    )
    return ms <= MS_AT_MOST && bytes <= BYTES_AT_MOST
  } finally {
    await engine.stop()
  }
}
