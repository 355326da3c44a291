/** What a page shows of a text that is, was or may become a runbook. Universal; plain data. */
import type { Role } from '../access/roles'
import type { InputSpec, Risk } from '../operations/types'
import type { Warning } from './types'

/** `understood`: it becomes no step, and means something for the lines after it. */
export type Outcome = 'check' | 'fix' | 'manual' | 'understood'

/** One command line as it stands in the text, and what it becomes. */
export interface PreviewLine {
  line: number
  text: string
  warnings: Warning[]
}

export interface PreviewStep {
  title: string
  note?: string
  outcome: Outcome
  /** Line of its first command, or of its title when it has none. */
  line: number
  lines: PreviewLine[]
  operation?: { id: string; title: string }
  /** Why a person does it, or what it means for the lines after it. */
  reason?: string
  needs?: Role
  risk?: Risk
}

export interface PreviewCard {
  id: string
  title: string
  group: string
  purpose: string
  steps: PreviewStep[]
}

export interface PreviewInput extends InputSpec {
  /** Titles of the cards that ask for it. */
  where: string[]
}

export interface Summary {
  commandLines: number
  typed: number
  manual: number
  checks: number
  fixes: number
  warnings: number
}

export interface CardChange {
  id: string
  title: string
  change: 'added' | 'removed' | 'changed'
  /** "2 steps added, 1 changed" */
  says: string
}

export interface DiffLine {
  sign: '+' | '-' | ' ' | '…'
  text: string
  /** Line in the text before, and in the text after. */
  before?: number
  after?: number
}

export interface Comparison {
  /** What it is compared with: "the file runbooks/shop.md", or "the version of Ada Admin". */
  with: { name: string; sha256: string; at?: string }
  same: boolean
  cards: CardChange[]
  unchanged: number
  added: number
  removed: number
  lines: DiffLine[]
  /** Changed lines that are not listed; undefined when the texts differ too much to be compared line by line. */
  left: number | undefined
}

export interface RunbookPreview {
  id: string
  title: string
  /** Name of the file. */
  file: string
  sha256: string
  bytes: number
  textLines: number
  summary: Summary
  cards: PreviewCard[]
  inputs: PreviewInput[]
  /** Sentences about the document as a whole, such as front matter that is not understood. */
  notes: string[]
  /** Why it cannot be installed, in sentences. */
  obstacles: string[]
  /** Absent when there is nothing of this id yet. */
  comparison?: Comparison
}

/** A version of a runbook that was installed at some time. */
export interface VersionSummary {
  id: string
  runbookId: string
  title: string
  file: string
  sha256: string
  cards: number
  lines: number
  typed: number
  installedBy: string
  at: string
  active: boolean
}

/** The name under which a file of the folder stands among the versions. */
export const FILE_VERSION = 'file'

/** Enough of a SHA-256 for people to tell versions apart. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 10)
}

/** A runbook in the list of all. */
export interface RunbookRow {
  id: string
  title: string
  file: string
  sha256: string
  cards: number
  lines: number
  typed: number
  /** `file` stands in the folder; `installed` in the database; `off` is on no board now. */
  origin: 'file' | 'installed' | 'off'
  installedBy?: string
  at?: string
  /** An installed one stands in for a file of the folder. */
  overFile: boolean
  /** It was installed, and cannot be read by this release of Crashcart. */
  unreadable: boolean
}

/** A text with everything that a page says of it. */
export interface TextView {
  preview: RunbookPreview
  text: string
}

/** One runbook as it is on the board, with its history. */
export interface RunbookPageView {
  row: RunbookRow
  /** Absent when it is on no board now. */
  current?: TextView
  /** Ids of its cards on the board begin with it. */
  cardPrefix: string
  /** Path of the file in the folder, when there is one. */
  filePath?: string
  versions: VersionSummary[]
  page: number
  pages: number
  total: number
}

/** A choice of what to compare with. */
export interface VersionChoice {
  version: string
  name: string
  at?: string
}

/** One version of a runbook. */
export interface VersionPageView extends TextView {
  id: string
  version: string
  /** What it is: "the file runbooks/shop.md", "installed by Ada Admin". */
  name: string
  at?: string
  /** This is what is on the board now. */
  current: boolean
  /** SHA-256 of what is on the board now; empty when nothing of this id is. */
  currentSha256: string
  comparedWith?: string
  choices: VersionChoice[]
}
