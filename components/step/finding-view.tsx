'use client'
import { remediesFor } from '@/components/card/remedies'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { classes } from '@/components/ui/classes'
import { toneOf } from '@/components/ui/verdict-mark'
import { When } from '@/components/ui/when'
import type { Finding, Severity, Tone } from '@/lib/verdicts/types'
import { Fold } from './fold'

const EDGE: Record<Tone, string> = {
  neutral: 'border-line-strong',
  pass: 'border-pass',
  warn: 'border-warn',
  fail: 'border-fail',
  unknown: 'border-unknown',
}

const WORD: Record<Severity, string> = {
  info: 'Note',
  warn: 'Warning',
  fail: 'Failing',
  unknown: 'Could not look',
}

/** How many lines of evidence stand open. */
const SHOWN = 4

function Evidence({ lines }: { lines: string[] }) {
  if (lines.length === 0) return null
  const list = (some: string[]) => (
    <ul className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-[12px] leading-5 text-second">
      {some.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat and never move
        <li key={index} className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {line}
        </li>
      ))}
    </ul>
  )
  return (
    <div className="mt-1.5">
      {list(lines.slice(0, SHOWN))}
      {lines.length > SHOWN ? (
        <Fold label={`Show ${lines.length - SHOWN} more lines of evidence`}>{list(lines.slice(SHOWN))}</Fold>
      ) : null}
    </div>
  )
}

/** What a check found: the sentence, what shows it, since when, and the fixes that would help. */
export function FindingView({ finding, cardId }: { finding: Finding; cardId: string }) {
  const { runbook, openFix } = useConsole()
  const fixes = remediesFor(finding, runbook, cardId)
  const { subject } = finding
  return (
    <li className={classes('border-l-2 py-0.5 pl-3', EDGE[toneOf(finding.severity)])}>
      <p className="[overflow-wrap:anywhere]">
        <span className="sr-only">{WORD[finding.severity]}: </span>
        <span className={finding.severity === 'info' ? 'text-second' : 'font-medium'}>{finding.title}</span>
        {finding.since ? (
          <span className="text-third">
            {' '}
            · began <When at={finding.since} />
          </span>
        ) : null}
        {subject ? (
          <span className="text-meta text-third">
            {' '}
            · {subject.kind} {subject.namespace ? `${subject.namespace}/` : ''}
            {subject.name}
          </span>
        ) : null}
      </p>
      {finding.detail ? <p className="mt-0.5 max-w-[92ch] text-second">{finding.detail}</p> : null}
      <Evidence lines={finding.evidence} />
      {fixes.length > 0 ? (
        <div className="mt-2 flex flex-wrap gap-2">
          {fixes.map((fix, index) => (
            <Button
              key={fix.id}
              size="small"
              kind={index === 0 && finding.severity === 'fail' ? 'accent' : 'plain'}
              onClick={() => openFix({ stepId: fix.id })}
            >
              {fix.title}
            </Button>
          ))}
        </div>
      ) : null}
    </li>
  )
}
