import 'server-only'
import type { ErrorCode } from '@/lib/core/errors'
import type { Result } from '@/lib/core/result'

const STATUS: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  precondition_failed: 412,
  timeout: 504,
  target_unavailable: 503,
  internal: 500,
}

/** A Result as an HTTP answer: the whole Result as JSON, the error's code as the status. Never cached. */
export function answer<T>(result: Result<T>): Response {
  return Response.json(result, {
    status: result.ok ? 200 : STATUS[result.error.code],
    headers: { 'cache-control': 'no-store' },
  })
}
