import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { pressFix } from './press-fix'
import { previewStep, previewUndoOf } from './preview-fix'
import { type EngineAtHand, must, person } from './testing'
import { ended, runbookAtHand } from './testing-runbook'

const rami = person('responder')
const VALUE = 'correct-horse-battery'
const TEXT = `---
id: accounts
title: Accounts
---
### Access {#access}

\`\`\`bash
# Look
kubectl get pods -n cms

# Give the key
kubectl create secret generic mail-key --from-literal=user=mailer --from-literal=api-key=$MAIL_KEY -n cms

# Let the registry in
kubectl create secret docker-registry pull --docker-server=registry.example.com --docker-username=<user> --docker-password=<password> -n cms
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

const secret = (name: string): Record<string, string> | undefined =>
  at.cluster.get('Secret', 'cms', name)?.data
const plain = (text = '') => Buffer.from(text, 'base64').toString('utf8')

it('asks for the values at the press, sends them, and keeps them nowhere', { timeout: 60_000 }, async () => {
  const stepId = 'accounts-access/give-the-key'
  const shown = must(await previewStep(rami, { stepId, inputs: {} }))
  expect(shown.plan.asks).toEqual(['api-key', 'user'])
  expect(secret('mail-key')).toBeUndefined()

  const press = (secrets?: Record<string, string>) =>
    pressFix(rami, {
      previewId: shown.previewId,
      hash: shown.hash,
      reason: 'Mail is down',
      ...(secrets ? { secrets } : {}),
    })
  const said = async (secrets?: Record<string, string>) => {
    const refused = await press(secrets)
    return refused.ok ? 'pressed' : refused.error.message
  }
  expect(await said()).toBe('Type the value of api-key.')
  expect(await said({ 'api-key': VALUE, user: '' })).toBe('Type the value of user.')
  expect(await said({ 'api-key': VALUE, user: 'mailer', other: 'x' })).toContain(
    'does not ask for a value "other"',
  )

  const { id } = must(await press({ 'api-key': VALUE, user: 'mailer' }))
  const run = await ended(id)
  expect([run.state, run.plan.act]).toEqual([expect.stringMatching(/verified|succeeded/), 'Create mail-key'])
  expect(plain(secret('mail-key')?.['api-key'])).toBe(VALUE)
  expect(plain(secret('mail-key')?.user)).toBe('mailer')
  for (const form of [VALUE, Buffer.from(VALUE).toString('base64')]) {
    expect(await engine.rowsWith(form)).toEqual([])
    expect(JSON.stringify(engine.events)).not.toContain(form)
  }

  const again = await previewStep(rami, { stepId, inputs: {} })
  expect(again.ok ? '' : again.error.message).toContain('is there already')
  const undo = must(await previewUndoOf(rami, id))
  expect([undo.plan.target, undo.needsApproval]).toEqual([
    { kind: 'Secret', namespace: 'cms', name: 'mail-key' },
    true,
  ])
})

it('asks of a registry for the password only', { timeout: 60_000 }, async () => {
  const stepId = 'accounts-access/let-the-registry-in'
  const shown = must(await previewStep(rami, { stepId, inputs: { user: 'puller' } }))
  expect(shown.plan.asks).toEqual(['password'])
  const { id } = must(
    await pressFix(rami, {
      previewId: shown.previewId,
      hash: shown.hash,
      reason: 'Pods cannot pull',
      secrets: { password: VALUE },
    }),
  )
  await ended(id)
  expect(JSON.parse(plain(secret('pull')?.['.dockerconfigjson']))).toEqual({
    auths: {
      'registry.example.com': {
        username: 'puller',
        password: VALUE,
        auth: Buffer.from(`puller:${VALUE}`).toString('base64'),
      },
    },
  })
  expect(await engine.rowsWith(VALUE)).toEqual([])
})
