import { answer } from '@/lib/loaders/answer'
import { loadDetails } from '@/lib/loaders/details'

export const dynamic = 'force-dynamic'

/** The views and raw texts of a step's latest result. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string[] }> },
): Promise<Response> {
  const { id } = await params
  return answer(await loadDetails(id.join('/').slice(0, 200)))
}
