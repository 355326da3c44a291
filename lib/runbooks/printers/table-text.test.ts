import { describe, expect, it } from 'vitest'
import type { ResourceType, ServerTable } from '../../targets/types'
import { type TableOptions, tablesText } from './table-text'

const POD: ResourceType = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }
const NODE: ResourceType = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false }
const SET: ResourceType = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
}

const PLAIN: TableOptions = {
  wide: false,
  allNamespaces: false,
  noHeaders: false,
  showKind: false,
  showLabels: false,
  labelColumns: [],
}

/** A table of names with a number that stands in their objects; without one the object has no such field. */
function table(...rows: [name: string, restarts?: unknown, labels?: Record<string, string>][]): ServerTable {
  return {
    columns: [
      { name: 'Name', priority: 0, type: 'string', format: 'name' },
      { name: 'Restarts', priority: 0, type: 'string', format: '' },
      { name: 'Node', priority: 1, type: 'string', format: '' },
    ],
    rows: rows.map(([name, restarts, labels = {}]) => ({
      cells: [name, restarts ?? null, 'a'],
      namespace: 'shop',
      labels,
      object: { metadata: { name }, status: restarts === undefined ? {} : { restarts } },
    })),
    cutShort: false,
  }
}

function printed(tables: { type: ResourceType; table: ServerTable }[], options: Partial<TableOptions> = {}) {
  const text = tablesText(tables, { ...PLAIN, ...options })
  return text.ok ? text.value : `! ${text.error.message}`
}

/** The names of a table in the order in which they are printed. */
function order(of: ServerTable, sortBy = '.status.restarts'): string {
  const text = printed([{ type: POD, table: of }], { sortBy, noHeaders: true })
  return text.replace(/ .*$/gm, '').trim().replaceAll('\n', ' ')
}

describe('tables', () => {
  it('have namespaces only where there are any, and the kind only of several', () => {
    const nodes = { type: NODE, table: table(['n1', '1']) }
    const sets = { type: SET, table: table(['web', '2']) }
    expect(printed([sets], { allNamespaces: true })).toBe(
      'NAMESPACE   NAME   RESTARTS\nshop        web    2\n',
    )
    expect(printed([nodes, sets], { allNamespaces: true })).toBe(
      'NAME      RESTARTS\nnode/n1   1\n\nNAMESPACE   NAME                  RESTARTS\nshop        deployment.apps/web   2\n',
    )
    expect(printed([nodes, sets], { noHeaders: true })).toBe('node/n1   1\ndeployment.apps/web   2\n')
    expect(printed([nodes, { type: SET, table: table() }])).toBe('NAME      RESTARTS\nnode/n1   1\n')
  })

  it('share headings and columns where they are of one type', () => {
    const one = (name: string) => ({ type: POD, table: table([name, '0']) })
    expect(printed([one('a'), one('a-long-name')])).toBe(
      'NAME          RESTARTS\na             0\na-long-name   0\n',
    )
  })

  it('show labels as columns and all of them', () => {
    const labels = { 'example.com/tier': 'front', 'a-b': '1', a: '1' }
    const pods = { type: POD, table: table(['web', '0', labels], ['db', '0']) }
    expect(printed([pods], { labelColumns: ['example.com/tier', 'none'], noHeaders: true })).toBe(
      'web   0     front   \ndb    0             \n',
    )
    expect(printed([pods], { labelColumns: ['example.com/tier'], showLabels: true, wide: true })).toBe(
      [
        'NAME   RESTARTS   NODE   TIER    LABELS',
        'web    0          a      front   a-b=1,a=1,example.com/tier=front',
        'db     0          a              <none>',
        '',
      ].join('\n'),
    )
  })

  it('keep cells on one line, empty where there is nothing, and as wide as they look', () => {
    const pods = {
      type: POD,
      table: table(['two\nlines', ['x', 1]], ['e\u0301 \u00fc', null], ['\x1b[31m', 2.5]),
    }
    expect(printed([pods], { noHeaders: true })).toBe('two...   [x 1]\ne\u0301 \u00fc     \n^[[31m   2.5\n')
  })
})

describe('sorted tables', () => {
  it('put numbers, amounts and times in order', () => {
    expect(order(table(['a', 10], ['b', 9], ['c', 0]))).toBe('c b a')
    expect(order(table(['a', '1Gi'], ['b', '900Mi'], ['c', '1500m']))).toBe('c b a')
    expect(order(table(['a', '2024-05-02T00:00:00Z'], ['b', '2024-05-01T23:59:59Z']))).toBe('b a')
    expect(order(table(['a', '10.0.0.9'], ['b', '10.0.0.10']))).toBe('b a')
  })

  it('put what lacks the field first, the last one before the others', () => {
    expect(order(table(['a'], ['b', 1], ['c'], ['d', 0], ['e', null]))).toBe('c a e d b')
  })

  it('leave equal rows as they are while there are few, and as Go does when there are many', () => {
    const rows = (n: number) =>
      Array.from({ length: n }, (_, i): [string, number] => [`p${i}`, i % 3 === 0 ? 1 : 0])
    expect(order(table(...rows(6)))).toBe('p1 p2 p4 p5 p0 p3')
    // What a Go 1.23 program makes of these.
    expect(order(table(...rows(14)))).toBe('p10 p1 p2 p13 p4 p5 p11 p7 p8 p6 p9 p0 p12 p3')
  })

  it('are refused where no row has the field, where it has no order, and of several resources', () => {
    const pods = { type: POD, table: table(['a', 1], ['b', 2]) }
    expect(printed([pods], { sortBy: '.status.nope' })).toMatch(/^! No object has a field/)
    expect(
      printed([{ type: POD, table: table(['a', true], ['b', false]) }], { sortBy: '.status.restarts' }),
    ).toMatch(/^! .*no order/)
    expect(printed([pods, { type: SET, table: table(['c', 1]) }], { sortBy: '.status.restarts' })).toMatch(
      /^! kubectl sorts the table of one resource only/,
    )
    expect(order(table(['alone']), '.status.nope')).toBe('alone')
  })
})
