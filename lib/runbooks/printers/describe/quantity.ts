import 'server-only'
import { CouldNotPrint } from '../limits'
import { quantity } from '../quantity'

/** How a quantity was written, which is how it is written again. */
type Format = 'decimal' | 'binary' | 'exponent'

const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const DECIMAL_NAME = new Map(Object.entries(DECIMAL).map(([name, power]) => [power, name]))
/** Smallest part that Kubernetes keeps: 10^-9. */
const SMALLEST = -9
const UNIT = 10n ** 9n

/** A resource quantity, exact: k8s.io/apimachinery/pkg/api/resource. */
export class Quantity {
  static readonly zero = new Quantity(0n, 'decimal')

  private constructor(
    /** In units of 10^-9. */
    private readonly parts: bigint,
    private readonly format: Format,
    /** As it was given, where Kubernetes keeps that. */
    private readonly given?: string,
  ) {}

  /** Reads `250m`, `1.5Gi`, `1e3`, 4. Nothing is 0. Throws CouldNotPrint for what is none. */
  static of(value: unknown): Quantity {
    if (value === undefined || value === null) return Quantity.zero
    const text = String(value).trim()
    const parts = quantity(text)
    const [, whole = '', part = '', suffix = ''] = /^[-+]?(\d*)(?:\.(\d*))?(.*)$/.exec(text) ?? []
    if (parts === undefined) throw new CouldNotPrint(`"${text.slice(0, 40)}" is no quantity.`)
    if (parts === 0n) return Quantity.zero
    if (BINARY.includes(suffix) && suffix !== '')
      return new Quantity(parts, parts > 0n && parts < UNIT ? 'decimal' : 'binary')
    const exponent = /^[eE]./.test(suffix) ? Number(suffix.slice(1)) : undefined
    const power = (exponent ?? DECIMAL[suffix] ?? 0) - part.length
    const kept = power % 3 === 0 && power >= SMALLEST && !/^0|000$/.test(whole + part)
    return new Quantity(parts, exponent === undefined ? 'decimal' : 'exponent', kept ? text : undefined)
  }

  isZero(): boolean {
    return this.parts === 0n
  }

  /** Below 0 when it is less than the other one, 0 when it is as much. */
  compare(other: Quantity): number {
    return this.parts < other.parts ? -1 : this.parts > other.parts ? 1 : 0
  }

  plus(other: Quantity): Quantity {
    return new Quantity(this.parts + other.parts, this.isZero() ? other.format : this.format)
  }

  /** Whole, and written as the other one is. */
  wholeLike(other: Quantity): Quantity {
    return this.format === other.format
      ? this
      : new Quantity(roundedUp(this.parts, UNIT) * UNIT, other.format)
  }

  /** In units of 10^`power`, rounded up (away from 0): 0 for whole ones, -3 for thousandths. */
  in(power: number): number {
    return Number(roundedUp(this.parts, 10n ** BigInt(power - SMALLEST)))
  }

  /** As Kubernetes writes it: the largest unit in which it is whole. */
  toString(): string {
    if (this.isZero()) return '0'
    if (this.given !== undefined) return this.given
    const whole = this.parts / UNIT
    if (this.format === 'binary' && this.parts % UNIT === 0n && (whole >= 1024n || whole <= -1024n)) {
      let [left, at] = [whole, 0]
      for (; left % 1024n === 0n && at < BINARY.length - 1; at++) left /= 1024n
      return `${left}${BINARY[at]}`
    }
    let [left, power] = [this.parts, SMALLEST]
    for (; left % 1000n === 0n && (power < 18 || this.format === 'exponent'); power += 3) left /= 1000n
    if (this.format === 'exponent') return power === 0 ? String(left) : `${left}e${power}`
    return `${left}${DECIMAL_NAME.get(power) ?? ''}`
  }
}

function roundedUp(value: bigint, by: bigint): bigint {
  const rest = value % by
  return value / by + (rest === 0n ? 0n : value > 0n ? 1n : -1n)
}

/** Resources by name. */
export type Resources = Record<string, Quantity>

/** The quantities of a `requests`, `limits` or `capacity`. */
export function resourcesOf(list: object | undefined | null): Resources {
  return Object.fromEntries(Object.entries(list ?? {}).map(([name, value]) => [name, Quantity.of(value)]))
}
