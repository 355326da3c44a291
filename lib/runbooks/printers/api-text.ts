import 'server-only'
import type { DiscoveredType } from '../../targets/types'
import { Budget } from './limits'
import { alignColumns } from './tabwriter'

export interface ApiResourcesOptions {
  /** `wide`, `name`, or none. */
  output?: string
  /** --api-group; '' is the core group. */
  group?: string
  namespaced?: boolean
  /** All of these a type has to have. */
  verbs: readonly string[]
  categories: readonly string[]
  /** `name` or `kind`; by group otherwise. */
  sortBy?: string
  noHeaders: boolean
}

const MAX_OUTPUT = 4 << 20

/** `kubectl api-resources`: after k8s.io/kubectl/pkg/cmd/apiresources. */
export function apiResourcesText(types: readonly DiscoveredType[], options: ApiResourcesOptions): string {
  const { output, verbs, categories, sortBy } = options
  const chosen = types.filter(
    (one) =>
      one.verbs.length > 0 &&
      (options.group === undefined || one.group === options.group) &&
      (options.namespaced === undefined || one.namespaced === options.namespaced) &&
      verbs.every((verb) => one.verbs.includes(verb)) &&
      categories.every((category) => one.categories.includes(category)),
  )
  const key = (one: DiscoveredType) =>
    sortBy === 'name' ? one.plural : sortBy === 'kind' ? one.kind : one.group
  const sorted = chosen.sort((a, b) => order(key(a), key(b)) || order(a.plural, b.plural))
  if (output === 'name')
    return sorted.map(({ plural, group }) => `${plural}${group ? `.${group}` : ''}\n`).join('')
  const wide = output === 'wide'
  const headings = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND']
  const rows = sorted.map((one) => [
    one.plural,
    one.shortNames.join(','),
    one.group ? `${one.group}/${one.version}` : one.version,
    String(one.namespaced),
    one.kind,
    ...(wide ? [one.verbs.join(','), one.categories.join(',')] : []),
  ])
  const lines = options.noHeaders ? rows : [[...headings, ...(wide ? ['VERBS', 'CATEGORIES'] : [])], ...rows]
  return alignColumns(lines, new Budget(MAX_OUTPUT))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
