import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { approveRequest } from './approve-fix'
import { pressFix } from './press-fix'
import { previewStep } from './preview-fix'
import { type EngineAtHand, must, person } from './testing'
import { ended, runbookAtHand } from './testing-runbook'

const rami = person('responder')
const ada = person('approver')
const TEXT = `---
id: clients
title: Clients
---
### Redis {#redis}

\`\`\`bash
# Who is connected
kubectl exec redis-0 -n storage -- redis-cli CLIENT LIST | cut -d' ' -f1 | sed s/id/<name>/

# Not there
kubectl exec redis-0 -n storage -- appctl dump
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

async function carryOut(stepId: string, inputs: Record<string, string> = {}) {
  const shown = must(await previewStep(rami, { stepId, inputs }))
  const { previewId, hash } = shown
  const asked = must(await pressFix(rami, { previewId, hash, reason: 'Too many clients' }))
  expect(asked.output).toBeUndefined()
  must(await approveRequest(ada, { runId: asked.id, confirmName: 'redis-0' }))
  return { shown, run: await ended(asked.id) }
}

it('shows what a program printed, through the pipe that was approved with it', {
  timeout: 60_000,
}, async () => {
  const { shown, run: done } = await carryOut('clients-redis/who-is-connected', { name: 'client' })
  expect(shown.plan.changes).toContainEqual({
    type: 'text',
    title: expect.stringContaining('What it prints'),
    text: "| cut '-d ' -f1 | sed s/id/client/",
  })
  expect(done.state).toMatch(/verified|succeeded/)
  expect(done.output?.map(({ text }) => text.trim())).toEqual([
    'client=3',
    expect.stringContaining('name=backend-api'),
  ])
})

it('takes only a plain word into the pipe', async () => {
  const stepId = 'clients-redis/who-is-connected'
  expect(await previewStep(rami, { stepId, inputs: { name: 'x/e' } })).toMatchObject({ ok: true })
  expect(await previewStep(rami, { stepId, inputs: { name: 'x;w /tmp/y' } })).toMatchObject({
    error: { code: 'invalid_input', message: expect.stringContaining('one plain word') },
  })
})

it('shows why a program failed', { timeout: 60_000 }, async () => {
  const { run: done } = await carryOut('clients-redis/not-there')
  expect(done).toMatchObject({ state: 'failed', outcome: expect.stringContaining('ended with code 12') })
  expect(done.output?.some(({ text }) => text.includes('appctl'))).toBe(true)
})
