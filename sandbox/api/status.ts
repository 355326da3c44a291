import type { KindInfo } from './kinds'

/** An error answer of the API server: HTTP code and a Status object in its words. */
export class ApiError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: Record<string, unknown> | undefined
  constructor(code: number, reason: string, message: string, details?: Record<string, unknown>) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
  }
  /** The metav1.Status body. */
  body() {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    }
  }
}

function qualified(info: KindInfo): string {
  return info.group ? `${info.plural}.${info.group}` : info.plural
}

export function notFound(info: KindInfo, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(info)} "${name}" not found`, {
    name,
    ...(info.group ? { group: info.group } : {}),
    kind: info.plural,
  })
}

export function alreadyExists(info: KindInfo, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualified(info)} "${name}" already exists`, {
    name,
    ...(info.group ? { group: info.group } : {}),
    kind: info.plural,
  })
}

export function conflict(info: KindInfo, name: string, why: string): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(info)} "${name}": ${why}`,
    {
      name,
      ...(info.group ? { group: info.group } : {}),
      kind: info.plural,
    },
  )
}

export function invalid(info: KindInfo, name: string, why: string): ApiError {
  return new ApiError(422, 'Invalid', `${info.kind} "${name}" is invalid: ${why}`, {
    name,
    kind: info.kind,
    ...(info.group ? { group: info.group } : {}),
    // kubectl prints the causes, not the message.
    causes: [
      {
        reason: 'FieldValueInvalid',
        message: why.slice(why.indexOf(': ') + 2),
        field: why.slice(0, why.indexOf(': ')),
      },
    ],
  })
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message)
}
