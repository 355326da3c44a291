import 'server-only'
import { fail, type Result } from '@/lib/core/result'
import type { ConsoleView } from './types'

/** Everything the frame and the board need. */
export async function loadConsole(): Promise<Result<ConsoleView>> {
  return fail('target_unavailable', 'Not connected yet.')
}
