import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { readJournal } from '../journal/read'
import { readRun } from './fix-store'
import { pressFix } from './press-fix'
import { previewStep, previewUndoOf } from './preview-fix'
import { type EngineAtHand, must, person } from './testing'
import { ended, runbookAtHand } from './testing-runbook'
import type { Preview } from './types'

const rami = person('responder')
const TEXT = `---
id: labels
title: Labels
---
### Tiers {#tiers}

\`\`\`bash
# Mark it
kubectl label configmap backend-api-config -n backend-services tier=gold --overwrite
\`\`\`
`

let at: PracticeAtHand
let engine: EngineAtHand
beforeAll(async () => {
  at = await practiceAtHand()
  engine = await runbookAtHand(at.sandbox, TEXT)
}, 120_000)
afterAll(async () => {
  await engine?.stop()
  await at?.sandbox.stop()
})

const tier = () =>
  at.cluster.get('ConfigMap', 'backend-services', 'backend-api-config')?.metadata.labels?.tier

async function press({ previewId, hash }: Preview) {
  return ended(must(await pressFix(rami, { previewId, hash, reason: 'Practice' })).id)
}

it('a typed change is taken back by a fix of its own, which is previewed as every other', {
  timeout: 60_000,
}, async () => {
  const before = tier()
  const run = await press(must(await previewStep(rami, { stepId: 'labels-tiers/mark-it', inputs: {} })))
  expect([run.state, run.undo.possible, tier()]).toEqual([
    expect.stringMatching(/verified|succeeded/),
    true,
    'gold',
  ])

  // The title says what is done, the object to what; who looks again by itself is not the person.
  const object = 'change ConfigMap backend-api-config in backend-services'
  await expect
    .poll(
      async () =>
        (await readJournal({ actor: rami.id }, engine.database.db)).rows.map(({ text }) => text).reverse(),
      { timeout: 15_000 },
    )
    .toEqual([
      `Rami Responder pressed: Mark it (${object}). Reason: Practice`,
      expect.stringMatching(/^Mark it \(.*\): Done in \d+ s$/),
      `Crashcart checked everything after a fix of Rami Responder: Mark it (${object}).`,
    ])

  const back = must(await previewUndoOf(rami, run.id))
  expect(back).toMatchObject({
    title: 'Undo: Mark it',
    plan: { changes: [{ type: 'diff', before: expect.stringContaining('tier: gold') }] },
  })
  expect(tier()).toBe('gold')
  const undone = await press(back)
  expect([undone.state, tier()]).toEqual([expect.stringMatching(/verified|succeeded/), before])
  expect((await readRun(run.id))?.row.undoneBy).toBe(undone.id)
  expect(await previewUndoOf(rami, run.id)).toMatchObject({
    error: { message: 'This fix has been taken back already.' },
  })
})
