import { expect, it } from 'vitest'
import { isForeignHost } from './foreign-host'

const practice = { CRASHCART_CONTEXT: undefined, NEXTAUTH_URL: 'http://ops-box:3000' }

it.each([
  'localhost:3000',
  'LOCALHOST',
  'a.localhost:3000',
  '127.0.0.1:3000',
  '[::1]:3000',
  '192.168.1.7',
  'ops-box:3000',
])('signs in for %s', (host) => expect(isForeignHost(host, practice)).toBe(false))

it.each([
  'evil.example:3000',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example@localhost:1',
  '',
  null,
])('does not sign in for %j, which may be a web page', (host) =>
  expect(isForeignHost(host, practice)).toBe(true),
)

it('leaves a real cluster to its sign-in server', () => {
  expect(isForeignHost('10-0-0-7.pod', { ...practice, CRASHCART_CONTEXT: 'prod' })).toBe(false)
})
