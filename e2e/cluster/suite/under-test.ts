/** The two clusters that every suite here runs against, started once for all of them. */
import { execFile, spawn } from 'node:child_process'
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
  /** A session of PostgreSQL that begins a transaction and then does nothing. */
  leaveTransactionOpen(): Promise<void>
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

/** The kubectl of the same release as the control plane. */
export function kubectlProgram(): string {
  return JSON.parse(env('CRASHCART_CLUSTER_PROGRAMS')).kubectl
}

function underTest(
  name: UnderTest['name'],
  kubeconfig: string,
  kubeconfigFile: string,
): Omit<UnderTest, 'leaveTransactionOpen'> {
  const kubectl: UnderTest['kubectl'] = (...args) =>
    new Promise((resolve) => {
      execFile(
        kubectlProgram(),
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

let practiceStarted: Promise<Clusters['practice']> | undefined
let realStarted: Promise<Clusters['real']> | undefined

async function startPractice(): Promise<Clusters['practice']> {
  const sandbox = await startSandbox({ world: createWorld({ settle: false }) })
  const file = join(mkdtempSync(join(tmpdir(), 'crashcart-kubeconfig-')), 'practice.yaml')
  writeFileSync(file, sandbox.kubeconfig, { mode: 0o600 })
  return {
    ...underTest('practice', sandbox.kubeconfig, file),
    sandbox,
    leaveTransactionOpen: () => sandbox.world.inject('db-connections-leaked'),
  }
}

async function startReal(): Promise<Clusters['real']> {
  const cluster = await startTestCluster({
    programs: JSON.parse(env('CRASHCART_CLUSTER_PROGRAMS')),
    kafkaClassPath: env('CRASHCART_KAFKA_CLASS_PATH'),
  })
  await cluster.settled(240_000)
  await cluster.seed()
  const { controlPlane } = cluster
  const file = controlPlane.kubeconfigFile('crashcart')
  return {
    ...underTest('real', controlPlane.kubeconfig('crashcart'), file),
    cluster,
    async leaveTransactionOpen() {
      // Its standard input stays open, so psql waits for more; the fix ends its session, and with it psql.
      const psql = [
        'exec',
        '-i',
        'postgresql-primary-0',
        '-n',
        'storage',
        '--',
        'psql',
        '-d',
        'aic_production',
      ]
      const session = spawn(kubectlProgram(), ['--kubeconfig', file, ...psql], {
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      session.stdin.write('BEGIN;\nSELECT 1;\n')
      setTimeout(() => session.stdin.end(), 60_000).unref()
    },
  }
}

/** The practice cluster of this process, ready. The first caller starts it. */
export function practiceCluster(): Promise<Clusters['practice']> {
  practiceStarted ??= startPractice()
  return practiceStarted
}

/** The real cluster of this process, ready and filled. The first caller starts it. */
export function realCluster(): Promise<Clusters['real']> {
  realStarted ??= startReal()
  return realStarted
}

/** One of the two by its name. */
export function clusterNamed(name: UnderTest['name']): Promise<Clusters['practice'] | Clusters['real']> {
  return name === 'real' ? realCluster() : practiceCluster()
}

/** Stops what this process started. */
export async function stopClusters(): Promise<void> {
  const real = await realStarted?.catch(() => undefined)
  const practice = await practiceStarted?.catch(() => undefined)
  await Promise.all([real?.cluster.stop(), practice?.sandbox.stop()])
}

/** One line of the table that is printed at the end: what a step did on one of the clusters. */
export function note(step: string, side: UnderTest['name'], what: string): void {
  appendFileSync(env('CRASHCART_CLUSTER_TABLE'), `${JSON.stringify({ step, side, what })}\n`)
}
