import 'server-only'
import { relaxedPath } from './columns'
import type { Json } from './go-values'
import { JsonPath } from './jsonpath'
import { type Budget, CouldNotPrint } from './limits'

/** Up to this many objects Go sorts by insertion; the order of equal ones among more is left to chance. */
const INSERTED = 12

/** --sort-by, after k8s.io/kubectl/pkg/cmd/get/sorter.go. */
export class SortBy {
  private readonly path: JsonPath
  private readonly written: string

  /** Throws NotPrintable for a path that is none. */
  constructor(path: string) {
    this.written = relaxedPath(path)
    this.path = new JsonPath(this.written)
  }

  /** The objects in order. Throws CouldNotPrint when none of them has the field, or when it has no order. */
  sort<T extends Json>(objects: readonly T[], budget: Budget): T[] {
    const rows = objects.map((object) => ({ object, key: this.path.find(object, budget)[0]?.[0] }))
    if (rows.length > 0 && rows.every(({ key }) => key === undefined))
      throw new CouldNotPrint(`No object has a field ${this.written} to sort by.`)
    type Row = (typeof rows)[number]
    const less = (a: Row, b: Row) => a.key === undefined || (b.key !== undefined && isLess(a.key, b.key))
    if (rows.length > INSERTED)
      rows.sort((a, b) => {
        if (a.key === undefined || b.key === undefined)
          return Number(b.key === undefined) - Number(a.key === undefined)
        return less(a, b) ? -1 : less(b, a) ? 1 : 0
      })
    else
      for (let i = 1; i < rows.length; i++)
        for (let j = i; j > 0 && less(rows[j] as Row, rows[j - 1] as Row); j--)
          [rows[j], rows[j - 1]] = [rows[j - 1] as Row, rows[j] as Row]
    return rows.map(({ object }) => object)
  }
}

function isLess(a: Json, b: Json): boolean {
  if (a === null || b === null) return a === null && b !== null
  const [kind, other] = [a, b].map((one) =>
    typeof one === 'number' ? (Number.isInteger(one) ? 'int' : 'float') : typeof one,
  )
  if (!['string', 'int', 'float'].includes(kind ?? '') || kind !== other)
    throw new CouldNotPrint('The field to sort by holds values that have no order.')
  if (typeof a === 'string' && typeof b === 'string') {
    const [one, two] = [quantity(a), quantity(b)]
    // As texts unless both are amounts such as 500m or 2Gi.
    return one !== undefined && two !== undefined ? one < two : a < b
  }
  return a < b
}

const POWERS: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** An amount in billionths, after k8s.io/apimachinery/pkg/api/resource; undefined for text that is none. */
function quantity(text: string): bigint | undefined {
  const found = /^([-+]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][-+]?\d{1,3})?$/.exec(text)
  if (!found || text.length > 40) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = found
  if (whole + fraction === '') return undefined
  const binary = BINARY.indexOf(suffix)
  const power = /^[eE]./.test(suffix) ? Number(suffix.slice(1)) : (POWERS[suffix] ?? 0)
  let amount = BigInt(whole + fraction)
  if (binary >= 0) amount <<= BigInt(10 * (binary + 1))
  const scale = 9 + (binary >= 0 ? 0 : power) - fraction.length
  const scaled =
    scale >= 0 ? amount * 10n ** BigInt(scale) : (amount + 10n ** BigInt(-scale) - 1n) / 10n ** BigInt(-scale)
  return sign === '-' ? -scaled : scaled
}
