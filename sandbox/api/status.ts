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
      ...(this.reason ? { reason: this.reason } : {}),
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

/** One thing that is wrong with an object. */
export interface Cause {
  reason: string
  message: string
  field: string
}

/** 422 with everything that is wrong; kubectl prints the causes, other clients the message. */
export function invalidBy(
  info: Pick<KindInfo, 'kind' | 'group'>,
  name: string | undefined,
  causes: Cause[],
): ApiError {
  const kind = info.group ? `${info.kind}.${info.group}` : info.kind
  const all = [...new Set(causes.map((one) => `${one.field}: ${one.message}`))]
  const why = all.length === 1 ? all[0] : `[${all.join(', ')}]`
  return new ApiError(422, 'Invalid', `${kind} "${name ?? ''}" is invalid: ${why}`, {
    ...(name ? { name } : {}),
    kind: info.kind,
    ...(info.group ? { group: info.group } : {}),
    causes,
  })
}

/** What the API server says of a path that it does not serve. */
export function unknownPath(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function notAllowed(): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  )
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message)
}
