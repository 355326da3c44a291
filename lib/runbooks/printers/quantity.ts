import 'server-only'

const POWERS: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/**
 * An amount such as 500m or 2Gi in billionths, rounded up, after k8s.io/apimachinery/pkg/api/resource; undefined for
 * text that is none.
 */
export function quantity(text: string): bigint | undefined {
  const found = /^([-+]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][-+]?\d{1,3})?$/.exec(text)
  if (!found || text.length > 40) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = found
  if (whole + fraction === '') return undefined
  const binary = BINARY.indexOf(suffix)
  const power = /^[eE]./.test(suffix) ? Number(suffix.slice(1)) : (POWERS[suffix] ?? 0)
  let amount = BigInt(whole + fraction)
  if (binary >= 0) amount <<= BigInt(10 * (binary + 1))
  const scale = 9 + (binary >= 0 ? 0 : power) - fraction.length
  const scaled = scale >= 0 ? amount * 10n ** BigInt(scale) : roundedUp(amount, 10n ** BigInt(-scale))
  return sign === '-' ? -scaled : scaled
}

/** How many units an amount of none or more holds, a begun one included: Go's ScaledValue. */
export function roundedUp(amount: bigint, unit: bigint): bigint {
  return (amount + unit - 1n) / unit
}
