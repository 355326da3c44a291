const FACTORS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/**
 * A Kubernetes quantity as a number: cores for CPU, bytes for memory. Undefined when it is none.
 * Grammar: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string | undefined): number | undefined {
  const match = /^([+-]?[0-9.]+(?:e[+-]?\d+)?)(n|u|m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.exec(text ?? '')
  if (!match) return undefined
  const value = Number(match[1])
  return Number.isNaN(value) ? undefined : value * (match[2] ? (FACTORS[match[2]] ?? 1) : 1)
}
