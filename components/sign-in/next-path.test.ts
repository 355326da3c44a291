import { expect, it } from 'vitest'
import { nextPath } from './next-path'

it('keeps paths of this site', () => {
  expect(nextPath('/cards/pods')).toBe('/cards/pods')
  expect(nextPath('/journal?page=2')).toBe('/journal?page=2')
})

it.each([
  'https://elsewhere.example',
  '//elsewhere.example',
  '/\\elsewhere.example',
  '/\t/elsewhere.example',
  'javascript:alert(1)',
  '/sign-in',
  '',
  undefined,
  ['/a'],
])('leads to the board instead of %j', (wanted) => {
  expect(nextPath(wanted)).toBe('/')
})
