/** What the engine takes and gives: plain data, so that it could run in another process. Universal. */
import type { Role } from '../access/roles'
import type { AppError } from '../core/errors'
import type { Plan, Progress, Risk } from '../operations/types'
import type { CheckResult, RawText, Verdict } from '../verdicts/types'

export interface Actor {
  id: string
  name: string
  email: string
  role: Role
}

/** The latest result of a check step. */
export interface StepResult {
  stepId: string
  cardId: string
  result: CheckResult
  /** ISO times. */
  startedAt: string
  finishedAt: string
  ms: number
  by: string
  runId: string
}

/** A result as it travels to browsers: of what the journal knows of a look, only what a person is shown. */
export type ShownResult = Omit<StepResult, 'cardId' | 'startedAt' | 'runId'>

/** The card that a step stands on: ids of steps begin with it. */
export function cardIdOf(stepId: string): string {
  return stepId.slice(0, stepId.indexOf('/'))
}

/** What somebody wants checked; `inputs` of a card are what several of its checks take. */
export type CheckScope =
  | { scope: 'all' }
  | { cardId: string; inputs?: Record<string, string> }
  | { stepId: string; inputs?: Record<string, string>; secrets?: Record<string, string> }

export interface CardState {
  cardId: string
  /** `unchecked` until something looked. Never shown as healthy. */
  verdict: Verdict | 'unchecked'
  /** One line of why: the worst finding's title, or the telling figure. */
  summary: string
  figure?: string
  /** When the newest of its results was found. */
  checkedAt?: string
  /** When the oldest of them was: the card is no fresher than that. */
  oldestAt?: string
  /** Step ids of fixes that the findings suggest, best first. */
  suggests: string[]
  /** Title of the card whose finding explains this one's, and its id. */
  explainedBy?: { cardId: string; title: string }
}

export interface LikelyCause {
  cardId: string
  stepId: string
  code: string
  title: string
  /** How many of the current findings it explains, of how many. */
  explains: number
  of: number
  /** ISO time at which it began, when the finding knows. */
  since?: string
  /** A change shortly before it began: "backend-api-config changed (DB_POOL_SIZE 30 → 20) by ci-deployer". */
  changedBefore?: { text: string; at: string }
  suggests: string[]
}

export interface BoardState {
  cards: CardState[]
  steps: ShownResult[]
  cause?: LikelyCause
  lastSweep?: { id: string; at: string; ms: number; checks: number; requests: number }
  runningStepIds: string[]
}

export type FixState =
  | 'awaiting_approval'
  | 'executing'
  | 'verifying'
  | 'verified'
  | 'succeeded'
  | 'failed'
  | 'unknown'
  | 'rejected'
  | 'expired'
  | 'cancelled'
  | 'stale'

/** One thing that happened in a fix's life, in order. */
export interface FixMoment extends Progress {
  phase: 'requested' | 'approved' | 'recorded' | 'sent' | 'watching' | 'checking' | 'ended'
  at: string
}

export interface Preview {
  previewId: string
  stepId: string
  operation: string
  title: string
  risk: Risk
  plan: Plan
  /** Hash of operation, parameters and plan: what a person confirms and an approver approves. */
  hash: string
  /** This actor may press it now; otherwise `why` says what is missing. */
  mayRun: boolean
  needsApproval: boolean
  why?: string
  /** Titles and ids of the checks that are run to verify it. */
  cures: { stepId: string; title: string }[]
  /** What takes the place of inputs that were left empty, by their name. */
  filled?: Record<string, string>
  expiresAt: string
}

export interface FixRun {
  id: string
  stepId: string | null
  cardId: string | null
  operation: string
  title: string
  act: string
  risk: Risk
  state: FixState
  target: string
  plan: Plan
  hash: string
  reason: string
  requestedBy: { id: string; name: string; email: string }
  approvedBy?: { id: string; name: string; email: string }
  createdAt: string
  endedAt?: string
  expiresAt?: string
  moments: FixMoment[]
  /** Sentence for the end: "Recovered in 41 s", "Done in 41 s, its check still passes". */
  outcome?: string
  /** What the program printed that it ran. */
  output?: RawText[]
  error?: AppError
  undo: { possible: boolean; text: string; undoneBy?: string }
  incidentId?: string
}

/** A guide that somebody ticked off: their name, the ISO time, what they did. */
export interface GuideDone {
  by: string
  at: string
  note: string
}

/** Everything that reaches a browser on /api/live. */
export type LiveEvent =
  /** `all` are the checks of the whole board, whose ids every browser has. */
  | { type: 'check-started'; stepIds: string[] | 'all'; sweepId: string; at: string }
  | { type: 'check-finished'; step: ShownResult }
  /** Without the steps: each was sent when it was there. */
  | { type: 'sweep-finished'; sweepId: string; board: Omit<BoardState, 'steps'> }
  | { type: 'fix'; run: FixRun }
  | { type: 'incident'; incidentId: string; at: string }
  | { type: 'practice'; at: string }
  | { type: 'hello'; at: string }
