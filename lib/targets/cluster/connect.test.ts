import { afterEach, expect, it, vi } from 'vitest'
import { connectCluster } from './connect'

afterEach(() => vi.unstubAllEnvs())

it('says that there is no kubeconfig instead of asking this machine’s port 8080', () => {
  vi.stubEnv('KUBECONFIG', '')
  vi.stubEnv('HOME', '/nowhere')
  vi.stubEnv('HOMEDRIVE', '')
  vi.stubEnv('USERPROFILE', '')
  expect(connectCluster({ practice: false })).toMatchObject({
    ok: false,
    error: { code: 'invalid_input', message: expect.stringContaining('There is no kubeconfig.') },
  })
})
