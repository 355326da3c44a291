import type { Result } from '../../../core/result'
import { parseCommandLine } from '../../../runbooks/words'
import { type Cluster, connectCluster } from '../../../targets/cluster/connect'
import type { CheckResult } from '../../../verdicts/types'
import { CATALOGUE } from '../../catalogue'
import type { Check, Fix, Operation, Plan, Progress, Undo } from '../../types'

const HINTS = { attributes: {}, stepTitle: '', cardTitle: '', placeholders: {} }

/** The operation that a line becomes, and its parameters. */
export function operationFor(line: string): { operation: Operation; params: unknown } {
  const read = parseCommandLine(line)
  if ('manual' in read) throw new Error(read.manual)
  for (const operation of CATALOGUE) {
    const params = operation.recognise(read.commands, HINTS)
    if (params) return { operation, params }
  }
  throw new Error(`nothing stands for ${line}`)
}

/** A cluster, and what lines do on it. */
export interface LinesAtHand {
  cluster: Cluster
  /** What a check finds; placeholders as they are named in `filled`. */
  look(line: string, filled?: Record<string, string>): Promise<CheckResult>
  /** Previews a fix, sends it, and tells how it ended, or why it was refused. */
  press(line: string, filled?: Record<string, string>): Promise<Pressed>
  /** The preview of a fix. */
  plan(line: string): Promise<Result<Plan>>
  /** Sends what was planned before, and says why it was refused. */
  send(line: string, plan: Result<Plan>): Promise<string>
  /** What would take back what a line did. */
  undoFor(line: string, plan: Result<Plan>): Undo | undefined
  /** Takes back what a line did by the plan that `press` gave. */
  takeBack(line: string, plan: Result<Plan>): Promise<Pressed>
}

export interface Pressed {
  plan: Result<Plan>
  said: string
}

function fill(params: unknown, filled: Record<string, string>): unknown {
  return JSON.parse(
    Object.entries(filled).reduce(
      (text, [name, value]) => text.replaceAll(`<${name}>`, value),
      JSON.stringify(params),
    ),
  )
}

/** Lines on the cluster of a kubeconfig, given as its text. */
export function linesAtHand(kubeconfig: string): LinesAtHand {
  const connected = connectCluster({ kubeconfig, practice: true })
  if (!connected.ok) throw new Error(connected.error.message)
  const cluster = connected.value
  const context = () => ({
    cluster: cluster.writer,
    dryRun: cluster.dryRun,
    signal: AbortSignal.timeout(60_000),
    now: () => new Date(),
    secrets: {},
    runId: 'run-1',
  })
  const carryOut = async (fix: Fix<unknown>, params: unknown): Promise<Pressed> => {
    const plan = await fix.plan(context(), fix.params.parse(params))
    if (!plan.ok) return { plan, said: plan.error.message }
    const applied = await fix.apply(context(), plan.value)
    if (!applied.ok) return { plan, said: applied.error.message }
    let last: Progress | undefined
    for await (const one of fix.verify(context(), plan.value, applied.value)) last = one
    return { plan, said: last?.state ?? 'nothing' }
  }
  const fixFor = (line: string) => {
    const { operation, params } = operationFor(line)
    if (operation.effect !== 'write') throw new Error(`${line} is ${operation.id}`)
    return { fix: operation as Fix<unknown>, params }
  }
  const undoFor = (line: string, plan: Result<Plan>) => {
    if (!plan.ok) throw new Error(plan.error.message)
    return fixFor(line).fix.undo?.(plan.value, { summary: '', at: '', payload: {} })
  }
  return {
    cluster,
    async look(line, filled = {}) {
      const { operation, params } = operationFor(line)
      if (operation.effect !== 'read') throw new Error(`${line} is ${operation.id}`)
      return (operation as Check<unknown>).run(context(), operation.params.parse(fill(params, filled)))
    },
    press(line, filled = {}) {
      const { fix, params } = fixFor(line)
      return carryOut(fix, fill(params, filled))
    },
    async plan(line) {
      const { fix, params } = fixFor(line)
      return fix.plan(context(), fix.params.parse(params))
    },
    async send(line, plan) {
      if (!plan.ok) return plan.error.message
      const applied = await fixFor(line).fix.apply(context(), plan.value)
      return applied.ok ? applied.value.summary : applied.error.message
    },
    undoFor,
    async takeBack(line, plan) {
      const undo = undoFor(line, plan)
      if (!undo || 'irreversible' in undo) return { plan, said: undo?.irreversible ?? 'no way back' }
      const back = CATALOGUE.find((one) => one.id === undo.operation)
      if (back?.effect !== 'write') throw new Error(`There is no fix ${undo.operation}.`)
      return carryOut(back as Fix<unknown>, undo.params)
    },
  }
}
