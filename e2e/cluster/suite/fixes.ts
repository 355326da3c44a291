/** Every fix of the runbook on both clusters: previewed, pressed, approved where it must be, verified, undone. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { approveRequest } from '@/lib/engine/approve-fix'
import { executions } from '@/lib/engine/execute-fix'
import { readRun } from '@/lib/engine/fix-store'
import { pressFix } from '@/lib/engine/press-fix'
import { previewStep, previewUndoOf } from '@/lib/engine/preview-fix'
import { type EngineAtHand, engineAtHand, must, person } from '@/lib/engine/testing'
import type { FixRun, Preview } from '@/lib/engine/types'
import type { BoundStep, Runbook } from '@/lib/runbooks/types'
import { mayRead } from '@/lib/targets/exec-allow-list'
import { backendRunbook } from './checks'
import { PREPARATIONS, type Preparation } from './preparations'
import { NAMESPACE } from './same-side'
import { clusterNamed, note, realCluster, type UnderTest } from './under-test'

/** Where the practice page would switch faults: nobody does here. */
export const NO_PRACTICE_PAGE = 'http://127.0.0.1:9'
const REASON = 'Test of every fix'
/** A pattern of step ids, for looking at some of them; else all. */
const WANTED = new RegExp(process.env.CRASHCART_FIXES ?? '')

/**
 * Namespaces whose fixes go one after the other; the two lanes go side by side. The service needs its databases, so
 * their fixes would disturb each other; nothing of the rest is needed by them.
 */
const LANES = ['backend-services storage', 'the rest'] as const

function laneOf(step: BoundStep): (typeof LANES)[number] {
  return LANES[0].split(' ').includes(String(step.params.namespace)) ? LANES[0] : LANES[1]
}

/** Whether a request is about the namespaces of a lane; what is about none of them is everybody's. */
function isOf(lane: (typeof LANES)[number], line: string): boolean {
  const [, namespace] = /\/namespaces\/([\w-]+)\//.exec(line) ?? []
  if (namespace === NAMESPACE) return false
  return namespace === undefined || LANES[0].split(' ').includes(namespace) === (lane === LANES[0])
}

/** Fixes of the runbook, those with equal operation and parameters once. */
export function differentFixes(runbook: Runbook): BoundStep[] {
  const seen = new Map<string, BoundStep>()
  for (const step of runbook.cards.flatMap((card) => card.steps))
    if (step.kind === 'fix') {
      const key = JSON.stringify([step.operation, step.params])
      if (!seen.has(key)) seen.set(key, step)
    }
  return [...seen.values()]
}

/** Presses what was previewed, lets a second person approve what needs it, and waits for its end. */
export async function carryOut(shown: Preview): Promise<FixRun> {
  let run = must(
    await pressFix(person('responder'), { previewId: shown.previewId, hash: shown.hash, reason: REASON }),
  )
  if (run.state === 'awaiting_approval')
    run = must(
      await approveRequest(person('approver'), { runId: run.id, confirmName: run.plan.confirmName ?? '' }),
    )
  await executions().get(run.id)
  const ended = await readRun(run.id)
  if (!ended) throw new Error(`There is no run ${run.id}.`)
  return ended.run
}

/** Verbs and paths that the API server says Crashcart sent, without reads. */
function witnessed(auditLog: string, from: number): string[] {
  return readFileSync(auditLog, 'utf8')
    .slice(from)
    .split('\n')
    .filter((line) => line.includes('"user":{"username":"crashcart"'))
    .map((line) => JSON.parse(line))
    .filter(
      (event) =>
        event.stage === 'ResponseComplete' ||
        (event.stage === 'ResponseStarted' && event.objectRef?.subresource === 'exec'),
    )
    .filter(
      (event) => !['get', 'list', 'watch'].includes(event.verb) || event.objectRef?.subresource === 'exec',
    )
    .filter((event) => !event.requestURI.includes('selfsubject') && !event.userAgent?.startsWith('kubectl'))
    .map((event) => `${event.verb} ${event.requestURI}`)
}

/** Whether a witnessed request changes something: no dry run, and no program that only reads. */
function isChange(line: string): boolean {
  const [verb = '', uri = ''] = line.split(' ')
  if (uri.includes('dryRun=All')) return false
  const { pathname, searchParams } = new URL(uri, 'https://cluster')
  if (pathname.endsWith('/exec')) return !mayRead(searchParams.getAll('command'))
  return !['get', 'list'].includes(verb)
}

