import 'server-only'
import { may, PERMISSIONS } from '../access/roles'
import { canonicalJson } from '../core/canonical'
import { MINUTE } from '../core/clock'
import { newId, sha256 } from '../core/ids'
import { redactDeep } from '../core/redact'
import { fail, ok, type Result } from '../core/result'
import { db } from '../db/client'
import { storableJson } from '../db/storable'
import { operationById } from '../operations/catalogue'
import type { Applied, Fix, Json, Plan } from '../operations/types'
import { runsUnasked } from '../runbooks/asks'
import type { BoundStep, Runbook } from '../runbooks/types'
import { shareReads } from '../targets/shared-reads'
import { filledFor, fillFilters, fillParams } from './fill-params'
import { readRun } from './fix-store'
import { captureFor } from './perform-check'
import { answers } from './remedies'
import { latestResults } from './results'
import { targetCluster, targetRunbook } from './target'
import type { Actor, Preview, StepResult } from './types'

/** A preview older than this shows a past; it must be made again. */
const PREVIEW_MS = 10 * MINUTE
/** How long the steps may take whose output a fix takes as values. */
const CAPTURE_LIMIT_MS = 30_000
/** Checks run to verify one fix. */
const CURES_AT_MOST = 8

/** What a person confirms and an approver approves: operation, parameters, and what would change. */
export function hashOfPlan(operation: string, params: unknown, plan: Plan): string {
  return sha256(
    canonicalJson({
      operation,
      params,
      act: plan.act,
      target: plan.target,
      changes: plan.changes,
      bindings: plan.bindings,
    }),
  )
}

/**
 * The checks that this fix should turn green: those whose findings ask for it; else the checks of its own card. Only those
 * that run without asking: nobody is there to give a value while the fix is watched.
 */
export function curesOf(
  runbook: Runbook,
  step: BoundStep,
  results: readonly StepResult[],
): { stepIds: string[]; asked: boolean } {
  const asking = results
    .filter((result) =>
      result.result.findings.some(
        (finding) => finding.severity !== 'info' && finding.remedies.some((remedy) => answers(step, remedy)),
      ),
    )
    .map((result) => result.stepId)
  const all = runbook.cards.flatMap((card) => card.steps.filter(runsUnasked))
  const asked = all.filter((one) => asking.includes(one.id))
  const chosen = asked.length > 0 ? asked : all.filter((one) => one.cardId === step.cardId)
  return { stepIds: chosen.slice(0, CURES_AT_MOST).map((one) => one.id), asked: asked.length > 0 }
}

/** The fix with that id, or an error for a step that is none. */
export function fixOf(operation: string): Result<Fix<unknown>> {
  const found = operationById(operation)
  return found?.effect === 'write'
    ? ok(found as Fix<unknown>)
    : fail('not_found', `There is no fix ${operation}.`)
}

/** Objects that are busy (a rollout counts its pods in them) may change between being read and being tried. */
const TRIES = 3

/**
 * Plans an operation against the cluster as it is now; a server-side dry run where the API takes one. Planning only
 * reads, so what changed under its hands is read again, at most twice. Errors: what the operation refuses; `stale` when
 * it changed each time.
 */
export async function planNow(
  operation: string,
  params: Json,
): Promise<Result<{ fix: Fix<unknown>; params: unknown; plan: Plan }>> {
  let planned = await planOnce(operation, params)
  for (let tries = 1; tries < TRIES && !planned.ok && planned.error.code === 'stale'; tries++)
    planned = await planOnce(operation, params)
  return planned
}

async function planOnce(
  operation: string,
  params: Json,
): Promise<Result<{ fix: Fix<unknown>; params: unknown; plan: Plan }>> {
  const fix = fixOf(operation)
  if (!fix.ok) return fix
  const cluster = targetCluster()
  if (!cluster.ok) return cluster
  const parsed = fix.value.params.safeParse(params)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return fail(
      'invalid_input',
      `${issue?.path.join('.') || 'A parameter'}: ${issue?.message ?? 'does not fit'}`,
    )
  }
  const plan = await fix.value.plan(
    {
      cluster: shareReads(cluster.value.reader),
      dryRun: cluster.value.dryRun,
      signal: AbortSignal.timeout(20_000),
      now: () => new Date(),
      secrets: {},
    },
    parsed.data,
  )
  return plan.ok ? ok({ fix: fix.value, params: parsed.data, plan: plan.value }) : plan
}

interface Proposal {
  step: BoundStep
  operation: string
  params: Json
  filled?: Record<string, string>
  undoOf?: string
}

