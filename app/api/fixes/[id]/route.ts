import { answer } from '@/lib/loaders/answer'
import { loadFix } from '@/lib/loaders/fixes'

export const dynamic = 'force-dynamic'

/** One fix with its moments. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params
  return answer(await loadFix(id.slice(0, 100)))
}
