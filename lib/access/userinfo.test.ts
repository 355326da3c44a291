import { afterEach, describe, expect, it, vi } from 'vitest'
import { userinfoClaims } from './userinfo'

const WELL_KNOWN = 'https://login.example/.well-known/openid-configuration'

/** A sign-in server that answers these bodies by path; anything else is a 404. */
function server(bodies: Record<string, unknown>) {
  const asked = vi.fn(async (url: string, _init?: RequestInit) => {
    const body = bodies[new URL(url).pathname]
    return body === undefined ? new Response('', { status: 404 }) : Response.json(body)
  })
  vi.stubGlobal('fetch', asked)
  return asked
}
afterEach(() => vi.unstubAllGlobals())

const discovery = { '/.well-known/openid-configuration': { userinfo_endpoint: 'https://login.example/me' } }

describe('userinfoClaims', () => {
  it('asks the endpoint that discovery names, with the token', async () => {
    const asked = server({ ...discovery, '/me': { sub: 'u1', groups: ['on-call'] } })
    expect(await userinfoClaims(WELL_KNOWN, 'secret', 'u1')).toEqual({ sub: 'u1', groups: ['on-call'] })
    expect(asked.mock.calls[0]?.[1]?.headers).not.toHaveProperty('authorization')
    expect(asked.mock.calls[1]?.[1]?.headers).toMatchObject({ authorization: 'Bearer secret' })
  })

  it('uses nothing about somebody else', async () => {
    server({ ...discovery, '/me': { sub: 'u2', groups: ['sre-leads'] } })
    expect(await userinfoClaims(WELL_KNOWN, 'secret', 'u1')).toEqual({})
  })

  it('goes on without when the server does not answer', async () => {
    server(discovery)
    expect(await userinfoClaims(WELL_KNOWN, 'secret', 'u1')).toEqual({})
    server({ '/.well-known/openid-configuration': {} })
    expect(await userinfoClaims(WELL_KNOWN, 'secret', 'u1')).toEqual({})
  })
})
