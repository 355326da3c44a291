/** What pages get. Universal types; plain data. */
import type { Actor, BoardState, FixRun, GuideDone } from '../engine/types'
import type { IncidentSummary } from '../incidents/types'
import type { Runbook } from '../runbooks/types'

export interface ConsoleView {
  actor: Actor
  cluster: { name: string; practice: boolean }
  runbook: Runbook
  board: BoardState
  activeIncident?: IncidentSummary
  /** Executing, verifying or of unknown outcome. */
  runningFixes: FixRun[]
  pendingApprovals: number
  /** Who ticked which guide off last, by step id. */
  guidesDone?: Record<string, GuideDone>
}

export interface FaultView {
  name: string
  title: string
  teaches: string
  cards: string[]
  cure: string
  active: boolean
}

export interface ApprovalView {
  run: FixRun
  /** This person may approve it; otherwise `why` says what stands in the way. */
  mayApprove: boolean
  why?: string
}

export interface FixView {
  run: FixRun
  mayApprove: boolean
  mayCancel: boolean
  mayUndo: boolean
  /** Its outcome is unknown and this person may say how it ended (`settleFix`). */
  maySettle?: boolean
  why?: string
}
