import 'server-only'
import { runInNewContext } from 'node:vm'
import { fail, ok, type Result } from '../core/result'
import { type Compiled, type CompileInput, compile } from './compile'

/** A text that somebody shows for the first time: what takes longer would hold up everybody else. */
export const FIRST_LIMIT_MS = 5_000
/** A text that was compiled within the first limit before, perhaps on a faster or less busy machine. */
export const AGAIN_LIMIT_MS = 20_000

/**
 * Compiles a text by a stranger: the compiler is cut off when the time is up, wherever it is. The limit of a script is
 * V8's own, so it also ends a regular expression that would not end; the new context is there to carry it.
 */
export function compileWithin(input: CompileInput, limitMs: number): Result<Compiled> {
  try {
    return ok(runInNewContext('run()', { run: () => compile(input) }, { timeout: limitMs }) as Compiled)
  } catch (cause) {
    const late = cause instanceof Error && 'code' in cause && cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    return late
      ? fail('invalid_input', `It takes longer than ${limitMs / 1_000} seconds to read this text.`, {
          hint: 'Split it into several runbooks, or look for a very long line or paragraph in it.',
        })
      : fail('invalid_input', 'This text breaks the compiler of runbooks.', {
          hint: `Leave parts out until it can be read. ${cause instanceof Error ? cause.message.slice(0, 200) : ''}`,
        })
  }
}
