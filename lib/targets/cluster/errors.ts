import 'server-only'
import { type AppError, appError } from '../../core/errors'

interface Status {
  message?: string
  reason?: string
}

/** An API server's error answer as an AppError with a sentence for a person. */
export function fromStatus(code: number, body: string, what: string): AppError {
  let status: Status = {}
  try {
    status = JSON.parse(body)
  } catch {
    // Proxies and load balancers answer in HTML or plain text: the code still says enough.
  }
  const message = typeof status.message === 'string' ? status.message.slice(0, 500) : `HTTP ${code}`
  switch (code) {
    case 401:
      return appError('unauthenticated', `the cluster does not accept these credentials (${what})`, {
        hint: 'Renew the credentials of this kubeconfig context.',
      })
    case 403:
      return appError('forbidden', message, {
        hint: 'Give the account that right, or ask someone who has it.',
      })
    case 404:
      return appError('not_found', message)
    case 409:
      return appError(status.reason === 'AlreadyExists' ? 'conflict' : 'stale', message)
    case 410:
      return appError('stale', message, { retryable: true })
    case 400:
    case 422:
      return appError('invalid_input', message)
    case 429:
      return appError('conflict', message)
    case 503:
      return appError('target_unavailable', message)
    default:
      return appError(code >= 500 ? 'target_unavailable' : 'internal', `${what}: ${message}`)
  }
}

/** A failed connection as an AppError. */
export function fromFailure(cause: unknown, server: string, what: string): AppError {
  const { code, name, message } = cause as { code?: string; name?: string; message?: string }
  if (name === 'TimeoutError' || code === 'ETIMEDOUT')
    return appError('timeout', `${what} took too long and was given up`, {
      hint: 'The cluster or the pod may be overloaded; try again.',
    })
  if (name === 'AbortError') return appError('timeout', `${what} was cancelled`)
  if (code === 'ECONNREFUSED')
    return appError('target_unavailable', `nothing listens on ${server}`, {
      hint: 'Is the cluster running, and is this the right context?',
    })
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return appError('target_unavailable', `the name of ${server} does not resolve`, {
      hint: 'Check the server of this kubeconfig context and your network.',
    })
  // As after a time-out, nobody knows whether the request arrived.
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return appError('timeout', `the connection to ${server} broke off`)
  if (code && /CERT|SSL|TLS|SELF_SIGNED|ALTNAME/.test(code))
    return appError('target_unavailable', `the certificate of ${server} is not trusted (${code})`, {
      hint: 'Check certificate-authority of this kubeconfig context.',
    })
  return appError('target_unavailable', `${what} failed: ${String(message ?? cause).slice(0, 200)}`)
}
