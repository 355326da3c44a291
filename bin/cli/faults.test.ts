import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { faults } from './faults'

const { isTTY, columns } = process.stdout
let out: string

beforeEach(() => {
  out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  Object.assign(process.stdout, { isTTY, columns })
})

it.each([
  ['where a program reads it', false, {}],
  ['where it is asked for', true, { json: true }],
])('prints JSON %s', (_when, terminal, options) => {
  Object.assign(process.stdout, { isTTY: terminal })
  expect(faults(options)).toBe(0)
  const [first] = JSON.parse(out).faults
  expect(first).toEqual({
    name: 'bad-release',
    title: 'A release whose image does not exist',
    cards: ['service-not-responding', 'service-recovery'],
  })
})

it('prints a table on a terminal, no wider than it is', () => {
  Object.assign(process.stdout, { isTTY: true, columns: 80 })
  expect(faults()).toBe(0)
  const lines = out.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^bad-release +A release whose image does not exist$/)
  expect(lines[1]).toMatch(/^ +service-not-responding, service-recovery$/)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
})
