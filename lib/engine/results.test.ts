import { expect, it } from 'vitest'
import type { View } from '../verdicts/types'
import { forBrowsers } from './results'
import type { StepResult } from './types'

function withRows(rows: number, more?: number): StepResult {
  const view: View = {
    type: 'table',
    columns: [{ key: 'name', label: 'Pod' }],
    rows: Array.from({ length: rows }, (_, i) => ({ name: { text: `pod-${i}` } })),
    ...(more === undefined ? {} : { more }),
  }
  return {
    stepId: 'pods/all',
    cardId: 'pods',
    result: { verdict: 'pass', summary: '', findings: [], views: [view], raw: [] },
    startedAt: '',
    finishedAt: '',
    ms: 1,
    by: '',
    runId: '',
  }
}

it.each([
  [50, undefined, 50, undefined],
  [51, undefined, 50, 1],
  [200, 4_800, 50, 4_950],
])(
  'a table of %i rows (and %s more) travels with %i, and says that there are %s more',
  (rows, more, sent, left) => {
    const [view] = forBrowsers(withRows(rows, more)).result.views
    if (view?.type !== 'table') throw new Error('no table')
    expect(view.rows).toHaveLength(sent)
    expect(view.rows[0]?.name?.text).toBe('pod-0')
    expect(view.more).toBe(left)
  },
)
