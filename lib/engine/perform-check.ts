import 'server-only'
import pLimit from 'p-limit'
import { appError } from '../core/errors'
import { log } from '../core/log'
import { redact } from '../core/redact'
import { fail, type Result } from '../core/result'
import { operationById } from '../operations/catalogue'
import { applyFilters, writeFilters } from '../runbooks/filters'
import { printedText } from '../runbooks/filters/printed'
import type { BoundStep, Runbook } from '../runbooks/types'
import type { Cluster } from '../targets/cluster/connect'
import { shareReads } from '../targets/shared-reads'
import type { ClusterReader } from '../targets/types'
import { couldNotLook } from '../verdicts/conclude'
import type { CheckResult } from '../verdicts/types'
import { Captures } from './captures'
import { readsCertificate, whyNoCertificate, withCertificate } from './certificate-pipes'
import { fillFilters, fillParams } from './fill-params'
import type { StepResult } from './types'

/**
 * Checks that run at the same time. Together, so that what several of them read is asked once; how many requests
 * that makes at a time is limited by `shareReads`. Of a longer runbook the rest waits, and its time does not run.
 */
const AT_ONCE = 100
const CHECK_LIMIT_MS = 30_000

export interface CheckRequest {
  runbook: Runbook
  stepIds: readonly string[]
  cluster: Cluster
  signal: AbortSignal
  /** Read everything from the cluster itself, nothing from memory: somebody has just changed it, or is about to. */
  fresh?: true
  /** Evidence older than this does not count. */
  since?: Date
  /** Inputs and secrets of a single step that a person filled in. */
  inputs?: Record<string, string>
  secrets?: Record<string, string>
  by?: string
  runId?: string
  /** Called as each result is there, in the order in which they finish. */
  onResult?(result: StepResult): void | Promise<void>
}

/**
 * Runs checks side by side; identical reads are made once. A check never throws: one that breaks, takes longer than
 * 30 s or is cancelled is `unknown` with the reason. `requests` counts API requests, `ms` is wall time.
 */
export async function performChecks(
  request: CheckRequest,
): Promise<{ results: StepResult[]; requests: number; ms: number }> {
  const steps = new Map(
    request.runbook.cards.flatMap((card) => card.steps.map((step) => [step.id, step] as const)),
  )
  const chosen = request.stepIds.flatMap((id) => {
    const step = steps.get(id)
    return step?.kind === 'check' ? [step] : []
  })
  const { reader: own, watched = own } = request.cluster
  const reader = shareReads(request.fresh ? own : watched, {
    wholeCluster: chosen.some(
      (step) => step.operation === 'kubernetes.pods' && step.params.namespace === undefined,
    ),
  })
  const before = request.cluster.requests()
  const started = performance.now()
  const limit = pLimit(AT_ONCE)
  const captures = new Captures(request.runbook, (step, captured) => look(step, reader, request, captured))
  const results = await Promise.all(
    chosen.map((step) =>
      limit(async () => {
        const result = await performCheck(step, captures, request)
        await request.onResult?.(result)
        return result
      }),
    ),
  )
  return { results, requests: request.cluster.requests() - before, ms: performance.now() - started }
}

async function performCheck(step: BoundStep, captures: Captures, request: CheckRequest): Promise<StepResult> {
  const startedAt = new Date()
  const started = performance.now()
  const result = await captures.resultOf(step)
  const about = aboutOf(step, request.inputs ?? {})
  return {
    stepId: step.id,
    cardId: step.cardId,
    result: about.length > 0 ? { ...result, about } : result,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    ms: Math.round((performance.now() - started) * 10) / 10,
    by: request.by ?? 'crashcart',
    runId: request.runId ?? '',
  }
}

/** What a person gave a step: a result on everybody's board says what it is about. */
function aboutOf(step: BoundStep, inputs: Record<string, string>): { label: string; value: string }[] {
  return step.inputs.flatMap(({ name, label, type }) => {
    const value = inputs[name]?.trim()
    return value && type !== 'secret' ? [{ label, value: value.slice(0, 200) }] : []
  })
}

/**
 * What earlier steps of its card print that a step takes as values, by name; those steps are looked at now. For a fix,
 * so that its preview shows the values. Error: there is no such step.
 */
export function captureFor(
  step: BoundStep,
  request: Omit<CheckRequest, 'stepIds'>,
): Promise<Result<Record<string, string>>> {
  const reader = shareReads(request.cluster.reader)
  const asked: CheckRequest = { ...request, stepIds: [] }
  return new Captures(request.runbook, (one, captured) => look(one, reader, asked, captured)).valuesFor(step)
}

