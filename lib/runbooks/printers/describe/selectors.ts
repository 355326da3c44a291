import 'server-only'
import type { V1LabelSelector } from '@kubernetes/client-node'
import { CouldNotPrint } from '../limits'
import { inOrder } from './writer'

/** `a=b,c in (d,e),!f` of a label selector, by key; '' for one that selects all or none (k8s.io/apimachinery/pkg/labels). */
export function selectorText(selector: V1LabelSelector | undefined | null): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }))
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => ({
    key,
    text: requirement(key, operator, values ?? []),
  }))
  return [...equal, ...others]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ text }) => text)
    .join(',')
}

function requirement(key: string, operator: string, values: readonly string[]): string {
  const list = `(${[...values].sort().join(',')})`
  switch (operator) {
    case 'In':
      return `${key} in ${list}`
    case 'NotIn':
      return `${key} notin ${list}`
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `!${key}`
    default:
      throw new CouldNotPrint(`"${operator.slice(0, 40)}" is no operator of a selector.`)
  }
}

/** Labels as one word: `a=b,c=d`, `<none>` when there are none. */
export function labelsInOne(labels: Record<string, string> | undefined | null): string {
  return (
    inOrder(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || '<none>'
  )
}
