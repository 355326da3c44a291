import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSandbox } from '../../sandbox/server'
import type { RunningSandbox } from '../../sandbox/types'
import { createWorld } from '../../sandbox/world/world'
import { operationById } from '../operations/catalogue'
import { loadRunbook } from '../runbooks/library'
import type { Runbook } from '../runbooks/types'
import { type Cluster, connectCluster } from '../targets/cluster/connect'
import { boardOf } from './board'
import { fillParams } from './fill-params'
import { performChecks } from './perform-check'
import type { BoardState } from './types'

let sandbox: RunningSandbox
let cluster: Cluster
let runbook: Runbook

beforeAll(async () => {
  const loaded = await loadRunbook('ai-services')
  if (!loaded.ok) throw new Error(loaded.error.message)
  runbook = loaded.value
  sandbox = await startSandbox({ world: createWorld() })
  const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
  if (!connected.ok) throw new Error(connected.error.message)
  cluster = connected.value
}, 60_000)
afterAll(() => sandbox?.stop())

async function look(): Promise<BoardState> {
  const stepIds = runbook.cards.flatMap((card) =>
    card.steps.filter((step) => step.kind === 'check').map((step) => step.id),
  )
  const { results } = await performChecks({ runbook, stepIds, cluster, signal: AbortSignal.timeout(60_000) })
  return boardOf({ runbook, results })
}

const verdicts = (board: BoardState) =>
  Object.fromEntries(board.cards.map((card) => [card.cardId, card.verdict]))

it('is well where all is well, and only its gateway fails when that does not answer', {
  timeout: 90_000,
}, async () => {
  const well = verdicts(await look())
  expect(well).toEqual(Object.fromEntries(runbook.cards.map((card) => [card.id, 'pass'])))

  await sandbox.world.inject('inference-down')
  const end = Date.now() + 60_000
  let seen = well
  while (seen.gateway !== 'fail' && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    seen = verdicts(await look())
  }
  expect(seen).toMatchObject({
    gateway: 'fail',
    model: 'pass',
    memory: 'pass',
    release: 'pass',
    scheduling: 'pass',
  })
})

it('has fixes that can be previewed as they stand', async () => {
  const signal = AbortSignal.timeout(30_000)
  const context = {
    cluster: cluster.reader,
    dryRun: cluster.dryRun,
    signal,
    now: () => new Date(),
    secrets: {},
  }
  const said: Record<string, string> = {}
  for (const step of runbook.cards.flatMap((card) => card.steps)) {
    const operation = step.kind === 'fix' ? operationById(step.operation) : undefined
    if (step.kind !== 'fix' || operation?.effect !== 'write') continue
    const filled = fillParams(
      step,
      step.inputs.some((input) => input.name === 'node') ? { node: 'node-a' } : {},
    )
    if (!filled.ok) throw new Error(`${step.id}: ${filled.error.message}`)
    const plan = await operation.plan(context, operation.params.parse(filled.value))
    said[step.id] = plan.ok ? 'previewed' : plan.error.message
  }
  const refused = expect.stringMatching(/no earlier revision|nothing would change/)
  expect(said).toEqual({
    'gateway/restart-the-gateway': 'previewed',
    'gateway/roll-the-gateway-back': refused,
    'model/restart-the-model-server': 'previewed',
    'errors/close-the-breakers-of-the-callers': 'previewed',
    'memory/raise-the-model-s-memory': 'previewed',
    'queueing/run-more-gateways': 'previewed',
    'queueing/run-more-model-servers': 'previewed',
    'scheduling/let-pods-onto-a-node-again': refused,
    'release/roll-the-model-back': refused,
    'take-out/stop-every-replica-of-the-model': 'previewed',
    'take-out/bring-the-model-back': refused,
  })
})

it('stops a model with a second person only, and brings it back', { timeout: 60_000 }, async () => {
  const signal = AbortSignal.timeout(60_000)
  const base = { signal, now: () => new Date(), secrets: {} }
  const carryOut = async (id: string) => {
    const step = runbook.cards.flatMap((card) => card.steps).find((one) => one.id === id)
    const operation = step?.kind === 'fix' ? operationById(step.operation) : undefined
    if (step?.kind !== 'fix' || operation?.effect !== 'write') throw new Error(`${id} is no fix.`)
    const filled = fillParams(step)
    if (!filled.ok) throw new Error(filled.error.message)
    const params = operation.params.parse(filled.value)
    const plan = await operation.plan({ ...base, cluster: cluster.reader, dryRun: cluster.dryRun }, params)
    if (!plan.ok) throw new Error(plan.error.message)
    const applied = await operation.apply(
      { ...base, cluster: cluster.writer, runId: 'fix_model' },
      plan.value,
    )
    if (!applied.ok) throw new Error(applied.error.message)
    let last = ''
    for await (const { state } of operation.verify(
      { ...base, cluster: cluster.reader },
      plan.value,
      applied.value,
    ))
      last = state
    return { risk: operation.risk, last }
  }
  expect(await carryOut('take-out/stop-every-replica-of-the-model')).toEqual({ risk: 'high', last: 'done' })
  expect(verdicts(await look()).model).toBe('fail')
  expect(await carryOut('take-out/bring-the-model-back')).toEqual({ risk: 'low', last: 'done' })
})