async function propose(actor: Actor, runbook: Runbook, proposal: Proposal): Promise<Result<Preview>> {
  const planned = await planNow(proposal.operation, proposal.params)
  if (!planned.ok) return planned
  const { fix, plan } = planned.value
  const stored = storableJson(plan) as unknown as Plan
  const params = storableJson(proposal.params)
  // What is kept is redacted. Were that different from what would be sent, the confirmation would be of something else.
  if (canonicalJson(params) !== canonicalJson(proposal.params))
    return fail(
      'precondition_failed',
      'A value of this fix looks like a secret, and secrets are not kept here. Make this change by hand.',
    )
  const hash = hashOfPlan(fix.id, params, stored)
  const previewId = newId('preview')
  const expiresAt = new Date(Date.now() + PREVIEW_MS)
  await db().previewRecord.create({
    data: {
      id: previewId,
      stepId: proposal.step.id,
      actorId: actor.id,
      operation: fix.id,
      params,
      plan: storableJson(plan),
      hash,
      risk: fix.risk,
      expiresAt,
      ...(proposal.undoOf ? { undoOf: proposal.undoOf } : {}),
    },
  })
  await db().previewRecord.deleteMany({ where: { expiresAt: { lt: new Date(Date.now() - 60 * MINUTE) } } })
  const mayRun = may(actor.role, fix.needs)
  const cures = curesOf(runbook, proposal.step, await latestResults()).stepIds
  const titles = new Map(
    runbook.cards.flatMap((card) => card.steps.map((step) => [step.id, step.title] as const)),
  )
  return ok(
    redactDeep({
      previewId,
      stepId: proposal.step.id,
      operation: fix.id,
      title: proposal.undoOf ? `Undo: ${proposal.step.title}` : proposal.step.title,
      risk: fix.risk,
      plan: stored,
      hash,
      mayRun,
      needsApproval: fix.risk === 'high',
      ...(mayRun
        ? {}
        : { why: `This takes the role ${PERMISSIONS[fix.needs]}; you are signed in as ${actor.role}.` }),
      cures: cures.map((stepId) => ({ stepId, title: titles.get(stepId) ?? stepId })),
      ...(proposal.filled && Object.keys(proposal.filled).length > 0 ? { filled: proposal.filled } : {}),
      expiresAt: expiresAt.toISOString(),
    }) as Preview,
  )
}

/** What earlier steps print that a fix takes as values. */
async function capturedBy(
  step: BoundStep,
  runbook: Runbook,
  inputs: Record<string, string>,
): Promise<Result<Record<string, string>>> {
  if (!step.parameters?.some(({ provenance }) => provenance.kind === 'captured')) return ok({})
  const cluster = targetCluster()
  return cluster.ok
    ? captureFor(step, {
        runbook,
        cluster: cluster.value,
        inputs,
        signal: AbortSignal.timeout(CAPTURE_LIMIT_MS),
      })
    : cluster
}

/** Plans a fix step with what a person filled in. Nothing changes. */
export async function previewStep(
  actor: Actor,
  input: { stepId: string; inputs?: Record<string, string> },
): Promise<Result<Preview>> {
  const runbook = await targetRunbook()
  if (!runbook.ok) return runbook
  const step = runbook.value.cards.flatMap((card) => card.steps).find((one) => one.id === input.stepId)
  if (step?.kind !== 'fix') return fail('not_found', `There is no fix ${input.stepId}.`)
  const captured = await capturedBy(step, runbook.value, input.inputs ?? {})
  if (!captured.ok) return captured
  // One moment for all of it: what the clock gives is shown as it is sent.
  const now = new Date()
  const params = fillParams(step, input.inputs, captured.value, now)
  if (!params.ok) return params
  const filters = fillFilters(step, input.inputs, captured.value, now)
  if (!filters.ok) return filters
  // What a pipe makes of the output is confirmed with the rest: its words go along as a parameter.
  const pipe = filters.value.map(({ program, argv }) => ({ program, argv }))
  return propose(actor, runbook.value, {
    step,
    operation: step.operation,
    params: pipe.length > 0 ? { ...params.value, filters: pipe } : params.value,
    filled: filledFor(step, input.inputs ?? {}, captured.value, now),
  })
}

/** Plans taking a run back: a new fix of its own. */
export async function previewUndoOf(actor: Actor, runId: string): Promise<Result<Preview>> {
  const [runbook, found] = [await targetRunbook(), await readRun(runId)]
  if (!runbook.ok) return runbook
  if (!found) return fail('not_found', 'There is no such fix.')
  const { row } = found
  if (!row.undoPossible || row.undoneBy)
    return fail('precondition_failed', row.undoneBy ? 'This fix has been taken back already.' : row.undoText)
  const fix = fixOf(row.operation)
  if (!fix.ok) return fix
  const undo = fix.value.undo?.(row.plan as unknown as Plan, row.applied as unknown as Applied)
  if (!undo) return fail('precondition_failed', row.undoText)
  if ('irreversible' in undo) return fail('precondition_failed', undo.irreversible)
  const step = runbook.value.cards
    .flatMap((card) => card.steps)
    .find((one): one is BoundStep => one.id === row.stepId && one.kind === 'fix')
  if (!step) return fail('not_found', 'The step of this fix is no longer in the runbook.')
  return propose(actor, runbook.value, {
    step,
    operation: undo.operation,
    params: undo.params,
    undoOf: runId,
  })
}
