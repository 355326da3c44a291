import { type KubectlCommand, placeholdersIn } from '../command'
import { type NamedType, typeOf } from '../kubectl-resources'
import { flag, namespaceOf } from './place'
import { pathOf, type Requests, send } from './request'
import { quantities } from './templates'

/** An object's metadata as kubectl writes it: the namespace only where the line names one. */
type Metadata = (name: string, namespaced?: boolean) => object

function post(command: KubectlCommand, plural: string, body: object): Requests {
  return { requests: [send('POST', pathOf(typeOf(plural) as NamedType, namespaceOf(command)), body)] }
}

/**
 * `kubectl create role|clusterrole NAME --verb=… --resource=…`: a rule for each group, in order of their names. A custom
 * resource has to name its group, which only the cluster knows otherwise.
 */
export function roleRequests(command: KubectlCommand, name: string, metadata: Metadata): Requests {
  const everywhere = command.subverb === 'clusterrole'
  const kind = everywhere ? 'ClusterRole' : 'Role'
  const verbs = distinct(listOf(command, 'verb'))
  const resources = distinct(listOf(command, 'resource'))
  const other = ['aggregation-rule', 'non-resource-url'].find((one) => command.flags[one] !== undefined)
  if (other) return { manual: `kubectl create ${command.subverb} --${other} is not understood yet.` }
  if (verbs.length === 0 || resources.length === 0 || [...verbs, ...resources].includes(''))
    return { manual: `kubectl create ${command.subverb} wants --verb and --resource.` }
  const groups = new Map<string, string[]>()
  for (const resource of resources) {
    const slash = resource.indexOf('/')
    const [word, subresource] =
      slash < 0 ? [resource, ''] : [resource.slice(0, slash), resource.slice(slash + 1)]
    const type = word === '*' ? { group: '', plural: '*' } : typeOf(word)
    if (
      !type ||
      placeholdersIn(resource).length > 0 ||
      ('custom' in type && type.custom && !word.includes('.')) ||
      (word.includes('.') && word.slice(word.indexOf('.') + 1) !== type.group)
    )
      return { manual: `The group of "${resource}" is not known from the line.` }
    const own = subresource === '' ? type.plural : `${type.plural}/${subresource}`
    groups.set(type.group, distinct([...(groups.get(type.group) ?? []), own]))
  }
  const resourceNames = [...new Set(textsOf(command, 'resource-name'))]
  const rules = [...groups.keys()].sort().map((group) => ({
    verbs,
    apiGroups: [group],
    resources: groups.get(group),
    ...(resourceNames.length > 0 ? { resourceNames } : {}),
  }))
  return post(command, everywhere ? 'clusterroles' : 'roles', {
    kind,
    apiVersion: 'rbac.authorization.k8s.io/v1',
    metadata: metadata(name, !everywhere),
    rules,
  })
}

/** The texts of a flag as they were given: a name of an object may hold a comma for kubectl. */
function textsOf(command: KubectlCommand, name: string): string[] {
  const value = command.flags[name]
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
}

function listOf(command: KubectlCommand, name: string): string[] {
  return textsOf(command, name).flatMap((one) => (one === '' ? [] : one.split(',')))
}

/** Each word once; `*` stands for all of them. */
function distinct(words: readonly string[]): string[] {
  return words.includes('*') ? ['*'] : [...new Set(words)]
}

/** `kubectl create quota NAME --hard=cpu=1,pods=2`. */
export function quotaRequests(command: KubectlCommand, name: string, metadata: Metadata): Requests {
  if (command.flags.scopes !== undefined) return { manual: 'It makes a quota for some scopes only.' }
  const hard = quantities(flag(command, 'hard'))
  if (typeof hard === 'string') return { manual: hard }
  return post(command, 'resourcequotas', {
    kind: 'ResourceQuota',
    apiVersion: 'v1',
    metadata: metadata(name),
    spec: hard ? { hard } : {},
    status: {},
  })
}
