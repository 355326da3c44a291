import 'server-only'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { couldNotLook } from '@/lib/verdicts/conclude'
import type { CheckResult, Finding } from '@/lib/verdicts/types'
import { commandOf, type Line, line, lineOf, startsOf, typedLine } from './line'

/** A check that stands for what one verb asks. What it prints is known of some lines only: see printers/known-text. */
export function asking(
  id: string,
  title: string,
  verbs: string[],
  run: (context: ReadContext, command: KubectlCommand) => Promise<CheckResult>,
): Check<Line> {
  const known = new Set(verbs)
  return {
    id,
    title,
    effect: 'read',
    prints: true,
    params: line,
    starts: startsOf(verbs),
    recognise: (commands) => lineOf(commands, known),
    kubectl: typedLine,
    async run(context, given) {
      const command = commandOf(given)
      return command.ok ? run(context, command.value) : couldNotLook(command.error)
    },
  }
}

/** A finding that says one thing and no more. */
export const finding = (severity: Finding['severity'], code: string, title: string): Finding => ({
  severity,
  code,
  title,
  evidence: [],
  remedies: [],
})
