import { db } from '@/lib/db/client'
import { readiness } from '@/lib/readiness'

export const dynamic = 'force-dynamic'

/** Ready: start-up is done and the database answers. Says nothing about the cluster, which may be what is ill. */
export async function GET(): Promise<Response> {
  const state = readiness()
  const headers = { 'cache-control': 'no-store' }
  if (state !== 'ready') return Response.json({ status: state }, { status: 503, headers })
  try {
    await db().$queryRaw`SELECT 1`
    return Response.json({ status: 'ready' }, { headers })
  } catch {
    return Response.json({ status: 'the database does not answer' }, { status: 503, headers })
  }
}
