// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import type { InputSpec } from '@/lib/operations/types'
import { UsedValues } from './used-values'

afterEach(cleanup)

const specs: InputSpec[] = [
  { name: 'at', label: 'time', type: 'text', required: false, clock: ['+%s'] },
  { name: 'pod', label: 'pod', type: 'text', required: false },
  { name: 'key', label: 'key', type: 'secret', required: true },
]
const shown = (values: Record<string, string>, filled?: Record<string, string>) =>
  [
    ...render(<UsedValues specs={specs} values={values} filled={filled} />).container.querySelectorAll(
      'dl > div',
    ),
  ].map((row) => [...row.children].map((part) => part.textContent))

it('shows what takes the place of a value that was left empty, and where it is from', () => {
  expect(shown({ at: '', pod: '', key: 'hunter2' }, { at: '1764316800', pod: 'web-1' })).toEqual([
    ['time', '1764316800 · from the clock'],
    ['pod', 'web-1 · from an earlier line'],
    ['key', '••••••'],
  ])
})

it('shows what was typed as it is', () => {
  expect(shown({ at: '12', pod: '', key: '' })).toEqual([
    ['time', '12'],
    ['pod', '—'],
    ['key', '••••••'],
  ])
})
