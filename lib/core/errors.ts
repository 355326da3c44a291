/** Every way an expected failure can be named. The message beside it is fit for a person. */
export type ErrorCode =
  | 'invalid_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'precondition_failed'
  | 'timeout'
  | 'target_unavailable'
  | 'internal'

/**
 * An expected failure as plain, serialisable data. `message` is a sentence for a person and never
 * holds a secret or a stack; `hint` says what would help. The cause is logged where it happened,
 * never carried here.
 */
export interface AppError {
  code: ErrorCode
  message: string
  hint?: string
  /** True when the same call may succeed later without a change by the caller. */
  retryable: boolean
  requestId?: string
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['timeout', 'target_unavailable', 'conflict'])

/** Builds an AppError; `retryable` follows the code unless given. */
export function appError(
  code: ErrorCode,
  message: string,
  extra: { hint?: string; retryable?: boolean; requestId?: string } = {},
): AppError {
  const { retryable = RETRYABLE.has(code), ...rest } = extra
  return { code, message, retryable, ...rest }
}
