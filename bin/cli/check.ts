import { readFile } from 'node:fs/promises'
import type { AppError } from '@/lib/core/errors'
import { performChecks } from '@/lib/engine/perform-check'
import { suggestedSteps } from '@/lib/engine/remedies'
import type { StepResult } from '@/lib/engine/types'
import { loadRunbook } from '@/lib/runbooks/library'
import type { Runbook } from '@/lib/runbooks/types'
import { type Cluster, connectCluster } from '@/lib/targets/cluster/connect'
import { worst } from '@/lib/verdicts/conclude'
import type { Verdict } from '@/lib/verdicts/types'
import { fromTypedFolder, printJson } from './files'

interface CheckOptions {
  /** The id of a file in runbooks/. */
  runbook: string
  card?: string
  context?: string
  sandbox?: boolean
  kubeconfig?: string
  fault: string[]
  json?: boolean
}

/** Runs the checks of one card or of all of a runbook. Exit 0 all pass, 1 trouble, 2 usage, 3 could not look. */
export async function check(options: CheckOptions): Promise<number> {
  if (options.sandbox && options.context) return usage('--sandbox and --context exclude each other.')
  if (options.fault.length > 0 && !options.sandbox) return usage('--fault goes with --sandbox only.')
  const runbook = await loadRunbook(options.runbook)
  if (!runbook.ok)
    return runbook.error.code === 'not_found' ? usage(runbook.error.message) : couldNot(runbook.error.message)
  const cards = runbook.value.cards.filter((card) => !options.card || card.id === options.card)
  if (cards.length === 0) {
    return usage(
      `There is no card ${options.card}. Cards: ${runbook.value.cards.map((card) => card.id).join(', ')}.`,
    )
  }
  const target = await openTarget(options)
  if ('error' in target) return couldNot(target.error)
  try {
    const stepIds = cards.flatMap((card) =>
      card.steps.filter((step) => step.kind === 'check').map((step) => step.id),
    )
    const done = await performChecks({
      runbook: runbook.value,
      stepIds,
      cluster: target.cluster,
      signal: AbortSignal.timeout(120_000),
    })
    return report(
      runbook.value,
      cards.map((card) => card.id),
      done,
      options.json === true,
    )
  } finally {
    await target.stop()
  }
}

function usage(text: string): number {
  process.stderr.write(`${text}\n`)
  return 2
}

function couldNot(text: string): number {
  process.stderr.write(`${text}\n`)
  return 3
}

function sentences({ message, hint }: AppError): string {
  return hint ? `${message} ${hint}` : message
}

async function openTarget(
  options: CheckOptions,
): Promise<{ cluster: Cluster; stop(): Promise<void> } | { error: string }> {
  if (!options.sandbox) {
    const kubeconfigFile = options.kubeconfig ? fromTypedFolder(options.kubeconfig) : undefined
    if (kubeconfigFile) {
      try {
        await readFile(kubeconfigFile)
      } catch {
        return { error: `There is no kubeconfig ${options.kubeconfig} that can be read.` }
      }
    }
    const connected = connectCluster({
      practice: false,
      ...(kubeconfigFile ? { kubeconfigFile } : {}),
      ...(options.context ? { context: options.context } : {}),
    })
    return connected.ok
      ? { cluster: connected.value, stop: async () => {} }
      : { error: sentences(connected.error) }
  }
  const [{ startSandbox }, { createWorld }] = await Promise.all([
    import('@/sandbox/server'),
    import('@/sandbox/world/world'),
  ])
  const sandbox = await startSandbox({ world: createWorld() })
  try {
    for (const name of options.fault) await sandbox.world.inject(name)
  } catch (cause) {
    await sandbox.stop()
    return { error: cause instanceof Error ? cause.message : String(cause) }
  }
  const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
  if (!connected.ok) {
    await sandbox.stop()
    return { error: connected.error.message }
  }
  return { cluster: connected.value, stop: () => sandbox.stop() }
}

function report(
  runbook: Runbook,
  cardIds: string[],
  done: { results: StepResult[]; requests: number; ms: number },
  json: boolean,
): number {
  const byStep = new Map(done.results.map((result) => [result.stepId, result]))
  const steps = new Map(runbook.cards.flatMap((card) => card.steps.map((step) => [step.id, step] as const)))
  const cards = cardIds.map((id) => {
    const card = runbook.cards.find((candidate) => candidate.id === id)
    const results = (card?.steps ?? []).flatMap((step) => byStep.get(step.id) ?? [])
    return {
      id,
      title: card?.title ?? id,
      verdict: worst(results.map((result) => result.result.verdict)) satisfies Verdict,
      steps: results.map(({ stepId, ms, result }) => {
        const step = steps.get(stepId)
        return {
          id: stepId,
          title: step?.title ?? stepId,
          operation: step && step.kind !== 'guide' ? step.operation : '',
          verdict: result.verdict,
          summary: result.summary,
          ms,
          findings: result.findings.map((finding) => ({
            severity: finding.severity,
            title: finding.title,
            suggests: suggestedSteps(runbook, id, [finding]),
          })),
        }
      }),
    }
  })
  if (json) printJson({ cards, requests: done.requests, ms: done.ms })
  else {
    for (const card of cards) {
      process.stdout.write(`${card.verdict.padEnd(8)}${card.title}\n`)
      for (const step of card.steps) {
        if (step.verdict !== 'pass')
          process.stdout.write(`          ${step.verdict.padEnd(8)}${step.title}: ${step.summary}\n`)
      }
    }
    process.stdout.write(
      `${done.results.length} checks, ${done.requests} requests, ${Math.round(done.ms)} ms\n`,
    )
  }
  const verdicts = cards.map((card) => card.verdict)
  if (verdicts.some((verdict) => verdict === 'warn' || verdict === 'fail')) return 1
  return verdicts.includes('unknown') ? 3 : 0
}
