import { Info } from 'lucide-react'
import type { Shown, Step } from '@/lib/runbooks/types'
import { Fold } from './fold'
import { RawBox } from './raw-box'

/** Text with words between backticks in mono type, as runbooks write names and commands. */
export function Words({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts repeat and never move
      <code key={index} className="text-[11.5px] text-second">
        {part}
      </code>
    ) : (
      part
    ),
  )
}

function nameOf({ kind, lang }: Shown): string {
  return kind === 'output' ? 'Output as the runbook shows it' : `In the runbook: ${lang || 'text'}`
}

/** What the runbook says above the step, and where its line does not do what it seems to do. */
export function Notes({ step }: { step: Step }) {
  // The same pitfall in two lines of a step is told once.
  const warnings = step.warnings.filter(
    (one, index) => step.warnings.findIndex((other) => other.message === one.message) === index,
  )
  const note = step.kind === 'guide' && step.note === step.reason ? undefined : step.note
  const { shown = [] } = step
  if (!note && warnings.length === 0 && shown.length === 0) return null
  return (
    <div className="mt-1 space-y-1">
      {note ? (
        <p className="max-w-[80ch] whitespace-pre-line text-second">
          <Words text={note} />
        </p>
      ) : null}
      {shown.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts of a runbook never move
        <Fold key={index} label={nameOf(one)}>
          <RawBox label={nameOf(one)} text={one.text} />
        </Fold>
      ))}
      {warnings.map((warning) => (
        <p key={`${warning.id} ${warning.message}`} className="flex max-w-[92ch] gap-2 text-meta text-third">
          <Info aria-hidden size={14} className="mt-0.5 shrink-0" />
          <span>
            <span className="sr-only">About the runbook's line: </span>
            <Words text={warning.message} />
          </span>
        </p>
      ))}
    </div>
  )
}
