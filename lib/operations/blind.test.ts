import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../core/errors'
import { fail, ok } from '../core/result'
import { fillParams } from '../engine/fill-params'
import { compileRunbook } from '../runbooks/compile'
import type { ClusterDryRun, ClusterReader, KubeObject } from '../targets/types'
import { CATALOGUE, operationById } from './catalogue'
import { pods } from './kubernetes/checks/pods'
import type { PlanContext } from './types'

const NOW = new Date('2026-03-01T12:00:00Z')

/** A context whose cluster answers everything with one error, and counts what it is asked. */
function blind(code: ErrorCode, message: string): { context: PlanContext; asked: () => number } {
  let asked = 0
  const refuse = async () => {
    asked += 1
    return fail(code, message)
  }
  const reader: ClusterReader = {
    info: { name: 'nowhere', practice: false },
    list: refuse,
    get: refuse,
    logs: refuse,
    recentLines: refuse,
    podGet: refuse,
    serviceGet: refuse,
    rawGet: refuse,
    exec: refuse,
    kafka: refuse,
    table: refuse,
    types: refuse,
    rules: refuse,
    canI: refuse,
    groupVersions: refuse,
  }
  const dryRun: ClusterDryRun = { dryPatch: refuse, dryCreate: refuse, dryReplace: refuse }
  const signal = new AbortController().signal
  return {
    context: { cluster: reader, dryRun, signal, now: () => NOW, secrets: {} },
    asked: () => asked,
  }
}

const file = 'runbooks/backend-services.md'
const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const steps = compileRunbook({ text, file, catalogue: CATALOGUE }).cards.flatMap((card) =>
  card.steps.flatMap((step) => {
    const operation = step.kind === 'guide' ? undefined : operationById(step.operation)
    const filled = step.kind === 'guide' ? undefined : fillParams(step)
    return operation && filled?.ok
      ? [{ id: step.id, operation, params: operation.params.parse(filled.value) }]
      : []
  }),
)

describe('a check that cannot look says so, and never that all is well', () => {
  const checks = steps.flatMap((one) =>
    one.operation.effect === 'read' ? [{ ...one, run: one.operation.run }] : [],
  )

  it('is asked of every check of the runbook', () => {
    expect(checks.length).toBeGreaterThan(50)
  })

  it.each(checks.map((check) => [check.id, check] as const))('%s', async (_id, check) => {
    for (const [code, message] of [
      ['target_unavailable', 'the cluster does not answer'],
      ['forbidden', 'this may not be read'],
    ] as const) {
      const { context, asked } = blind(code, message)
      const result = await check.run(context, check.params)
      expect(asked()).toBeGreaterThan(0)
      expect(result.verdict).toBe('unknown')
      expect(result.summary).toContain(message)
    }
  })
})

describe('a fix that cannot look is not previewed', () => {
  const fixes = steps.flatMap((one) =>
    one.operation.effect === 'write' ? [{ ...one, plan: one.operation.plan }] : [],
  )

  it.each(fixes.map((fix) => [fix.id, fix] as const))('%s', async (_id, fix) => {
    const { context } = blind('target_unavailable', 'the cluster does not answer')
    const plan = await fix.plan(context, fix.params)
    expect(plan).toMatchObject({ ok: false })
    expect(plan.ok ? '' : plan.error.message).not.toBe('')
  })
})

describe('a list of pods that is empty', () => {
  const empty = (): PlanContext => {
    const { context } = blind('internal', 'not asked')
    return { ...context, cluster: { ...context.cluster, list: async () => ok<KubeObject[]>([]) } }
  }

  it('is a failure where pods should be', async () => {
    expect(await pods.run(empty(), { namespace: 'shop' })).toMatchObject({
      verdict: 'fail',
      summary: 'There are no pods in shop',
    })
  })

  it('is what one hopes for when failed pods are asked for', async () => {
    expect(await pods.run(empty(), { fieldSelector: 'status.phase=Failed' })).toMatchObject({
      verdict: 'pass',
    })
  })
})
