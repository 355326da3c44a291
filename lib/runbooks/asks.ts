import type { InputSpec } from '../operations/types'
import type { BoundStep, Card, Step } from './types'

/** Whether a step is a check that can run without asking anything: every value it takes is known, or may be left out. */
export function runsUnasked(step: Step): boolean {
  return runsWith(step, {})
}

/** Whether a step is a check that can run with these values, by the name of the input. */
export function runsWith(step: Step, values: Record<string, string>): boolean {
  return step.kind === 'check' && missing(step, values).length === 0
}

/** The inputs of a step that need a value and have none. */
export function missing(step: BoundStep, values: Record<string, string>): InputSpec[] {
  return step.inputs.filter(
    (input) => input.required && input.default === undefined && !values[input.name]?.trim(),
  )
}

/**
 * What several steps of a card ask for: given once, it holds for all of them. Secrets are asked for where they are used.
 * What every step knows by itself is nobody's question.
 */
export function sharedInputs(card: Card): InputSpec[] {
  const all = card.steps.flatMap((step) => (step.kind === 'guide' ? [] : step.inputs))
  const names = [...new Set(all.map((input) => input.name))]
  return names.flatMap((name) => {
    const own = all.filter((input) => input.name === name && input.type !== 'secret')
    const asked = own.find((input) => input.required && input.default === undefined)
    return asked && own.length > 1 ? [asked] : []
  })
}
