/** The two clusters that every suite here runs against, started once for all of them. */
import { execFile } from 'node:child_process'
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import { until } from '../kube-api'
import { startTestCluster, type TestCluster } from '../world'

export interface UnderTest {
  name: 'practice' | 'real'
  kubeconfigFile: string
  kubeconfig: string
  /** Runs kubectl on it; a failure of kubectl is an answer. */
  kubectl(...args: string[]): Promise<{ out: string; err: string; code: number }>
  /** kubectl that must succeed; its output. */
  must(...args: string[]): Promise<string>
  /** Waits until every workload is rolled out and ready. */
  settled(limitMs?: number): Promise<void>
}

export interface Clusters {
  practice: UnderTest & { sandbox: RunningSandbox }
  real: UnderTest & { cluster: TestCluster }
}

function env(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: start this suite by npm run test:cluster.`)
  return value
}

function underTest(name: UnderTest['name'], kubeconfig: string, kubeconfigFile: string): UnderTest {
  const kubectl: UnderTest['kubectl'] = (...args) =>
    new Promise((resolve) => {
      execFile(
        JSON.parse(env('CRASHCART_CLUSTER_PROGRAMS')).kubectl,
        ['--kubeconfig', kubeconfigFile, ...args],
        { timeout: 60_000, maxBuffer: 32 << 20 },
        (failed, out, err) =>
          resolve({ out, err, code: failed ? (typeof failed.code === 'number' ? failed.code : 1) : 0 }),
      )
    })
  const must: UnderTest['must'] = async (...args) => {
    const { out, err, code } = await kubectl(...args)
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} (${name}): ${err || out}`)
    return out
  }
  return {
    name,
    kubeconfig,
    kubeconfigFile,
    kubectl,
    must,
    async settled(limitMs = 180_000) {
      await until(
        async () => {
          const { items } = JSON.parse(await must('get', 'deploy,sts,ds', '-A', '-o', 'json'))
          const waiting = items.flatMap(
            // biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
            (one: any) => {
              const wanted = one.spec.replicas ?? one.status.desiredNumberScheduled ?? 0
              const counts = [
                one.status.readyReplicas ?? one.status.numberReady ?? 0,
                one.status.updatedReplicas ?? one.status.updatedNumberScheduled ?? 0,
                one.status.replicas ?? wanted,
              ]
              return counts.every((count) => count === wanted) &&
                one.status.observedGeneration === one.metadata.generation
                ? []
                : [`${one.metadata.name} ${counts.join('/')} of ${wanted}`]
            },
          )
          if (waiting.length > 0) throw new Error(waiting.join(', '))
          return true
        },
        `every workload of the ${name} cluster is ready`,
        limitMs,
        500,
      )
    },
  }
}

let started: Promise<Clusters> | undefined

/** Both clusters, ready and filled. The first caller starts them; the process' own end stops them. */
export function clusters(): Promise<Clusters> {
  started ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crashcart-kubeconfigs-'))
    const cluster = await startTestCluster({
      programs: JSON.parse(env('CRASHCART_CLUSTER_PROGRAMS')),
      kafkaClassPath: env('CRASHCART_KAFKA_CLASS_PATH'),
    })
    const sandbox = await startSandbox({ world: createWorld({ settle: false }) })
    const practiceFile = join(folder, 'practice.yaml')
    writeFileSync(practiceFile, sandbox.kubeconfig, { mode: 0o600 })
    const practice = { ...underTest('practice', sandbox.kubeconfig, practiceFile), sandbox }
    const file = cluster.controlPlane.kubeconfigFile('crashcart')
    const real = { ...underTest('real', cluster.controlPlane.kubeconfig('crashcart'), file), cluster }
    await cluster.settled(240_000)
    await cluster.seed()
    return { practice, real }
  })()
  return started
}

export async function stopClusters(): Promise<void> {
  const both = await started?.catch(() => undefined)
  await both?.practice.sandbox.stop()
  await both?.real.cluster.stop()
}

/** One line of the table that is printed at the end: what a step did on one of the clusters. */
export function note(step: string, side: UnderTest['name'], what: string): void {
  appendFileSync(env('CRASHCART_CLUSTER_TABLE'), `${JSON.stringify({ step, side, what })}\n`)
}