/** One look, with what earlier steps printed. */
async function look(
  step: BoundStep,
  reader: ClusterReader,
  request: CheckRequest,
  captured: Record<string, string>,
): Promise<CheckResult> {
  const { inputs = {}, ...rest } = request
  // What a person gave holds for each step that takes it, also for those whose output another takes as a value.
  const own = Object.fromEntries(
    Object.entries(inputs).filter(([name]) => step.inputs.some((input) => input.name === name)),
  )
  const of = { ...rest, inputs: own }
  const [result, text] = await Promise.all([
    withinLimit(step, reader, of, captured),
    step.printed ? withinLimit({ ...step, ...step.printed }, reader, of, captured) : undefined,
  ])
  return withFilters(step, text ? { ...result, raw: rawOf(text) } : result, of, captured)
}

/** What a check printed; where it could not look, the reason in place of a text. */
function rawOf({ raw, verdict, summary }: CheckResult): CheckResult['raw'] {
  return raw.length === 0 && verdict === 'unknown'
    ? [{ label: summary.slice(0, 200), text: '', truncatedBytes: 0, failed: true }]
    : raw
}

/**
 * Puts what the step's filters make of the output first in `raw`. They add text only: the verdict is the operation's,
 * and a filter that fails says so in its place. Only a certificate that `openssl x509` reads is judged as well; what
 * it read is not kept.
 */
async function withFilters(
  step: BoundStep,
  result: CheckResult,
  request: CheckRequest,
  captured: Record<string, string>,
): Promise<CheckResult> {
  const filled = fillFilters(step, request.inputs, captured)
  // The check itself has said what is wrong with a value.
  if (!filled.ok) return result
  const filters = filled.value
  if (filters.length === 0) return result
  const line = writeFilters(filters)
  const printed = printedText(result)
  const ofCertificate = readsCertificate(filters)
  // What goes into openssl may come from a Secret.
  const kept = ofCertificate ? [] : result.raw
  if ('failed' in printed) {
    const why = `Not filtered: ${printed.failed}`
    const unfiltered = { ...result, raw: [{ label: line, text: why, truncatedBytes: 0 }, ...kept] }
    return ofCertificate
      ? withCertificate(unfiltered, fail('invalid_input', printed.failed), filters, Date.now())
      : unfiltered
  }
  // Redacted before, since a cut or an awk could part a secret from the name that gives it away.
  const applied = await applyFilters(redact(printed.text), filters).catch((cause: unknown) => {
    log.error({ err: cause, step: step.id }, 'The filters of a check broke')
    return fail('internal', 'a filter broke; the server log says where')
  })
  const filtered =
    ofCertificate && !applied.ok
      ? fail(applied.error.code, whyNoCertificate(printed.text, applied.error.message))
      : applied
  const label = printed.cutShort ? `${line} (of output that was cut short)` : line
  const shown = filtered.ok
    ? { label, text: filtered.value.text, truncatedBytes: filtered.value.truncatedBytes }
    : { label, text: `Not filtered: ${filtered.error.message}`, truncatedBytes: 0 }
  const whole = { ...result, raw: [shown, ...kept] }
  return ofCertificate ? withCertificate(whole, filtered, filters, Date.now()) : whole
}

async function withinLimit(
  step: BoundStep,
  reader: ClusterReader,
  request: CheckRequest,
  captured: Record<string, string>,
): Promise<CheckResult> {
  const operation = operationById(step.operation)
  if (operation?.effect !== 'read')
    return couldNotLook(appError('internal', `there is no check ${step.operation}`))
  const filled = fillParams(step, request.inputs, captured)
  if (!filled.ok) return couldNotLook(filled.error)
  const filters = fillFilters(step, request.inputs, captured)
  if (!filters.ok) return couldNotLook(filters.error)
  const parsed = operation.params.safeParse(filled.value)
  if (!parsed.success)
    return couldNotLook(
      appError(
        'invalid_input',
        `the parameters of this step do not fit: ${parsed.error.issues[0]?.message ?? 'unknown reason'}`,
      ),
    )
  const limit = AbortSignal.timeout(CHECK_LIMIT_MS)
  const signal = AbortSignal.any([request.signal, limit])
  const run = operation
    .run(
      {
        cluster: reader,
        signal,
        now: () => new Date(),
        ...(request.since ? { since: request.since } : {}),
        secrets: request.secrets ?? {},
        ...(readsCertificate(filters.value) ? { certificates: true as const } : {}),
      },
      parsed.data,
    )
    .catch((cause: unknown) => {
      // A bug in a check must not take the others down, and must not look like health.
      log.error({ err: cause, operation: step.operation }, 'A check broke')
      return couldNotLook(appError('internal', 'this check broke; the server log says where'))
    })
  const stopped = new Promise<CheckResult>((resolve) => {
    const stop = () =>
      resolve(
        couldNotLook(
          limit.aborted
            ? appError('timeout', `this check took longer than ${CHECK_LIMIT_MS / 1000} s and was given up`)
            : appError('timeout', 'this check was cancelled'),
        ),
      )
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  return Promise.race([run, stopped])
}
