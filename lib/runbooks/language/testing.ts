import { CATALOGUE } from '../../operations/catalogue'
import { compile } from '../compile'
import type { BoundStep } from '../types'

/** Command lines as the only block of a card, compiled: its steps, those that an operation does, and what lint says. */
export function compiled(...commands: string[]) {
  const text = ['# T', '', '### Card', '', '````bash', ...commands, '````', ''].join('\n')
  const { runbook, lines } = compile({ text, file: 'a.md', catalogue: CATALOGUE })
  const steps = runbook.cards.flatMap((card) => card.steps)
  const bound = steps.filter((step): step is BoundStep => step.kind !== 'guide')
  return { steps, bound, lines }
}
