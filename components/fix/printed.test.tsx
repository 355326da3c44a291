// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { Printed } from './printed'

afterEach(cleanup)

it('shows each text under what it is, as text, and how much is missing', () => {
  const { container } = render(
    <Printed
      texts={[
        { label: '| wc -l', text: '2\n', truncatedBytes: 0 },
        { label: 'appctl dump', text: '<b>one</b>\n', truncatedBytes: 2_048 },
      ]}
    />,
  )
  expect(screen.getByRole('group', { name: '| wc -l' }).textContent).toBe('2\n')
  expect(screen.getByRole('group', { name: 'appctl dump' }).textContent).toBe('<b>one</b>\n')
  expect(container.textContent).toContain('2,048 more bytes were left out.')
})
