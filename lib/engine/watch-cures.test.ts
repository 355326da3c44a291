import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { executions } from './execute-fix'
import { readRun } from './fix-store'
import { pressFix } from './press-fix'
import { previewStep } from './preview-fix'
import { latestResults } from './results'
import { startSweep } from './sweep'
import { type EngineAtHand, engineAtHand, must, person } from './testing'

const RESTART = 'service-recovery/restart-the-deployment-in-an-emergency'
const SCALE = 'service-not-responding/scale-up'
const rami = person('responder')

let at: PracticeAtHand
let engine: EngineAtHand

beforeAll(async () => {
  at = await practiceAtHand()
  engine = await engineAtHand(at.sandbox)
  await at.until(() => readyPods() === 3, 'backend-api is ready', 60_000)
}, 120_000)
afterAll(async () => {
  await engine?.stop()
  await at?.sandbox.stop()
})

const readyPods = () =>
  at.cluster.get('Deployment', 'backend-services', 'backend-api')?.status?.readyReplicas ?? 0

/** Checks a card, and says how its checks stand. */
async function check(cardId: string): Promise<string[]> {
  await must(await startSweep(rami, { cardId })).done
  return (await latestResults()).filter((one) => one.cardId === cardId).map((one) => one.result.verdict)
}

/** Presses a fix; the sentence in which it ends. */
async function press(stepId: string): Promise<string | undefined> {
  const { previewId, hash } = must(await previewStep(rami, { stepId }))
  const { id } = must(await pressFix(rami, { previewId, hash, reason: 'Practice: the checks say so' }))
  await executions().get(id)
  return (await readRun(id))?.run.outcome
}

it('a fix of something healthy says that its checks still pass, not that it recovered', {
  timeout: 60_000,
}, async () => {
  expect(await check('service-recovery')).toEqual(['pass'])
  expect(await press(RESTART)).toMatch(/^Done in \d+ s, its check still passes$/)
})

it('a fix of what a check complained of says that it recovered', { timeout: 60_000 }, async () => {
  at.cluster.update('Deployment', 'backend-services', 'backend-api', (object) => {
    object.spec.replicas = 0
  })
  await at.until(() => readyPods() === 0, 'no pod of backend-api is ready', 30_000)
  expect(await check('service-not-responding')).toContain('fail')
  expect(await press(SCALE)).toMatch(/^Recovered in \d+ s$/)
})
