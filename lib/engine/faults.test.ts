import { afterAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../sandbox/server'
import type { RunningSandbox } from '../../sandbox/types'
import { createWorld } from '../../sandbox/world/world'
import { operationById } from '../operations/catalogue'
import type { Fix, Progress } from '../operations/types'
import { loadRunbook } from '../runbooks/library'
import type { BoundStep, Runbook } from '../runbooks/types'
import { type Cluster, connectCluster } from '../targets/cluster/connect'
import { boardOf } from './board'
import { fillParams } from './fill-params'
import { performChecks } from './perform-check'
import { answers } from './remedies'
import type { BoardState } from './types'

/** For each fault the step that the board must suggest and that must cure it. */
const CURES: Record<string, string> = {
  'bad-release': 'service-not-responding/roll-back-to-the-former-release',
  'backend-hung': 'service-not-responding/restart-the-deployment',
  'selector-broken': 'service-not-responding/set-the-selector-of-the-service',
  'scaled-to-zero': 'service-not-responding/scale-up',
  'jwt-secret-stale': 'authentication/restart-the-deployment',
  'jwt-secret-weak': 'authentication/rotate-the-jwt-secret',
  'token-ttl-too-short': 'authentication/set-the-token-lifetime',
  'cors-wildcard': 'authentication/set-the-allowed-origins',
  'rate-limit-too-low': 'rate-limiting/raise-the-rate-limits',
  'breaker-threshold-too-low': 'circuit-breakers/set-the-breaker-threshold',
  'memory-limit-too-low': 'memory-and-cpu/raise-the-limits',
  'autoscaler-missing': 'memory-and-cpu/create-the-autoscaler',
  'breakers-stuck-open': 'circuit-breakers/reset-the-breakers-on-every-pod',
  'event-consumer-stalled': 'events-cqrs/restart-event-processing',
  'log-silence': 'logging-and-monitoring/restart-the-deployment',
  'metrics-endpoint-broken': 'metrics/restart-the-deployment',
  'db-pool-exhausted': 'database-connections/raise-the-pool-size',
  'db-down': 'database-connections/restart-the-database',
  'db-credentials-stale': 'database-connections/restart-the-deployment',
  'db-connections-leaked': 'connection-pool/end-sessions-that-are-idle-in-transaction',
  'replica-lag': 'data-consistency/resume-replay-on-the-replica',
  'statement-logging-on': 'database-queries/stop-logging-every-statement',
  'event-sequence-gap': 'events-cqrs/rebuild-the-read-models',
  'redis-down': 'rate-limiting/restart-redis',
  'rate-limit-keys-stuck': 'rate-limiting/remove-the-rate-limit-keys',
  'stale-event-cache': 'events-cqrs/remove-the-event-cache',
  'cache-memory-full': 'caching/clear-the-cache',
  'cache-ttl-too-short': 'caching/set-the-cache-lifetime',
  'stale-cache': 'data-consistency/refresh-the-cache',
  'backup-stale': 'data-recovery/take-a-dump',
  'kafka-broker-down': 'events-cqrs/restart-kafka',
  'inference-down': 'circuit-breakers/restart-the-inference-gateway',
  'kong-down': 'api-gateway/restart-kong',
  'kong-config-stale': 'api-gateway/reload-kong',
  'fluentd-down': 'logging-and-monitoring/restart-the-log-agents',
  'prometheus-wedged': 'logging-and-monitoring/restart-prometheus',
}

/** What every test run goes through; `npm run test:faults` goes through all of them. */
const SHORT = [
  'db-pool-exhausted',
  'selector-broken',
  'kong-config-stale',
  'redis-down',
  'backup-stale',
  'jwt-secret-stale',
]
/** `all`, or names with commas. */
const wanted = process.env.CRASHCART_FAULTS
const chosen = wanted === 'all' ? Object.keys(CURES) : (wanted?.split(',') ?? SHORT)

/** The step ends sessions that have been idle for 5 s: pressed earlier it leaves the younger ones. */
const RIPENS_MS: Record<string, number> = { 'db-connections-leaked': 7_000 }

/** Symptoms take their time: probes fail several times, statistics move, logs are written. */
const SHOWS_WITHIN_MS = 60_000
const HEALTHY_WITHIN_MS = 40_000

interface Bench {
  sandbox: RunningSandbox
  cluster: Cluster
  runbook: Runbook
}

let bench: Bench | undefined

/** A healthy practice cluster. A cured one serves the next fault too; one that a failed test left is thrown away. */
async function healthyBench(): Promise<Bench> {
  if (!bench) {
    const loaded = await loadRunbook('backend-services')
    if (!loaded.ok) throw new Error(loaded.error.message)
    const sandbox = await startSandbox({ world: createWorld({ settle: false }) })
    const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
    if (!connected.ok) throw new Error(connected.error.message)
    bench = { sandbox, cluster: connected.value, runbook: loaded.value }
  }
  await until(bench, 90_000, (board) => notHealthy(board).map((one) => `${one.cardId}: ${one.summary}`), [])
  return bench
}

const notHealthy = (board: BoardState) => board.cards.filter((card) => card.verdict !== 'pass')

async function lookAt({ cluster, runbook }: Bench): Promise<BoardState> {
  const { results } = await performChecks({
    runbook,
    stepIds: runbook.cards.flatMap((card) =>
      card.steps.filter((step) => step.kind === 'check').map((step) => step.id),
    ),
    cluster,
    signal: AbortSignal.timeout(60_000),
  })
  return boardOf({ runbook, results })
}

/** Checks everything until what is read off the board is as wanted; after the limit the difference is the failure. */
async function until<T>(
  at: Bench,
  limitMs: number,
  read: (board: BoardState) => T,
  wantedValue: T,
): Promise<BoardState> {
  const end = Date.now() + limitMs
  for (;;) {
    const board = await lookAt(at)
    const seen = read(board)
    if (JSON.stringify(seen) === JSON.stringify(wantedValue)) return board
    if (Date.now() > end) {
      expect(seen, JSON.stringify(notHealthy(board), null, 1)).toEqual(wantedValue)
      throw new Error('It became as wanted only after the time was up.')
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

function stepOf(runbook: Runbook, id: string): BoundStep {
  const step = runbook.cards.flatMap((card) => card.steps).find((one) => one.id === id)
  if (step?.kind !== 'fix') throw new Error(`The runbook has no fix ${id}.`)
  return step
}

/** Plans, sends and watches a step with its default inputs; its last words. */
async function run({ cluster }: Bench, step: BoundStep): Promise<Progress> {
  const operation = operationById(step.operation)
  if (operation?.effect !== 'write') throw new Error(`${step.operation} is no fix.`)
  const fix = operation as Fix<unknown>
  const filled = fillParams(step)
  if (!filled.ok) throw new Error(filled.error.message)
  const base = { signal: AbortSignal.timeout(120_000), now: () => new Date(), secrets: {} }
  const plan = await fix.plan(
    { ...base, cluster: cluster.reader, dryRun: cluster.dryRun },
    fix.params.parse(filled.value),
  )
  if (!plan.ok) throw new Error(`${step.id} cannot be planned: ${plan.error.message}`)
  const applied = await fix.apply({ ...base, cluster: cluster.writer, runId: 'fix_matrix' }, plan.value)
  if (!applied.ok) throw new Error(`${step.id} was refused: ${applied.error.message}`)
  let last: Progress = { state: 'unknown', message: 'nothing was seen of it' }
  for await (const progress of fix.verify({ ...base, cluster: cluster.reader }, plan.value, applied.value))
    last = progress
  return last
}

afterAll(async () => {
  await bench?.sandbox.stop()
})

describe('the faults of the practice cluster', () => {
  it('have a cure each, which is a fix of the runbook', async () => {
    expect(
      createWorld()
        .faults.map((fault) => fault.name)
        .sort(),
    ).toEqual(Object.keys(CURES).sort())
    const loaded = await loadRunbook('backend-services')
    if (!loaded.ok) throw new Error(loaded.error.message)
    for (const id of Object.values(CURES)) expect(stepOf(loaded.value, id).kind).toBe('fix')
  })
})

describe.each(chosen)('%s', (name) => {
  it('shows on its cards and no others, is answered with its cure, and that cures it', {
    timeout: 300_000,
  }, async () => {
    const at = await healthyBench()
    const { world } = at.sandbox
    const fault = world.faults.find((one) => one.name === name)
    const cure = stepOf(at.runbook, CURES[name] ?? '')
    let cured = false
    try {
      await world.inject(name)
      await until(
        at,
        SHOWS_WITHIN_MS,
        (board) => ({
          cards: notHealthy(board)
            .map((card) => card.cardId)
            .sort(),
          suggested: board.cards
            .flatMap((card) => card.suggests)
            .some((id) =>
              answers(stepOf(at.runbook, id), { operation: cure.operation, params: { ...cure.params } }),
            ),
        }),
        { cards: [...(fault?.cards ?? [])].sort(), suggested: true },
      )
      await new Promise((resolve) => setTimeout(resolve, RIPENS_MS[name] ?? 0))
      const last = await run(at, cure)
      expect(last.state, last.message).toBe('done')
      await expect.poll(() => world.active(name), { timeout: HEALTHY_WITHIN_MS }).toBe(false)
      await until(
        at,
        HEALTHY_WITHIN_MS,
        (board) => notHealthy(board).map((card) => `${card.cardId}: ${card.summary}`),
        [],
      )
      cured = true
    } finally {
      if (!cured) {
        await at.sandbox.stop()
        bench = undefined
      }
    }
  })
})
