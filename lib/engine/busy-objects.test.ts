/** A Deployment in the middle of a rollout is another version with each pod; fixes must work on it all the same. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { executions } from './execute-fix'
import { readRun } from './fix-store'
import { pressFix } from './press-fix'
import { previewStep } from './preview-fix'
import { targetCluster } from './target'
import { type EngineAtHand, engineAtHand, must, person } from './testing'

const RESTART = 'service-not-responding/restart-the-deployment'
const ROLL_BACK = 'service-not-responding/roll-back-to-the-former-release'

let at: PracticeAtHand
let engine: EngineAtHand

beforeAll(async () => {
  at = await practiceAtHand()
  engine = await engineAtHand(at.sandbox)
  // A release, so that there is one to go back to.
  at.restart('Deployment', 'backend-services', 'backend-api')
  await at.until(rolledOut, 'backend-api is ready', 60_000)
}, 120_000)
afterAll(async () => {
  await engine?.stop()
  await at?.sandbox.stop()
})

function deployment() {
  const found = at.cluster.get('Deployment', 'backend-services', 'backend-api')
  if (!found) throw new Error('There is no backend-api.')
  return found
}

function rolledOut(): boolean {
  const { spec, status, metadata } = deployment()
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedReplicas === spec.replicas &&
    status?.readyReplicas === spec.replicas &&
    status?.replicas === spec.replicas
  )
}

/** What a controller does while pods come and go: a new version of the object, nothing else asked of it. */
function counted(): void {
  at.cluster.update('Deployment', 'backend-services', 'backend-api', (one) => {
    one.status = { ...one.status, collisionCount: (one.status?.collisionCount ?? 0) + 1 }
  })
}

/** Puts a change in front of the next calls that write, so many times. */
function busyFor(times: number) {
  const cluster = must(targetCluster())
  let left = times
  const patch = cluster.writer.patch.bind(cluster.writer)
  const dryPatch = cluster.dryRun.dryPatch.bind(cluster.dryRun)
  const meanwhile = () => {
    if (left-- > 0) counted()
  }
  const spies = [
    vi.spyOn(cluster.writer, 'patch').mockImplementation((...asked) => {
      meanwhile()
      return patch(...asked)
    }),
    vi.spyOn(cluster.dryRun, 'dryPatch').mockImplementation((...asked) => {
      meanwhile()
      return dryPatch(...asked)
    }),
  ]
  return () => {
    for (const spy of spies) spy.mockRestore()
  }
}

async function preview(stepId: string) {
  return previewStep(person('responder'), { stepId, inputs: {} })
}

async function press(shown: { previewId: string; hash: string }) {
  const run = must(await pressFix(person('responder'), { ...shown, reason: 'Practice' }))
  await executions().get(run.id)
  return (await readRun(run.id))?.run
}

describe('an object that changes all the time', () => {
  it('is previewed and restarted all the same', async () => {
    const quiet = busyFor(2)
    try {
      const shown = must(await preview(RESTART))
      quiet()
      const again = busyFor(1)
      const run = await press({ previewId: shown.previewId, hash: shown.hash }).finally(again)
      expect(['verified', 'succeeded']).toContain(run?.state)
    } finally {
      quiet()
    }
  }, 120_000)

  it('that never holds still is said to have changed, and nothing is sent', async () => {
    const quiet = busyFor(Number.POSITIVE_INFINITY)
    try {
      expect(await preview(RESTART)).toMatchObject({ ok: false, error: { code: 'stale' } })
    } finally {
      quiet()
    }
  })

  it('is rolled back, since nothing else was asked of it', async () => {
    await at.until(rolledOut, 'backend-api is ready', 60_000)
    const quiet = busyFor(Number.POSITIVE_INFINITY)
    try {
      const shown = must(await preview(ROLL_BACK))
      const run = await press({ previewId: shown.previewId, hash: shown.hash })
      expect(['verified', 'succeeded']).toContain(run?.state)
    } finally {
      quiet()
    }
  }, 120_000)

  it('is not rolled back over what somebody else asked of it meanwhile', async () => {
    await at.until(rolledOut, 'backend-api is ready', 60_000)
    const cluster = must(targetCluster())
    const dryPatch = cluster.dryRun.dryPatch.bind(cluster.dryRun)
    const spy = vi.spyOn(cluster.dryRun, 'dryPatch').mockImplementation((...asked) => {
      at.cluster.update('Deployment', 'backend-services', 'backend-api', (one) => {
        one.spec.minReadySeconds = (one.spec.minReadySeconds ?? 0) + 1
      })
      return dryPatch(...asked)
    })
    try {
      expect(await preview(ROLL_BACK)).toMatchObject({
        ok: false,
        error: { code: 'stale', message: 'It was changed while this was prepared. Preview again.' },
      })
    } finally {
      spy.mockRestore()
    }
  })
})
