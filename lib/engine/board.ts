import 'server-only'
import { runsUnasked } from '../runbooks/asks'
import type { Runbook } from '../runbooks/types'
import { worst } from '../verdicts/conclude'
import { isOld } from '../verdicts/freshness'
import type { Finding } from '../verdicts/types'
import { suggestedSteps } from './remedies'
import { type BoardState, type CardState, cardIdOf, type LikelyCause, type ShownResult } from './types'

interface Weighed {
  finding: Finding
  stepId: string
  cardId: string
}

const RANK = { fail: 3, unknown: 2, warn: 1, info: 0 } as const

function weighed(results: readonly ShownResult[]): Weighed[] {
  return results.flatMap((step) =>
    step.result.findings
      .filter((finding) => finding.severity !== 'info')
      .map((finding) => ({ finding, stepId: step.stepId, cardId: cardIdOf(step.stepId) })),
  )
}

/** For each finding that others explain, the finding at the root of it; chains are followed, circles end. */
function roots(all: readonly Weighed[]): Map<Weighed, Weighed> {
  const byCode = new Map<string, Weighed>()
  for (const one of [...all].sort((a, b) => RANK[b.finding.severity] - RANK[a.finding.severity]))
    if (!byCode.has(one.finding.code)) byCode.set(one.finding.code, one)
  const above = (one: Weighed): Weighed | undefined => {
    const code = one.finding.explainedBy?.find(
      (candidate) => candidate !== one.finding.code && byCode.has(candidate),
    )
    return code === undefined ? undefined : byCode.get(code)
  }
  const found = new Map<Weighed, Weighed>()
  for (const one of all) {
    const seen = new Set([one.finding.code])
    let top = above(one)
    for (let next = top && above(top); top && next && !seen.has(next.finding.code); next = above(next)) {
      seen.add(top.finding.code)
      top = next
    }
    if (top) found.set(one, top)
  }
  return found
}

function unaskedIds(runbook: Runbook): Set<string> {
  return new Set(runbook.cards.flatMap((card) => card.steps.filter(runsUnasked).map((step) => step.id)))
}

/** The state of every card from the latest results: verdict, one line of why, what would help, what explains it. */
export function cardStates(runbook: Runbook, results: readonly ShownResult[]): CardState[] {
  const all = weighed(results)
  const root = roots(all)
  return runbook.cards.map((card) => {
    // In the runbook's order, whatever order they came in: the card's figures must not jump about.
    const order = card.steps.map((step) => step.id)
    const place = (result: ShownResult) =>
      order.includes(result.stepId) ? order.indexOf(result.stepId) : order.length
    const own = results
      .filter((result) => cardIdOf(result.stepId) === card.id)
      .sort((a, b) => place(a) - place(b))
    if (own.length === 0)
      return { cardId: card.id, verdict: 'unchecked', summary: 'Not checked yet', suggests: [] }
    const checks = card.steps.filter((step) => step.kind === 'check')
    const left = checks.filter(({ id }) => !own.some((step) => step.stepId === id))
    const asking = left.filter((step) => !runsUnasked(step)).length
    const found = worst(own.map((step) => step.result.verdict))
    // Some checks are well, the others may not be: that is no health.
    const partly = found === 'pass' && left.length > 0
    const verdict = partly ? 'unchecked' : found
    const findings = all
      .filter((one) => one.cardId === card.id)
      .sort(
        (a, b) =>
          RANK[b.finding.severity] - RANK[a.finding.severity] || Number(root.has(a)) - Number(root.has(b)),
      )
    const top = findings[0]
    const cause = top ? root.get(top) : undefined
    const foreign =
      cause && cause.cardId !== card.id ? runbook.cards.find((one) => one.id === cause.cardId) : undefined
    const figures = own.flatMap((step) => step.result.figure ?? [])
    const times = own.map((step) => step.finishedAt).sort()
    const [oldestAt, checkedAt] = [times[0], times.at(-1)]
    const helpful = cause
      ? [cause.finding, ...findings.map((one) => one.finding)]
      : findings.map((one) => one.finding)
    return {
      cardId: card.id,
      verdict,
      summary: partly
        ? `${checks.length - left.length} of ${checks.length} checks made${asking > 0 ? `, ${asking} ${asking === 1 ? 'asks' : 'ask'} for a value` : ''}`
        : top && verdict !== 'pass'
          ? top.finding.title
          : (own[0]?.result.summary ?? ''),
      ...(figures.length > 0 ? { figure: figures.slice(0, 2).join(' · ') } : {}),
      ...(checkedAt === undefined ? {} : { checkedAt }),
      ...(oldestAt === undefined ? {} : { oldestAt }),
      suggests: found === 'pass' ? [] : suggestedSteps(runbook, card.id, helpful),
      ...(foreign ? { explainedBy: { cardId: foreign.id, title: foreign.title } } : {}),
    }
  })
}

