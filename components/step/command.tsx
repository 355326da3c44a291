import type { Step } from '@/lib/runbooks/types'
import { CopyButton } from './copy-button'
import { Fold } from './fold'

function Lines({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex min-w-0 items-start gap-1">
      <code className="min-w-0 whitespace-pre-wrap break-words py-1 text-[12px] leading-5 text-second [overflow-wrap:anywhere]">
        {text}
      </code>
      <CopyButton text={text} label={label} />
    </div>
  )
}

/** The line a person would type, to copy; and the runbook's own wording where it differs. */
export function Command({ step }: { step: Step }) {
  const written = step.commands.join('\n')
  const typed = step.kind === 'guide' ? written : step.kubectl
  if (!typed) return null
  return (
    <div className="flex flex-wrap items-center gap-x-4">
      <Lines text={typed} label="Copy the command" />
      {written && written !== typed ? (
        <div className="min-w-0 max-w-full has-[details[open]]:basis-full">
          <Fold label={`As the runbook has it, line ${step.source.line}`}>
            <Lines text={written} label="Copy the runbook's command" />
          </Fold>
        </div>
      ) : null}
    </div>
  )
}
