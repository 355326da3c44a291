import 'server-only'
import type { AppError } from '@/lib/core/errors'
import { containerOf } from '@/lib/operations/resolve-pods'
import type { ReadContext } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'
import type { Answer } from '@/lib/verdicts/http'

/** An API server's own 503 about a pod or service it cannot dial, in words. */
function silence(body: string): string | undefined {
  try {
    const status = JSON.parse(body) as { kind?: string; message?: string }
    return status.kind === 'Status'
      ? /connection refused/.test(status.message ?? '')
        ? 'connection refused'
        : (status.message ?? 'no answer')
      : undefined
  } catch {
    return undefined
  }
}

/** A proxied answer or failure as an Answer. `forbidden` and the like are returned as the error they are: nobody looked. */
export function asAnswer(
  from: string,
  result: Awaited<ReturnType<ReadContext['cluster']['podGet']>>,
): Answer | AppError {
  if (result.ok) {
    const { status, ms, body } = result.value
    const said = status === 503 || status === 502 ? silence(body) : undefined
    return said ? { from, error: said } : { from, status, ms, body }
  }
  const { code, message } = result.error
  return code === 'target_unavailable' || code === 'timeout' ? { from, error: message } : result.error
}

/** GET on one port of each pod through the API server; through curl inside the pod where the proxy is refused us. */
export async function askPods(
  context: Pick<ReadContext, 'cluster'>,
  targets: { pod: KubeObject; port: number }[],
  path: string,
  headers?: Record<string, string>,
): Promise<{ answers: Answer[]; error?: AppError }> {
  const all = await Promise.all(
    targets.map(async ({ pod, port }) => {
      const name = pod.metadata.name
      const namespace = pod.metadata.namespace ?? ''
      const proxied = asAnswer(
        name,
        await context.cluster.podGet({ namespace, name, port }, { path, ...(headers ? { headers } : {}) }),
      )
      if (!('code' in proxied) || proxied.code !== 'forbidden' || headers) return proxied
      const inside = await context.cluster.exec({
        namespace,
        pod: name,
        container: containerOf(pod),
        argv: ['curl', '-s', '-i', '-m', '5', `http://localhost:${port}${path}`],
      })
      return inside.ok ? fromCurl(name, inside.value) : proxied
    }),
  )
  const error = all.find((one): one is AppError => 'code' in one)
  return { answers: all.filter((one): one is Answer => !('code' in one)), ...(error ? { error } : {}) }
}

/** What `curl -s -i` printed as an Answer; its exit codes: 6 no such host, 7 refused, 28 time-out (curl(1)). */
export function fromCurl(
  from: string,
  answer: { stdout: string; stderr: string; exitCode: number; ms: number },
): Answer {
  if (answer.exitCode !== 0) {
    const word = { 6: 'the host name does not resolve', 7: 'connection refused', 28: 'timed out' }[
      answer.exitCode
    ]
    return {
      from,
      error: word ?? (answer.stderr.trim().slice(0, 200) || `curl ended with code ${answer.exitCode}`),
    }
  }
  const match = /^HTTP\/[\d.]+ (\d{3})[^\n]*\n(?:[^\n]*:[^\n]*\n)*\r?\n([\s\S]*)$/.exec(answer.stdout)
  return match
    ? { from, status: Number(match[1]), ms: answer.ms, body: match[2] ?? '' }
    : { from, error: 'the answer was not HTTP' }
}
