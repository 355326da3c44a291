// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { TextField } from './field'
import { TextArea } from './text-area'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

it.each([
  ['a field', TextField],
  ['a text area', TextArea],
])('%s that must be filled in says so, others do not', (_name, Field) => {
  const { container, rerender } = render(<Field id="reason" label="Reason" required />)
  expect(container.textContent).toBe('Reason · needed')
  // Read out once: as a required field with this name.
  expect(screen.getByRole('textbox', { name: 'Reason' })).toHaveProperty('required', true)
  rerender(<Field id="reason" label="Reason" />)
  expect(container.textContent).toBe('Reason')
})

it('an error comes into sight with the field that has the focus', () => {
  const shown: (string | null)[] = []
  vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(function (this: Element) {
    shown.push(this.textContent)
  })
  const fields = (error?: string) => (
    <>
      <TextField id="name" label="Name" error={error} />
      <TextField id="reason" label="Reason" error={error} />
    </>
  )
  const { rerender } = render(fields())
  screen.getByRole('textbox', { name: 'Reason' }).focus()
  expect(shown).toEqual([])
  rerender(fields('Say why.'))
  expect(shown).toEqual(['ReasonSay why.'])
})
