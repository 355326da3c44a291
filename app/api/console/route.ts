import { answer } from '@/lib/loaders/answer'
import { loadConsole } from '@/lib/loaders/console'

export const dynamic = 'force-dynamic'

/** The console's data, for a browser whose stream was away. */
export async function GET(): Promise<Response> {
  return answer(await loadConsole())
}
