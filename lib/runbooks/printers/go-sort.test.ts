import { describe, expect, it } from 'vitest'
import { goSort } from './go-sort'

interface Row {
  /** -1 stands for a field that is missing. */
  key: number
  at: number
}

const KEYS: Record<string, (random: number, i: number, n: number) => number> = {
  few: (random) => random % 4,
  many: (random) => random,
  missing: (random) => (random % 9) - 1,
  saw: (_, i) => (i * 7) % 13,
  hill: (_, i, n) => (i > Math.floor(n / 2) ? n - i : i),
  falling: (_, i, n) => Math.floor((n - i) / 2),
}

function rows(shape: string, n: number): Row[] {
  let x = n
  return Array.from({ length: n }, (_, at) => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return { key: KEYS[shape]?.(x >>> 8, at, n) ?? 0, at }
  })
}

/** What is missing is less than anything, as with --sort-by. */
const less = (a: Row, b: Row) => a.key < 0 || (b.key >= 0 && a.key < b.key)

/** What a Go program says that sort.Sort of Go 1.23 makes of the same rows: the places that they had, as one number. */
const BY_GO: [shape: string, n: number, sum: number][] = [
  ['few', 12, 909547],
  ['many', 12, 344191],
  ['missing', 12, 208652],
  ['saw', 12, 607252],
  ['hill', 12, 82569],
  ['falling', 12, 696939],
  ['few', 13, 656778],
  ['many', 13, 131818],
  ['missing', 13, 535747],
  ['saw', 13, 169250],
  ['hill', 13, 181495],
  ['falling', 13, 969156],
  ['few', 49, 285901],
  ['many', 49, 144592],
  ['missing', 49, 576326],
  ['saw', 49, 178226],
  ['hill', 49, 5339],
  ['falling', 49, 335449],
  ['few', 50, 76915],
  ['many', 50, 258173],
  ['missing', 50, 771301],
  ['saw', 50, 850356],
  ['hill', 50, 296586],
  ['falling', 50, 620683],
  ['few', 200, 339916],
  ['many', 200, 568670],
  ['missing', 200, 213371],
  ['saw', 200, 260175],
  ['hill', 200, 832131],
  ['falling', 200, 849044],
  ['few', 1000, 41801],
  ['many', 1000, 727185],
  ['missing', 1000, 836417],
  ['saw', 1000, 879179],
  ['hill', 1000, 469099],
  ['falling', 1000, 236886],
  ['few', 3000, 507238],
  ['many', 3000, 229026],
  ['missing', 3000, 824823],
  ['saw', 3000, 62041],
  ['hill', 3000, 383612],
  ['falling', 3000, 522865],
]

describe('sorting as Go does', () => {
  it.each(BY_GO)('%s of %d, equal ones too', (shape, n, sum) => {
    const sorted = goSort(rows(shape, n), less)
    expect(sorted.reduce((all, { at }, place) => (all * 31 + at + place) % 1_000_003, 0)).toBe(sum)
  })

  it('leaves nothing and one as they are', () => {
    expect(goSort([], less)).toEqual([])
    expect(goSort([{ key: 3, at: 0 }], less)).toEqual([{ key: 3, at: 0 }])
  })
})