/** Registers them. What `beside` registers, in a namespace of its own, goes on while they are pressed. */
export function fixesSuite(side: UnderTest['name'], beside?: () => void): void {
  describe(`fixes on the ${side} cluster`, () => {
    let under: UnderTest
    let auditLog: string | undefined
    let runbook: Runbook
    let engine: EngineAtHand
    let pressing: Promise<string[]>
    beforeAll(async () => {
      under = await clusterNamed(side)
      auditLog = side === 'real' ? (await realCluster()).cluster.controlPlane.auditLog : undefined
      runbook = await backendRunbook()
      engine = await engineAtHand({ kubeconfig: under.kubeconfig, url: NO_PRACTICE_PAGE })
      pressing = pressAll()
    }, 600_000)
    afterAll(async () => {
      await engine?.stop()
    }, 90_000)

    it('there is a preparation for each that needs one, and for no other', async () => {
      const ids = new Set(runbook.cards.flatMap((card) => card.steps.map((step) => step.id)))
      expect(Object.keys(PREPARATIONS).filter((id) => !ids.has(id))).toEqual([])
    })

    beside?.()

    it('each is previewed, pressed, verified and undone', { timeout: 2_400_000 }, async () => {
      expect(await pressing).toEqual([])
    })

    async function pressAll(): Promise<string[]> {
      const wanted = differentFixes(runbook).filter((step) => WANTED.test(step.id))
      const lanes = LANES.map((lane) => wanted.filter((step) => laneOf(step) === lane))
      return (await Promise.all(lanes.map(inOrder))).flat()
    }

    async function inOrder(steps: readonly BoundStep[]): Promise<string[]> {
      const failed: string[] = []
      for (const step of steps) {
        const started = Date.now()
        try {
          await under.settled(120_000)
          const told = await oneFix(step)
          note(step.id, side, `${told}, ${Math.round((Date.now() - started) / 1000)} s`)
          console.log(`${side} ${step.id}: ${told} in ${Date.now() - started} ms`)
        } catch (cause) {
          const why = cause instanceof Error ? cause.message : String(cause)
          failed.push(`${step.id}: ${why}`)
          note(step.id, side, 'FAILED')
          console.log(`${side} ${step.id}: FAILED ${why}`)
        }
      }
      return failed
    }

    async function oneFix(step: BoundStep): Promise<string> {
      const preparation = PREPARATIONS[step.id] ?? {}
      try {
        await preparation.before?.(under)
        return await pressed(step, preparation)
      } finally {
        // Also after a failure: what was broken for this fix must not stand in the way of the next.
        await preparation.finally?.(under)
      }
    }

    async function pressed(step: BoundStep, preparation: Preparation): Promise<string> {
      const lane = laneOf(step)
      const before = auditLog ? readFileSync(auditLog, 'utf8').length : 0
      const shown = must(
        await previewStep(person('responder'), { stepId: step.id, inputs: preparation.inputs ?? {} }),
      )
      if (auditLog)
        expect(
          witnessed(auditLog, before).filter((line) => isChange(line) && isOf(lane, line)),
          'a preview changes nothing',
        ).toEqual([])
      const run = await carryOut(shown)
      expect(['verified', 'succeeded'], `${run.state}: ${run.outcome} ${run.error?.message ?? ''}`).toContain(
        run.state,
      )
      await preparation.after?.(under)
      const sent = auditLog
        ? witnessed(auditLog, before).filter((line) => isChange(line) && isOf(lane, line))
        : []
      if (auditLog) expect(sent.length, 'the API server saw the change').toBeGreaterThan(0)
      if (run.state === 'succeeded') console.log(`  ${run.outcome}`)
      let told = `${run.state}${auditLog ? ` (${sent.length} sent)` : ''}`
      if (run.undo.possible) {
        await under.settled(120_000)
        const back = must(await previewUndoOf(person('responder'), run.id))
        const undone = await carryOut(back)
        const wanted = preparation.undoBringsTrouble ? ['failed'] : ['verified', 'succeeded']
        expect(wanted, `undo: ${undone.state}: ${undone.outcome}`).toContain(undone.state)
        told += ', undone'
      } else told += ', not to be undone'
      return told
    }
  })
}
