import { describe, expect, it } from 'vitest'
import type { InputSpec, Json } from '../operations/types'
import type { BoundStep } from '../runbooks/types'
import { filledFor, fillParams } from './fill-params'

const input = (spec: Partial<InputSpec> & { name: string }): InputSpec => ({
  label: spec.name,
  type: 'text',
  required: true,
  ...spec,
})

function step(params: { [key: string]: Json }, ...inputs: InputSpec[]): BoundStep {
  return {
    id: 'a/b',
    cardId: 'a',
    title: 'b',
    commands: [],
    source: { file: 'a.md', line: 1 },
    warnings: [],
    kind: 'fix',
    operation: 'kubernetes.edit-configmap',
    params,
    inputs,
    kubectl: '',
  }
}

function filled(of: BoundStep, given?: Record<string, string>) {
  const result = fillParams(of, given)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

function refusal(of: BoundStep, given?: Record<string, string>): string {
  const result = fillParams(of, given)
  if (result.ok) return `taken: ${JSON.stringify(result.value)}`
  expect(result.error.code).toBe('invalid_input')
  return result.error.message
}

const POOL = step(
  { name: 'settings', data: { DB_POOL_SIZE: '<size>' } },
  input({ name: 'size', label: 'Pool size', type: 'integer', min: 1, max: 100, default: '20' }),
)

describe('placeholders', () => {
  it('are replaced wherever they stand, and take their default', () => {
    expect(filled(POOL)).toEqual({ name: 'settings', data: { DB_POOL_SIZE: '20' } })
    expect(filled(POOL, { size: ' 35 ' })).toEqual({ name: 'settings', data: { DB_POOL_SIZE: '35' } })
    const many = step(
      { list: ['<x>', { deep: 'a-<x>-<x>' }], n: 3, b: true, none: null },
      input({ name: 'x' }),
    )
    expect(filled(many, { x: 'y' })).toEqual({ list: ['y', { deep: 'a-y-y' }], n: 3, b: true, none: null })
  })

  it('do not change the step itself', () => {
    const before = JSON.stringify(POOL)
    filled(POOL, { size: '99' })
    expect(JSON.stringify(POOL)).toBe(before)
  })

  it('are data: what a person types never becomes a placeholder, a pattern or syntax', () => {
    const two = step({ a: '<x>', b: '<y>' }, input({ name: 'x' }), input({ name: 'y' }))
    expect(filled(two, { x: '<y>', y: '$&' })).toEqual({ a: '<y>', b: '$&' })
    const hostile = `"}}' ; rm -rf / $(id) && \`id\` \\u0000 --all`
    expect(filled(two, { x: hostile, y: 'z' })).toEqual({ a: hostile, b: 'z' })
  })
})

describe('values are checked', () => {
  it.each([
    ['0', 'Pool size must be at least 1.'],
    ['101', 'Pool size must be at most 100.'],
    ['-5', 'Pool size must be at least 1.'],
    ['20.5', 'Pool size must be a whole number, not "20.5".'],
    ['1e2', 'Pool size must be a whole number, not "1e2".'],
    ['0x10', 'Pool size must be a whole number, not "0x10".'],
    ['99999999999999999999', 'Pool size must be a whole number, not "99999999999999999999".'],
    ['', 'Pool size is missing.'],
    ['   ', 'Pool size is missing.'],
  ])('integer %j', (size, message) => {
    expect(refusal(POOL, { size })).toBe(message)
  })

  it.each(['1', '100', '+5'])('integer %j at the bounds', (size) => {
    expect(fillParams(POOL, { size }).ok).toBe(size !== '+5')
  })

  it('quantities', () => {
    const limits = step({ limits: {} }, input({ name: 'limits.memory', label: 'Memory', type: 'quantity' }))
    for (const good of ['500m', '2Gi', '1.5', '512Mi'])
      expect(filled(limits, { 'limits.memory': good })).toEqual({ limits: { memory: good } })
    for (const bad of ['2GB', 'lots', '-1Gi', '2 Gi', '2Gi; x'])
      expect(refusal(limits, { 'limits.memory': bad })).toMatch(/must be a quantity/)
  })

  it('choices', () => {
    const choice = step(
      {},
      input({
        name: 'section',
        type: 'choice',
        choices: [
          { value: 'a', label: 'A' },
          { value: 'b', label: 'B' },
        ],
      }),
    )
    expect(filled(choice, { section: 'b' })).toEqual({ section: 'b' })
    expect(refusal(choice, { section: 'c' })).toBe('section must be one of a, b.')
  })

  it('length and control characters', () => {
    const text = step({ a: '<x>' }, input({ name: 'x' }))
    expect(refusal(text, { x: 'y'.repeat(4_001) })).toMatch(/longer than 4,000/)
    expect(refusal(text, { x: 'a\u001b[2Kb' })).toMatch(/control character/)
    expect(refusal(text, { x: 'a\u0000b' })).toMatch(/control character/)
    expect(filled(text, { x: 'two\nlines\tand a tab' })).toEqual({ a: 'two\nlines\tand a tab' })
  })
})

describe('fields', () => {
  it('that the step does not have are refused', () => {
    expect(refusal(POOL, { size: '20', namespace: 'kube-system' })).toBe(
      'This step has no field "namespace".',
    )
    expect(refusal(POOL, { __proto__: 'x', constructor: 'y' })).toMatch(/no field "constructor"/)
  })

  it.each(['__proto__.polluted', 'constructor.prototype.polluted', 'a.__proto__.polluted'])(
    'cannot reach a prototype by %s',
    (name) => {
      expect(refusal(step({}, input({ name })), { [name]: 'yes' })).toBe('That field cannot be set.')
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    },
  )

  it('that are optional and empty leave the parameters as they are', () => {
    expect(filled(step({ a: '1' }, input({ name: 'b', required: false })))).toEqual({ a: '1' })
  })

  it('that are secret never reach the parameters', () => {
    const secret = step({ host: 'web' }, input({ name: 'token', type: 'secret', required: false }))
    expect(JSON.stringify(filled(secret, { token: 'eyJ.secret.sig' }))).toBe('{"host":"web"}')
  })

  it('reach into objects without touching their neighbours', () => {
    const limits = step(
      { limits: { cpu: '1', memory: '1Gi' } },
      input({ name: 'limits.memory', type: 'quantity', default: '2Gi' }),
    )
    expect(filled(limits)).toEqual({ limits: { cpu: '1', memory: '2Gi' } })
  })
})

it('takes no blanks into what the runbook does not quote', () => {
  const of = step({ words: ['<a>'] }, input({ name: 'a', oneWord: true }))
  expect(refusal(of, { a: 'two words' })).toMatch(/must be one word/)
  expect(filled(of, { a: 'one' })).toEqual({ words: ['one'] })
})

it('takes an object with its type only, where the runbook names none', () => {
  const of = step({ words: ['<it>'] }, input({ name: 'it', label: 'it', typeAndName: true }))
  expect(refusal(of, { it: 'web-7d9f' })).toBe('it must be TYPE/NAME, for example pod/web-7d9f.')
  for (const odd of ['pods', 'pod/', '/web', 'pod/a b', 'pod/a/b', '-A/x', '<it>'])
    expect(refusal(of, { it: odd }), odd).toMatch(/must be TYPE\/NAME/)
  for (const value of ['pod/web-7d9f', 'volumes.longhorn.io/pvc-1', 'clusterrole/system:node'])
    expect(filled(of, { it: value })).toEqual({ words: [value] })
})

it('takes no name that means what is above', () => {
  const of = step({ words: ['-n', '<ns>'] }, input({ name: 'ns', label: 'ns' }))
  for (const dots of ['.', '..']) expect(refusal(of, { ns: dots })).toMatch(/cannot be \.{1,2}/)
  const it = step({ words: ['<it>'] }, input({ name: 'it', label: 'it', typeAndName: true }))
  expect(refusal(it, { it: 'pod/..' })).toMatch(/must be TYPE\/NAME/)
})

it('keeps a value in the string of JSON where it stands', () => {
  const of = step({ words: ['-p', '{"metadata":{"labels":{"a":"<v>"}}}'] }, input({ name: 'v', label: 'v' }))
  const [, patch = ''] = filled(of, { v: 'x"}},"spec":{"replicas":0},"z":{"y":{"q":"' }).words as string[]
  expect(Object.keys(JSON.parse(patch))).toEqual(['metadata'])
  const number = step({ words: ['{"spec":{"replicas":<n>}}'] }, input({ name: 'n', label: 'n' }))
  expect(filled(number, { n: '3' }).words).toEqual(['{"spec":{"replicas":3}}'])
})

describe('a value that the clock gives', () => {
  const of = step({ words: ['at=<captured>'] }, input({ name: 'captured', required: false, clock: ['+%s'] }))

  it('is the time at that moment, or what somebody types instead', () => {
    const before = Math.floor(Date.now() / 1000)
    const [said = ''] = filled(of).words as string[]
    expect(Number(said.replace('at=', ''))).toBeGreaterThanOrEqual(before)
    expect(Number(said.replace('at=', ''))).toBeLessThanOrEqual(Date.now() / 1000)
    expect(filled(of, { captured: '12' })).toEqual({ words: ['at=12'] })
  })

  it('is told beforehand: the very value that is sent', () => {
    const now = new Date('2026-11-28T08:00:00Z')
    expect(fillParams(of, { captured: '' }, {}, now)).toMatchObject({ value: { words: ['at=1795852800'] } })
    expect(filledFor(of, { captured: '' }, {}, now)).toEqual({ captured: '1795852800' })
    expect(filledFor(of, { captured: '12' }, {}, now)).toEqual({})
  })
})
