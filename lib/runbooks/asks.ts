import type { Step } from './types'

/** Whether a step is a check that can run without asking anything: every value it takes is known, or may be left out. */
export function runsUnasked(step: Step): boolean {
  return step.kind === 'check' && step.inputs.every((input) => !input.required || input.default !== undefined)
}
