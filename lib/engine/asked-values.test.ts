import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { previewStep } from './preview-fix'
import { latestResults } from './results'
import { startSweep } from './sweep'
import { type EngineAtHand, must, person } from './testing'
import { runbookAtHand } from './testing-runbook'
import type { CheckScope, StepResult } from './types'

/** One check that asks, beside two fixes that ask for more than it takes. */
const TEXT = `---
id: alerts
---
# Alerts

## Pods

### Pods are not ready {#pods}

\`\`\`bash
# Look at them
kubectl get pods -n <namespace>

# Restart them
kubectl rollout restart deployment/<deployment> -n <namespace>

# Scale them
kubectl scale deployment/<deployment> --replicas=3 -n <namespace>
\`\`\`
`
const CARD = 'alerts-pods'
const CHECK = `${CARD}/look-at-them`
const VALUES = { namespace: 'backend-services', deployment: 'backend-api' }

let at: PracticeAtHand
let engine: EngineAtHand
const responder = person('responder')

beforeAll(async () => {
  at = await practiceAtHand()
  engine = await runbookAtHand(at.sandbox, TEXT)
}, 120_000)
afterAll(async () => {
  await engine?.stop()
  await at?.sandbox.stop()
})

async function found(scope: CheckScope): Promise<StepResult | undefined> {
  const started = must(await startSweep(responder, scope))
  await started.done
  return (await latestResults()).find((one) => one.stepId === CHECK)
}

it('checks a card with the values that were given for it, and says what the result is about', async () => {
  const result = await found({ cardId: CARD, inputs: VALUES })
  expect(result?.result).toMatchObject({
    read: '4 pods',
    // The check takes no deployment, whatever the fixes of its card take.
    about: [{ label: 'Namespace', value: 'backend-services' }],
  })
})

it('leaves alone what it has no value for', async () => {
  expect(await startSweep(responder, { cardId: CARD })).toMatchObject({
    ok: false,
    error: { message: 'Each check of this card asks for a value first: run them one by one.' },
  })
  const before = await found({ stepId: CHECK, inputs: { namespace: VALUES.namespace } })
  expect(await found({ scope: 'all' })).toEqual(before)
})

it('refuses a value for a field that a step does not have', async () => {
  expect(await startSweep(responder, { stepId: CHECK, inputs: { ...VALUES } })).toMatchObject({
    ok: false,
    error: { code: 'invalid_input', message: 'This step has no field "deployment".' },
  })
})

it('verifies no fix by a check that somebody would have to give a value to', async () => {
  const preview = must(await previewStep(responder, { stepId: `${CARD}/restart-them`, inputs: VALUES }))
  expect(preview.cures).toEqual([])
})
