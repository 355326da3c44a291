import 'server-only'
import pino, { type Logger } from 'pino'
import { redact, redactDeep } from './redact'

/** An error as plain data, without secrets. Causes are followed, at most five deep. */
function plainError(cause: unknown, depth = 0): unknown {
  if (!(cause instanceof Error)) return redactDeep(cause)
  return {
    type: cause.name,
    message: redact(cause.message),
    stack: redact(cause.stack ?? ''),
    ...('code' in cause ? { code: String(cause.code) } : {}),
    ...(cause.cause !== undefined && depth < 5 ? { cause: plainError(cause.cause, depth + 1) } : {}),
  }
}

const wanted = process.env.LOG_LEVEL ?? ''
const usual = process.env.VITEST ? 'silent' : 'info'

/**
 * The log of this process: one JSON object a line on standard output, redacted. Causes of errors go
 * here under `err`, and nowhere else.
 * @example log.error({ err: cause, runId }, 'The fix could not be recorded')
 */
export const log: Logger = pino({
  // A wrong word is refused by lib/env.ts with a sentence; here it must not end the process.
  level: wanted === 'silent' || wanted in pino.levels.values ? wanted : usual,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: {
    level: (label) => ({ level: label }),
    log: ({ err, error, ...rest }) => ({
      ...redactDeep(rest),
      ...(err === undefined ? {} : { err: plainError(err) }),
      ...(error === undefined ? {} : { error: plainError(error) }),
    }),
  },
  // The formatter above has done it.
  serializers: { err: (value) => value, error: (value) => value },
  hooks: {
    logMethod(args, method) {
      const safe = args.map((arg) => (typeof arg === 'string' ? redact(arg) : arg))
      method.apply(this, safe as Parameters<typeof method>)
    },
  },
})
