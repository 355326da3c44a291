import { answer } from '@/lib/loaders/answer'
import { loadRunbookText } from '@/lib/loaders/runbooks'

export const dynamic = 'force-dynamic'

/** The text of a version as it was written. As an attachment: a text of strangers is never shown as a page. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string; version: string }> },
): Promise<Response> {
  const { id, version } = await params
  const found = await loadRunbookText(id, version)
  if (!found.ok) return answer(found)
  const { file, text } = found.value
  return new Response(text, {
    headers: {
      'content-type': 'text/markdown; charset=utf-8',
      'content-disposition': `attachment; filename="runbook.md"; filename*=UTF-8''${encodeURIComponent(file).replace(/[()]/g, escape)}`,
      'cache-control': 'no-store',
    },
  })
}
