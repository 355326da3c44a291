import { clockOf, clockText } from './clock'
import type { Expansion } from './words-of'

/** Whether the value of a capture is for a person, who has the file, or for the clock. */
export function isLeft(part: Expansion, quoted: boolean): boolean {
  if (readsOwnFile(part)) return true
  const clock = clockOf(part.text)
  // Without quotes a shell makes several words of a time with blanks in it.
  return clock !== undefined && (quoted || !/\s/.test(clockText(clock, new Date(0))))
}

/** `$(cat key.json)`: the contents of a file on the machine on which it is typed, and nothing else. */
function readsOwnFile({ script }: Expansion): boolean {
  const [only, ...more] = script?.errors?.length ? [] : (script?.commands ?? [])
  if (!only || more.length > 0 || only.background || only.command.type !== 'Command') return false
  const { name, args, prefix, redirects } = only.command
  const [file, ...others] = args
  return (
    name?.value === 'cat' &&
    file?.type === 'Word' &&
    /^[\w./~-]+$/.test(file.text) &&
    !file.text.startsWith('-') &&
    others.length + prefix.length + redirects.length === 0
  )
}
