import { answer } from '@/lib/loaders/answer'
import { loadRaw } from '@/lib/loaders/raw'

export const dynamic = 'force-dynamic'

/** The raw texts of a step's latest result. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string[] }> },
): Promise<Response> {
  const { id } = await params
  return answer(await loadRaw(id.join('/').slice(0, 200)))
}
