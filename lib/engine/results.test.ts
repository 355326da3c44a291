import { expect, it } from 'vitest'
import type { View } from '../verdicts/types'
import { forBrowsers } from './results'
import type { StepResult } from './types'

function withRows(rows: number, more?: number, verdict: 'pass' | 'fail' = 'fail'): StepResult {
  const view: View = {
    type: 'table',
    columns: [{ key: 'name', label: 'Pod' }],
    rows: Array.from({ length: rows }, (_, i) => ({ name: { text: `pod-${i}` } })),
    ...(more === undefined ? {} : { more }),
  }
  return {
    stepId: 'pods/all',
    cardId: 'pods',
    result: { verdict, summary: '', findings: [], views: [view], raw: [] },
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

it('a result that is well travels without what is behind its folds', () => {
  const step = withRows(3, undefined, 'pass')
  step.result.raw = [{ label: 'psql', text: 'one', truncatedBytes: 0 }]
  expect(forBrowsers(step).result).toMatchObject({
    views: [{ type: 'kept', name: 'Table', fold: '3 rows' }],
    raw: [{ label: 'psql', text: '', kept: 3 }],
  })
  expect(Object.keys(forBrowsers(step)).sort()).toEqual(['by', 'finishedAt', 'ms', 'result', 'stepId'])
})

it('a view that is too large stays on the server, whatever the verdict', () => {
  const step = withRows(50)
  for (const view of step.result.views)
    if (view.type === 'table') for (const row of view.rows) row.name = { text: 'x'.repeat(200) }
  expect(forBrowsers(step).result.views).toEqual([{ type: 'kept', name: 'Table', fold: '50 rows' }])
})
