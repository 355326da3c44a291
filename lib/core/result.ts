import { type AppError, appError, type ErrorCode } from './errors'

/** A value, or an expected failure as data. Functions that can fail in a foreseen way return this. */
export type Result<T, E = AppError> = { ok: true; value: T } | { ok: false; error: E }

/** Wraps a value. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

/** Wraps an error that is already an AppError (or another error type). */
export function err<E>(error: E): { ok: false; error: E } {
  return { ok: false, error }
}

/** Short for `err(appError(code, message, extra))`. */
export function fail(
  code: ErrorCode,
  message: string,
  extra?: { hint?: string; retryable?: boolean; requestId?: string },
): { ok: false; error: AppError } {
  return err(appError(code, message, extra))
}
