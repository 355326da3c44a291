import 'server-only'
import { relaxedPath } from './columns'
import { goSort } from './go-sort'
import type { Json } from './go-values'
import { JsonPath } from './jsonpath'
import { type Budget, CouldNotPrint } from './limits'
import { quantity } from './quantity'

/** What stands in the field, made ready to be compared; undefined where there is no such field. */
type Key =
  | undefined
  | { kind: 'null' | 'other' }
  | { kind: 'int' | 'float'; value: number }
  | { kind: 'text'; octets: Uint8Array; amount: bigint | undefined }

/** --sort-by, after k8s.io/kubectl/pkg/cmd/get/sorter.go (of 1.32: texts are compared octet by octet). */
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
    return this.sortRows(objects, (object) => object, budget)
  }

  /** Rows in the order of the objects that they are of. Throws as `sort` does. */
  sortRows<R>(rows: readonly R[], objectOf: (row: R) => Json, budget: Budget): R[] {
    const keyed = rows.map((row) => ({ row, key: keyOf(this.path.find(objectOf(row), budget)[0]?.[0]) }))
    if (keyed.length > 0 && keyed.every(({ key }) => key === undefined))
      throw new CouldNotPrint(`No object has a field ${this.written} to sort by.`)
    const sorted = goSort(keyed, (a, b) => {
      budget.step()
      // What lacks the field is less than anything, even than another that lacks it.
      return a.key === undefined || (b.key !== undefined && isLess(a.key, b.key))
    })
    return sorted.map(({ row }) => row)
  }
}

function keyOf(value: Json | undefined): Key {
  if (value === undefined) return undefined
  if (value === null) return { kind: 'null' }
  if (typeof value === 'number') return { kind: Number.isInteger(value) ? 'int' : 'float', value }
  if (typeof value === 'string') return { kind: 'text', octets: Buffer.from(value), amount: quantity(value) }
  return { kind: 'other' }
}

function isLess(a: NonNullable<Key>, b: NonNullable<Key>): boolean {
  if (a.kind === 'null' || b.kind === 'null') return a.kind === 'null' && b.kind !== 'null'
  // As texts unless both are amounts such as 500m or 2Gi.
  if (a.kind === 'text' && b.kind === 'text')
    return a.amount !== undefined && b.amount !== undefined
      ? a.amount < b.amount
      : Buffer.compare(a.octets, b.octets) < 0
  if ('value' in a && 'value' in b && a.kind === b.kind) return a.value < b.value
  throw new CouldNotPrint('The field to sort by holds values that have no order.')
}
