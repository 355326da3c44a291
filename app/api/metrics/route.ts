import { metricsText } from '@/lib/metrics'

export const dynamic = 'force-dynamic'

/** Prometheus text of this process: counts and times only, no names of people or objects. */
export async function GET(): Promise<Response> {
  const { text, contentType } = await metricsText()
  return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
}
