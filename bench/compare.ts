/**
 * All checks at once against the same command lines typed with a real kubectl: one after another, and eight
 * at a time. Gives ratios; the absolute figures of one machine mean nothing on another.
 */
import { execFile } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import pLimit from 'p-limit'
import { performChecks } from '@/lib/engine/perform-check'
import { loadRunbook } from '@/lib/runbooks/library'
import type { BoundStep, Runbook } from '@/lib/runbooks/types'
import { parseCommandLine } from '@/lib/runbooks/words'
import { connectCluster } from '@/lib/targets/cluster/connect'

const run = promisify(execFile)
const ROUNDS = 7
const SWEEPS_A_ROUND = 3
/** Sweeps before anything is measured: a server runs for weeks, and its code is compiled by what it does most. */
const WARM_UP = 100

function checksOf(runbook: Runbook): BoundStep[] {
  return runbook.cards.flatMap((card) =>
    card.steps.filter((step): step is BoundStep => step.kind === 'check'),
  )
}

/** The argv lists a person would type for the checks, placeholders bound to what a person would pick. */
function typedLines(steps: BoundStep[]): string[][] {
  return steps.flatMap((step) =>
    step.kubectl.split('\n').flatMap((line) => {
      const parsed = parseCommandLine(line)
      if (!('commands' in parsed)) return []
      return parsed.commands.map((command) =>
        // A name inside the cluster does not resolve outside it: a person types curl in a pod.
        command.program === 'curl'
          ? ['kubectl', 'exec', 'deploy/backend-api', '-n', 'backend-services', '--', ...command.argv]
          : command.argv,
      )
    }),
  )
}

async function kubectl(program: string, kubeconfig: string, argv: string[]): Promise<void> {
  try {
    await run(
      program,
      ['--kubeconfig', kubeconfig, ...argv.slice(1).filter((word) => !/^-(it|ti|i|t)$/.test(word))],
      {
        timeout: 30_000,
        maxBuffer: 64 << 20,
      },
    )
  } catch (cause) {
    // A non-zero exit is an answer too (no HPA, grep without a match); a kubectl that is not there is not.
    if ((cause as { code?: unknown }).code === 'ENOENT')
      throw new Error('This comparison needs kubectl on the PATH.')
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const median = (values: number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Where both sides look, and who counts their requests. */
export interface Compared {
  kubeconfigFile: string
  /** The kubectl to type with. */
  kubectl: string
  /** API requests served so far. */
  requests(): Promise<number>
}

/** Prints the ratios and says whether all were reached. */
export async function compareWithKubectl(at: Compared): Promise<boolean> {
  const loaded = await loadRunbook('backend-services')
  if (!loaded.ok) throw new Error(loaded.error.message)
  const runbook = loaded.value
  const checks = checksOf(runbook)
  const lines = typedLines(checks)
  // As the server connects: pods are watched and logs remembered.
  const connected = connectCluster({
    kubeconfigFile: at.kubeconfigFile,
    practice: true,
    watchPods: true,
  })
  if (!connected.ok) throw new Error(connected.error.message)
  const cluster = connected.value
  const sweep = (stepIds: string[]) =>
    performChecks({ runbook, stepIds, cluster, signal: AbortSignal.timeout(60_000) })
  const ids = checks.map((step) => step.id)

  const first = await sweep(ids)
  for (let i = 1; i < WARM_UP; i++) await sweep(ids)
  const before = await at.requests()
  await sweep(ids)
  const ours = (await at.requests()) - before
  const everything: number[] = []
  /** Of each sweep, its time by that of the check in it that took longest: above 1 where checks wait for their turn. */
  const waits: number[] = []
  const alone = new Map<string, number[]>(ids.map((id) => [id, []]))
  // Side by side, so that a machine that is busy for a moment is busy for both.
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < SWEEPS_A_ROUND; i++) {
      const { results, ms } = await sweep(ids)
      everything.push(ms)
      waits.push(ms / Math.max(...results.map((one) => one.ms)))
    }
    for (const [id, rounds] of alone) rounds.push((await sweep([id])).ms)
  }
  cluster.stop()
  const singles = [...alone].map(([id, rounds]) => ({ id, ms: median(rounds) }))
  const slowest = singles.reduce((a, b) => (b.ms > a.ms ? b : a))

  const type = (line: string[]) => kubectl(at.kubectl, at.kubeconfigFile, line)
  const beforeKubectl = await at.requests()
  const oneByOne = await timed(async () => {
    for (const line of lines) await type(line)
  })
  const theirs = (await at.requests()) - beforeKubectl
  const eight = pLimit(8)
  const eightAtATime = await timed(() => Promise.all(lines.map((line) => eight(() => type(line)))))

  const all = median(everything)
  const rows: [string, number, number][] = [
    ['wall time ÷ kubectl one after another', all / oneByOne, 1 / 10],
    ['wall time ÷ kubectl eight at a time', all / eightAtATime, 1 / 3],
    [`requests ÷ requests of kubectl (${ours} ÷ ${theirs})`, ours / theirs, 1 / 3],
    [`wall time ÷ slowest check made alone (${slowest.id})`, all / slowest.ms, 1.5],
  ]
  console.log(
    `${checks.length} checks of ${runbook.cards.length} cards against ${lines.length} command lines`,
  )
  for (const [what, ratio, limit] of rows) {
    console.log(
      `${ratio <= limit ? 'reached' : 'MISSED '}  ${ratio.toFixed(3)} (at most ${limit.toFixed(3)})  ${what}`,
    )
  }
  // No limit: as long as all checks start at once and share their reads, it cannot be much above 1.
  console.log(
    `         ${median(waits).toFixed(3)}                    wall time ÷ slowest check of the same run`,
  )
  console.log(
    `         ${(first.ms / all).toFixed(3)}                    first time, without any connection ÷ wall time`,
  )
  return rows.every(([, ratio, limit]) => ratio <= limit)
}
