// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { type Console, ConsoleContext } from '@/components/live/console-context'
import type { BoundStep } from '@/lib/runbooks/types'
import type { CheckResult } from '@/lib/verdicts/types'
import { ResultView } from './result-view'

afterEach(cleanup)

const restart: BoundStep = {
  id: 'pods/restart',
  cardId: 'pods',
  title: 'Restart deployment',
  kind: 'fix',
  operation: 'kubernetes.rollout-restart',
  params: { workload: 'deployment/api' },
  inputs: [],
  kubectl: '',
  commands: [],
  source: { file: 'r.md', line: 1 },
  warnings: [],
}

const openFix = vi.fn()
const around = {
  runbook: {
    id: 'r',
    title: 'R',
    file: 'r.md',
    version: '0',
    cards: [
      { id: 'pods', title: 'Pods', purpose: '', symptoms: [], group: '', position: 1, steps: [restart] },
    ],
  },
  openFix,
} as unknown as Console

function show(result: CheckResult, open = true) {
  return render(
    <ConsoleContext.Provider value={around}>
      <ResultView result={result} stepId="pods/look" cardId="pods" open={open} />
    </ConsoleContext.Provider>,
  )
}

const hostile = '<img src=x onerror=alert(1)> https://elsewhere.example'

const failing: CheckResult = {
  verdict: 'fail',
  summary: hostile,
  findings: [
    {
      severity: 'fail',
      code: 'pods.not-ready',
      title: hostile,
      detail: hostile,
      evidence: [hostile, hostile],
      remedies: [{ operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/api' } }],
    },
  ],
  views: [
    {
      type: 'table',
      label: 'Pods',
      columns: [{ key: 'a', label: hostile }],
      rows: [{ a: { text: hostile } }],
    },
    { type: 'facts', label: 'Facts', items: [{ label: hostile, value: hostile }] },
  ],
  raw: [{ label: 'all pods', text: hostile, truncatedBytes: 2_048 }],
}

it('shows text from the cluster as text: no element and no link comes of it', () => {
  const { container } = show(failing)
  expect(container.querySelector('img')).toBeNull()
  expect(container.querySelector('a')).toBeNull()
  expect(container.textContent).toContain('<img src=x')
})

it('opens the suggested fix from its finding', () => {
  show(failing)
  fireEvent.click(screen.getByRole('button', { name: 'Restart deployment' }))
  expect(openFix).toHaveBeenCalledWith({ stepId: 'pods/restart' })
})

it('shows the first view open and says what was left out', () => {
  show(failing)
  expect(screen.getByRole('table').closest('details')).toBeNull()
  expect(screen.getByText('2.0 KiB more were left out.')).toBeTruthy()
})

it('keeps the views of a healthy check closed, under its summary', () => {
  show({ ...failing, verdict: 'pass', summary: '3 of 3 pods ready', findings: [] }, false)
  expect(screen.getByText('3 of 3 pods ready')).toBeTruthy()
  expect(screen.getByRole('table', { hidden: true }).closest('details')?.open).toBe(false)
})
