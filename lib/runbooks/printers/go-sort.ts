import 'server-only'

/** Up to this many are sorted by insertion. */
const INSERTED = 12
/** From this many on the middle is looked for among nine. */
const NINE = 50
/** So many pairs out of order are put right before a run that looks sorted is taken apart after all. */
const REPAIRS = 5

type Order = 'rising' | 'falling' | 'none'

/**
 * Sorts as Go's sort.Sort does (pattern-defeating quicksort, arxiv.org/abs/2106.05123), equal items and all: kubectl
 * leaves their order to it, and it is the same for the same items. `less` need not be an order: kubectl's is none where
 * a field is missing. Sorts in place. The numbers it scatters items by are those of Go 1.19 to 1.23, with which kubectl
 * 1.25 to 1.32 are built; later ones (golang.org/issue/70144) leave some equal items of more than twelve in another
 * order.
 */
export function goSort<T>(items: T[], less: (a: T, b: T) => boolean): T[] {
  new Sorting(items, less).sort()
  return items
}

class Sorting<T> {
  constructor(
    private readonly items: T[],
    private readonly comesBefore: (a: T, b: T) => boolean,
  ) {}

  sort(): void {
    const { length } = this.items
    if (length > 1) this.range(0, length, bits(length))
  }

  private less(i: number, j: number): boolean {
    return this.comesBefore(this.items[i] as T, this.items[j] as T)
  }

  private swap(i: number, j: number): void {
    const held = this.items[i] as T
    this.items[i] = this.items[j] as T
    this.items[j] = held
  }

  /** From `start` up to but without `end`; `patience` is how many lopsided parts are borne. */
  private range(start: number, end: number, patience: number): void {
    let [a, b, left] = [start, end, patience]
    let even = true
    let untouched = true
    for (;;) {
      const length = b - a
      if (length <= INSERTED || left === 0) {
        if (length <= INSERTED) this.insert(a, b)
        else this.heap(a, b)
        return
      }
      if (!even) {
        this.scatter(a, b)
        left--
      }
      let [pivot, order] = this.middle(a, b)
      if (order === 'falling') {
        for (let i = a, j = b - 1; i < j; i++, j--) this.swap(i, j)
        pivot = b - 1 - (pivot - a)
        order = 'rising'
      }
      if (even && untouched && order === 'rising' && this.repair(a, b)) return
      // Nothing here is less than what stands before: when the pivot equals that, its equals are put aside.
      if (a > 0 && !this.less(a - 1, pivot)) {
        a = this.putEqualsFirst(a, b, pivot)
        continue
      }
      const [at, already] = this.part(a, b, pivot)
      untouched = already
      const [before, after] = [at - a, b - at]
      const least = Math.floor(length / 8)
      if (before < after) {
        even = before >= least
        this.range(a, at, left)
        a = at + 1
      } else {
        even = after >= least
        this.range(at + 1, b, left)
        b = at
      }
    }
  }

  private insert(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) for (let j = i; j > a && this.less(j, j - 1); j--) this.swap(j, j - 1)
  }

  private heap(a: number, b: number): void {
    const size = b - a
    for (let root = Math.trunc((size - 1) / 2); root >= 0; root--) this.sink(a, root, size)
    for (let last = size - 1; last >= 0; last--) {
      this.swap(a, a + last)
      this.sink(a, 0, last)
    }
  }

  private sink(a: number, from: number, size: number): void {
    for (let root = from; ; ) {
      let child = 2 * root + 1
      if (child >= size) return
      if (child + 1 < size && this.less(a + child, a + child + 1)) child++
      if (!this.less(a + root, a + child)) return
      this.swap(a + root, a + child)
      root = child
    }
  }

  /** Less than the pivot before it, the others behind: where it stands now, and whether it was so already. */
  private part(a: number, b: number, pivot: number): [number, boolean] {
    this.swap(a, pivot)
    let [i, j] = [a + 1, b - 1]
    const close = () => {
      while (i <= j && this.less(i, a)) i++
      while (i <= j && !this.less(j, a)) j--
    }
    close()
    const already = i > j
    while (i <= j) {
      this.swap(i++, j--)
      close()
    }
    this.swap(j, a)
    return [j, already]
  }

  /** Moves what equals the pivot to the front, and says where the greater ones begin. */
  private putEqualsFirst(a: number, b: number, pivot: number): number {
    this.swap(a, pivot)
    let [i, j] = [a + 1, b - 1]
    for (;;) {
      while (i <= j && !this.less(a, i)) i++
      while (i <= j && this.less(a, j)) j--
      if (i > j) return i
      this.swap(i++, j--)
    }
  }

  /** Puts a few pairs right; whether all is sorted then. */
  private repair(a: number, b: number): boolean {
    let i = a + 1
    for (let n = 0; n < REPAIRS; n++) {
      while (i < b && !this.less(i, i - 1)) i++
      if (i === b) return true
      if (b - a < NINE) return false
      this.swap(i, i - 1)
      // Go goes on below `a` here, where all is less already.
      if (i - a >= 2) for (let j = i - 1; j >= 1 && this.less(j, j - 1); j--) this.swap(j, j - 1)
      if (b - i >= 2) for (let j = i + 1; j < b && this.less(j, j - 1); j++) this.swap(j, j - 1)
    }
    return false
  }

  /** Breaks a pattern that makes parts lopsided: three items around the middle change places with others. */
  private scatter(a: number, b: number): void {
    const length = b - a
    if (length < 8) return
    let random = BigInt(length)
    const mask = (1n << BigInt(bits(length))) - 1n
    const middle = a + Math.trunc(length / 4) * 2
    for (let at = middle - 1; at <= middle + 1; at++) {
      random = BigInt.asUintN(64, random ^ (random << 13n))
      random ^= random >> 17n
      random = BigInt.asUintN(64, random ^ (random << 5n))
      let other = Number(random & mask)
      if (other >= length) other -= length
      this.swap(at, a + other)
    }
  }

  /** Where the pivot is, and what the items looked at say of the order. */
  private middle(a: number, b: number): [number, Order] {
    const length = b - a
    const quarter = Math.trunc(length / 4)
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3]
    let swaps = 0
    const ordered = (x: number, y: number): [number, number] => {
      if (!this.less(y, x)) return [x, y]
      swaps++
      return [y, x]
    }
    const median = (first: number, second: number, third: number): number => {
      let [x, y, z] = [first, second, third]
      ;[x, y] = ordered(x, y)
      ;[y, z] = ordered(y, z)
      ;[x, y] = ordered(x, y)
      return y
    }
    if (length >= NINE) {
      i = median(i - 1, i, i + 1)
      j = median(j - 1, j, j + 1)
      k = median(k - 1, k, k + 1)
    }
    if (length >= 8) j = median(i, j, k)
    // Twelve is the most there can be.
    return [j, swaps === 0 ? 'rising' : swaps === 12 ? 'falling' : 'none']
  }
}

/** Binary digits of a number: Go's bits.Len. */
function bits(number: number): number {
  return 32 - Math.clz32(number)
}
