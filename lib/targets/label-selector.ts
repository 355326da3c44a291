/** A selector as objects hold it (LabelSelector, meta/v1). */
export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

/**
 * Whether a workload's or a budget's selector means something with these labels. One that is absent or empty means
 * nothing here: no workload has such a one, and taking it for "everything" would touch all of a namespace.
 * Source: meta/v1 LabelSelector, k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go.
 */
export function selects(selector: LabelSelector | undefined, labels: Record<string, string> = {}): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {})
  const expressions = selector?.matchExpressions ?? []
  return (
    equal.length + expressions.length > 0 &&
    equal.every(([key, value]) => labels[key] === value) &&
    expressions.every((one) => holds(one, labels))
  )
}

function holds(
  { key, operator, values = [] }: NonNullable<LabelSelector['matchExpressions']>[number],
  labels: Record<string, string>,
): boolean {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}
