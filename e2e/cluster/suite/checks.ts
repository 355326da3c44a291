/** Every check of the runbook on both clusters: healthy ones pass, and none is unknown. */
import { beforeAll, describe, expect, it } from 'vitest'
import { performChecks } from '@/lib/engine/perform-check'
import type { StepResult } from '@/lib/engine/types'
import { loadRunbook } from '@/lib/runbooks/library'
import type { Runbook } from '@/lib/runbooks/types'
import { connectCluster } from '@/lib/targets/cluster/connect'
import { clusterNamed, note, type UnderTest } from './under-test'

export async function backendRunbook(): Promise<Runbook> {
  const loaded = await loadRunbook('backend-services')
  if (!loaded.ok) throw new Error(loaded.error.message)
  return loaded.value
}

/** All checks, or those of some steps, as the dashboard runs them. */
export async function look(
  under: Pick<UnderTest, 'kubeconfig'>,
  runbook: Runbook,
  only?: (stepId: string) => boolean,
): Promise<StepResult[]> {
  const connected = connectCluster({ kubeconfig: under.kubeconfig, practice: true })
  if (!connected.ok) throw new Error(connected.error.message)
  const { results } = await performChecks({
    runbook,
    stepIds: runbook.cards
      .flatMap((card) => card.steps)
      .filter((step) => step.kind === 'check' && (only?.(step.id) ?? true))
      .map((step) => step.id),
    cluster: connected.value,
    signal: AbortSignal.timeout(90_000),
  })
  return results
}

/** `card/step: verdict, why` of everything that is not as wanted. */
export function otherThan(results: StepResult[], verdict: string): string[] {
  return results
    .filter((one) => one.result.verdict !== verdict)
    .map(
      (one) =>
        `${one.stepId}: ${one.result.verdict}, ${one.result.summary} ${one.result.findings
          .map((finding) => finding.title)
          .join('; ')}`,
    )
}

/** Looks until everything passes; what does not after the limit is the failure. */
export async function untilHealthy(
  under: UnderTest,
  runbook: Runbook,
  limitMs = 120_000,
): Promise<StepResult[]> {
  const end = Date.now() + limitMs
  for (;;) {
    const results = await look(under, runbook)
    const trouble = otherThan(results, 'pass')
    if (trouble.length === 0) return results
    if (Date.now() > end) {
      expect(trouble).toEqual([])
      return results
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000))
  }
}

export function checksSuite(side: UnderTest['name']): void {
  describe(`checks on the ${side} cluster`, () => {
    let under: UnderTest
    let runbook: Runbook
    beforeAll(async () => {
      under = await clusterNamed(side)
      runbook = await backendRunbook()
    }, 600_000)

    it('all pass when all is well, and none is unknown', { timeout: 300_000 }, async () => {
      const results = await untilHealthy(under, runbook, 240_000)
      for (const one of results) note(one.stepId, side, one.result.verdict)
      expect(results.length).toBeGreaterThan(60)
    })
  })
}
