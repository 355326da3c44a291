import { expect, it } from 'vitest'
import { isPlainPath } from './plain-path'

it.each([
  '/',
  '/health',
  '/api/v1/query?query=up%7Bjob%3D%22a/../b%22%7D',
  '/a.b/..c',
  '/events/health',
  '/100%25',
])('asks for %s', (path) => expect(isPlainPath(path)).toBe(true))

it.each([
  '',
  'health',
  '@evil/',
  '/../../../secrets',
  '/a/./b',
  '/a/%2e%2E/b',
  '/a/%252e./b',
  '/a%2f..%2fb',
  '/a\\..\\b',
  '/a#b',
  '/a b',
  '/a\r\nx: y',
  '/a%0d%0ax:y',
])('does not ask for %j, which could lead elsewhere', (path) => expect(isPlainPath(path)).toBe(false))
