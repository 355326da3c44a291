import type { InputSpec } from '../../operations/types'
import type { Command } from '../command'
import { kindOf } from '../kubectl-resources'
import { NUMBERS } from '../requests'

/** The type that a placeholder speaks of (`deployment-name`), else the one most are about. */
function typeIn(name: string): string {
  return name.split('-').find((word) => kindOf(word) !== undefined) ?? 'pod'
}

/** What a placeholder has to be where it stands, when kubectl would refuse anything else. */
export function formOf(
  name: string,
  commands: readonly Command[],
): Pick<InputSpec, 'type' | 'help' | 'typeAndName'> | undefined {
  const word = `<${name}>`
  for (const command of commands) {
    if (command.program !== 'kubectl') continue
    if (command.resources.some((one) => one.open && one.name === word))
      return { type: 'text', help: `TYPE/NAME, for example ${typeIn(name)}/web-7d9f`, typeAndName: true }
    if (NUMBERS.some((flag) => command.flags[flag] === word)) return { type: 'integer' }
  }
  return undefined
}
