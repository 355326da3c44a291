import { describe, expect, it } from 'vitest'
import { checkSettings, isPractice, readEnv } from './env'

const practice = {
  DATABASE_URL: 'postgresql://u:very-secret@127.0.0.1:5432/x',
  NEXTAUTH_URL: 'http://localhost:3000',
  NEXTAUTH_SECRET: 'k'.repeat(32),
}
const real = {
  ...practice,
  NEXTAUTH_URL: 'https://crashcart.example.com',
  CRASHCART_CONTEXT: 'prod',
  CRASHCART_OIDC_ISSUER: 'https://login.example.com',
  CRASHCART_OIDC_CLIENT_ID: 'crashcart',
  CRASHCART_OIDC_CLIENT_SECRET: 's',
}

function message(result: ReturnType<typeof checkSettings>): string {
  return result.ok ? '' : result.error.message
}

describe('readEnv', () => {
  it('practises when no context is named, and takes an empty variable for one not set', () => {
    const read = readEnv({ ...practice, CRASHCART_CONTEXT: ' ' })
    expect(read.ok && isPractice(read.value)).toBe(true)
    expect(read.ok && read.value.CRASHCART_OIDC_ROLE_CLAIM).toBe('groups')
  })

  it('splits lists', () => {
    const read = readEnv({ ...practice, CRASHCART_ROLES_ADMIN: 'sre-leads, platform,,' })
    expect(read.ok && read.value.CRASHCART_ROLES_ADMIN).toEqual(['sre-leads', 'platform'])
  })

  it('names every wrong variable, and shows no value', () => {
    const said = message(
      readEnv({ ...practice, DATABASE_URL: 'mysql://u:very-secret@h/x', NEXTAUTH_SECRET: undefined }),
    )
    expect(said).toContain('DATABASE_URL')
    expect(said).toContain('NEXTAUTH_SECRET is not set')
    expect(said).not.toContain('very-secret')
  })
})

describe('checkSettings', () => {
  it('lets the practice cluster start without sign-in settings', () => {
    expect(checkSettings(practice).ok).toBe(true)
  })

  it('refuses a real cluster without single sign-on, and says what to set', () => {
    const said = message(
      checkSettings({ ...real, CRASHCART_OIDC_CLIENT_ID: '', CRASHCART_OIDC_CLIENT_SECRET: undefined }),
    )
    expect(said).toContain('CRASHCART_OIDC_CLIENT_ID, CRASHCART_OIDC_CLIENT_SECRET')
    expect(said).not.toContain('CRASHCART_OIDC_ISSUER')
    expect(checkSettings(real).ok).toBe(true)
  })

  it('refuses plain http in front of a real cluster, except on this machine', () => {
    expect(message(checkSettings({ ...real, NEXTAUTH_URL: 'http://crashcart.example.com' }))).toContain(
      'https://',
    )
    expect(checkSettings({ ...real, NEXTAUTH_URL: 'http://localhost:3000' }).ok).toBe(true)
  })
})