/**
 * The finding that explains most of the others. None when nothing fails, or when no finding explains another and
 * more than one stands on its own: then no single cause is claimed.
 */
export function likelyCause(runbook: Runbook, results: readonly ShownResult[]): LikelyCause | undefined {
  // What somebody asked about by name is their question, and a slip of the pen would lead the board of everybody.
  const unasked = unaskedIds(runbook)
  const all = weighed(results).filter((one) => one.finding.severity !== 'unknown' && unasked.has(one.stepId))
  if (all.length === 0) return undefined
  const root = roots(all)
  const explains = new Map<string, number>()
  // Findings that one and the same fix would cure belong together, even where no rule links them.
  const byRemedy = new Map<string, string>()
  for (const one of [...all].sort((a, b) => RANK[b.finding.severity] - RANK[a.finding.severity])) {
    const top = root.get(one) ?? one
    const remedy = top.finding.remedies[0] && JSON.stringify(top.finding.remedies[0])
    const code = root.has(one) || !remedy ? top.finding.code : (byRemedy.get(remedy) ?? top.finding.code)
    if (remedy && !byRemedy.has(remedy)) byRemedy.set(remedy, code)
    explains.set(code, (explains.get(code) ?? 0) + 1)
  }
  const [best] = all
    .filter((one) => !root.has(one))
    .sort(
      (a, b) =>
        (explains.get(b.finding.code) ?? 0) - (explains.get(a.finding.code) ?? 0) ||
        RANK[b.finding.severity] - RANK[a.finding.severity],
    )
  if (!best) return undefined
  const count = explains.get(best.finding.code) ?? 1
  if (count < 2 && all.length > 1) return undefined
  return {
    cardId: best.cardId,
    stepId: best.stepId,
    code: best.finding.code,
    title: best.finding.title,
    explains: count,
    of: all.length,
    ...(best.finding.since ? { since: best.finding.since } : {}),
    suggests: suggestedSteps(runbook, best.cardId, [best.finding]),
  }
}

/**
 * Without old results of checks that a person gave a value to: nobody asks that again when everything is checked, so it
 * would weigh for ever.
 */
function withoutOldAnswers(runbook: Runbook, results: readonly ShownResult[], now: Date): ShownResult[] {
  const unasked = unaskedIds(runbook)
  return results.filter(
    ({ stepId, finishedAt }) => unasked.has(stepId) || !isOld(finishedAt, now.getTime() / 1_000),
  )
}

/** The whole board from the latest results. */
export function boardOf(input: {
  runbook: Runbook
  results: readonly ShownResult[]
  runningStepIds?: readonly string[]
  lastSweep?: BoardState['lastSweep']
  now?: Date
}): BoardState {
  // A result of a step that the runbook no longer has says nothing about it.
  const known = new Set(input.runbook.cards.flatMap((card) => card.steps.map((step) => step.id)))
  const results = withoutOldAnswers(
    input.runbook,
    input.results.filter((result) => known.has(result.stepId)),
    input.now ?? new Date(),
  )
  const cause = likelyCause(input.runbook, results)
  return {
    cards: cardStates(input.runbook, results),
    steps: input.results.filter((result) => known.has(result.stepId)),
    ...(cause ? { cause } : {}),
    ...(input.lastSweep ? { lastSweep: input.lastSweep } : {}),
    runningStepIds: [...(input.runningStepIds ?? [])],
  }
}
