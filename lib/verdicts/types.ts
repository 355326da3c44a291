/** Universal types: what a check says. No server code in here; the browser renders these. */

export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown'

/** `info` never changes a verdict; `unknown` means "could not look", with the reason in the title. */
export type Severity = 'info' | 'warn' | 'fail' | 'unknown'

/** A fix that would help, named by operation and, where it matters, by some of its parameters. */
export interface Remedy {
  /** Operation id, for example `kubernetes.rollout-restart`. */
  operation: string
  /** Parameters a runbook step must carry to count as this remedy (compared field by field). */
  params?: Record<string, unknown>
}

export interface ObjectRef {
  kind: string
  namespace?: string
  name: string
}

export interface Finding {
  severity: Severity
  /** Stable id of the rule that fired: `pods.crash-loop`, `postgres.pool-exhausted`. */
  code: string
  /** One sentence with figures and since when. It names the cause. */
  title: string
  /** More sentences, when one is not enough. */
  detail?: string
  /** Lines, events and values that show it. Already capped; redacted at the exit. */
  evidence: string[]
  /** ISO time at which it began, when known. */
  since?: string
  subject?: ObjectRef
  remedies: Remedy[]
  /** Codes of findings which, when present, would explain this one ("0 ready" ← "pool exhausted"). */
  explainedBy?: string[]
}

export type Tone = 'neutral' | 'pass' | 'warn' | 'fail' | 'unknown'

export interface Cell {
  text: string
  tone?: Tone
  /** Mono type: names, ids, commands. */
  mono?: boolean
}

/** Structured results. The first view of a step is shown open; all text in them is untrusted. */
export type View =
  | {
      type: 'table'
      label?: string
      columns: { key: string; label: string; align?: 'left' | 'right' }[]
      rows: Record<string, Cell>[]
      /** Rows left out because of the cap. */
      more?: number
    }
  | { type: 'facts'; label?: string; items: { label: string; value: string; tone?: Tone }[] }
  | { type: 'gauge'; label: string; value: number; max: number; unit: string; tone: Tone; note?: string }
  | {
      type: 'histogram'
      label: string
      /** Width of a bucket in seconds. */
      bucketSeconds: number
      buckets: { at: string; count: number; bad: number }[]
    }
  | {
      type: 'series'
      label: string
      unit: string
      /** Points are [unix seconds, value]; null is a gap. */
      series: { name: string; points: [number, number | null][] }[]
    }
  | {
      type: 'groups'
      label: string
      groups: {
        template: string
        count: number
        severity: Severity | 'normal'
        first: string
        last: string
        example: string
        pods: string[]
      }[]
      more?: number
    }
  /** A view that stays on the server until somebody opens it: what it is called, and the words on its fold. */
  | { type: 'kept'; label?: string; name: string; fold?: string }

/** The parts of a result that are fetched when somebody opens them. */
export interface ResultDetails {
  views: View[]
  raw: RawText[]
}

export interface RawText {
  label: string
  text: string
  /** Bytes left out by the output cap; 0 when whole. */
  truncatedBytes: number
  /** Characters of a long text that is not carried here but fetched when somebody opens it. */
  kept?: number
  /** The text could not be made, and the label says why: it is no text that anything may read on. */
  failed?: true
  /** Shown, but not part of what a pipe would read: what a program prints of errors. */
  aside?: true
}

/** What one check found. */
export interface CheckResult {
  verdict: Verdict
  /** The answer in a sentence: the worst finding, or what is well, with figures. */
  summary: string
  /** A telling figure for a healthy chip: `3 of 3 ready`, `hit ratio 94.1 %`. */
  figure?: string
  /** What was read: `3 pods · 1,204 lines`. */
  read?: string
  /** What it was about, where a person said so: `namespace` → `shop`. Never a secret. */
  about?: { label: string; value: string }[]
  findings: Finding[]
  views: View[]
  raw: RawText[]
}
