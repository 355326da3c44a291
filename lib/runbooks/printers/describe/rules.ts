import 'server-only'
import type {
  RbacV1Subject,
  V1NetworkPolicy,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1PodDisruptionBudget,
  V1PriorityClass,
} from '@kubernetes/client-node'
import { writeEvents } from './events'
import { labelsInOne, selectorText } from './selectors'
import { instantOf } from './times'
import type { Describer } from './types'
import { inOrder, needed, type Writer } from './writer'

interface Rule {
  verbs: string[]
  apiGroups: string[]
  resources: string[]
  resourceNames: string[]
  nonResourceURLs: string[]
}

/** A Role or ClusterRole: its rules one resource a line. */
export const describeRole: Describer = (w, object) => {
  w.row(0, 'Name:', object.metadata.name)
  w.labels('Labels', object.metadata.labels)
  w.annotations('Annotations', object.metadata.annotations)
  w.row(0, 'PolicyRule:')
  w.row(1, 'Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs')
  w.row(1, '---------', '-----------------', '--------------', '-----')
  const listed = (words: readonly string[]) => `[${words.join(' ')}]`
  for (const rule of compacted((object.rules ?? []) as Partial<Rule>[])) {
    const [resource = '', subresource] = (rule.resources[0] ?? '').split(/\/(.*)/s)
    const group = rule.apiGroups[0] ? `.${rule.apiGroups[0]}` : ''
    w.row(
      1,
      rule.resources.length === 0
        ? ''
        : `${resource}${group}${subresource === undefined ? '' : `/${subresource}`}`,
      listed(rule.nonResourceURLs),
      listed(rule.resourceNames),
      listed(rule.verbs),
    )
  }
}

/** Rules taken apart by resource and name, those about the same joined again, in the order of their texts in Go. */
function compacted(rules: readonly Partial<Rule>[]): Rule[] {
  const simple = new Map<string, Rule>()
  const others: Rule[] = []
  for (const {
    verbs = [],
    apiGroups = [],
    resources = [],
    resourceNames = [],
    nonResourceURLs = [],
  } of rules) {
    const names = resourceNames.length > 0 ? resourceNames.map((name) => [name]) : [[]]
    for (const group of apiGroups)
      for (const resource of resources)
        for (const own of names) {
          const key = JSON.stringify([group, resource, own])
          const known = simple.get(key)
          if (known) known.verbs = [...new Set([...known.verbs, ...verbs])]
          else if (verbs.length > 0)
            simple.set(key, {
              verbs: [...new Set(verbs)],
              apiGroups: [group],
              resources: [resource],
              resourceNames: own,
              nonResourceURLs: [],
            })
        }
    for (const url of nonResourceURLs)
      for (const verb of verbs)
        others.push({
          verbs: [verb],
          apiGroups: [],
          resources: [],
          resourceNames: [],
          nonResourceURLs: [url],
        })
  }
  const text = (rule: Rule) =>
    `Verbs:[${rule.verbs.join(' ')}],APIGroups:[${rule.apiGroups.join(' ')}],Resources:[${rule.resources.join(' ')}],` +
    `ResourceNames:[${rule.resourceNames.join(' ')}],NonResourceURLs:[${rule.nonResourceURLs.join(' ')}],}`
  const byText = Object.fromEntries(
    [...others, ...simple.values()].map((rule, index) => [`${text(rule)}${index}`, rule]),
  )
  return inOrder(byText).map(([, rule]) => rule)
}

/** A RoleBinding or ClusterRoleBinding. */
export const describeBinding: Describer = (w, object) => {
  w.row(0, 'Name:', object.metadata.name)
  w.labels('Labels', object.metadata.labels)
  w.annotations('Annotations', object.metadata.annotations)
  w.row(0, 'Role:')
  w.row(1, 'Kind:', object.roleRef?.kind ?? '')
  w.row(1, 'Name:', object.roleRef?.name ?? '')
  w.row(0, 'Subjects:')
  w.row(1, 'Kind', 'Name', 'Namespace')
  w.row(1, '----', '----', '---------')
  for (const { kind, name, namespace = '' } of (object.subjects ?? []) as RbacV1Subject[])
    w.row(1, kind, name, namespace)
}

/** A PodDisruptionBudget. */
export const describeBudget: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1PodDisruptionBudget
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  if (spec?.minAvailable !== undefined) w.row(0, 'Min available:', spec.minAvailable)
  else if (spec?.maxUnavailable !== undefined) w.row(0, 'Max unavailable:', spec.maxUnavailable)
  w.row(0, 'Selector:', spec?.selector ? selectorText(spec.selector) || '<none>' : '<unset>')
  w.row(0, 'Status:')
  w.row(2, 'Allowed disruptions:', status?.disruptionsAllowed ?? 0)
  w.row(2, 'Current:', status?.currentHealthy ?? 0)
  w.row(2, 'Desired:', status?.desiredHealthy ?? 0)
  w.row(2, 'Total:', status?.expectedPods ?? 0)
  writeEvents(w, beside.events, beside.now)
}

/** A PriorityClass. */
export const describePriority: Describer = (w, object, beside) => {
  const { metadata, value, globalDefault, preemptionPolicy, description } =
    object as unknown as V1PriorityClass
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Value:', value ?? 0)
  w.row(0, 'GlobalDefault:', globalDefault === true)
  w.row(0, 'PreemptionPolicy:', needed(preemptionPolicy, 'preemptionPolicy'))
  w.row(0, 'Description:', description ?? '')
  w.row(0, 'Annotations:', labelsInOne(metadata?.annotations))
  writeEvents(w, beside.events, beside.now)
}

/** A NetworkPolicy. */
export const describeNetworkPolicy: Describer = (w, object) => {
  const { metadata, spec } = object as unknown as V1NetworkPolicy
  const created = new Date(needed(instantOf(metadata?.creationTimestamp), 'its creation')).toISOString()
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.row(0, 'Created on:', `${created.slice(0, 10)} ${created.slice(11, 19)} +0000 UTC`)
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'Spec:')
  const pods = selectorText(spec?.podSelector)
  w.row(
    1,
    `PodSelector:     ${pods || '<none> (Allowing the specific traffic to all pods in this namespace)'}`,
  )
  const types = spec?.policyTypes ?? []
  for (const [type, rules, word, where] of [
    ['Ingress', spec?.ingress?.map((rule) => peersOf(rule, 'from')), 'From', 'source'],
    ['Egress', spec?.egress?.map((rule) => peersOf(rule, 'to')), 'To', 'destination'],
  ] as const) {
    const traffic = `${type.toLowerCase()} traffic`
    w.row(1, types.includes(type) ? `Allowing ${traffic}:` : `Not affecting ${traffic}`)
    if (types.includes(type)) writePeers(w, rules ?? [], type.toLowerCase(), word, where)
  }
  w.row(1, `Policy Types: ${types.join(', ') || '<none>'}`)
}

interface Traffic {
  ports: V1NetworkPolicyPort[]
  peers: V1NetworkPolicyPeer[]
}

/** In JSON a field has the name that the types of the client cannot have. */
function peersOf(rule: object, field: 'from' | 'to'): Traffic {
  const { ports, [field]: peers } = rule as { ports?: V1NetworkPolicyPort[] } & Record<
    string,
    V1NetworkPolicyPeer[] | undefined
  >
  return { ports: ports ?? [], peers: peers ?? [] }
}

function writePeers(
  w: Writer,
  rules: readonly Traffic[],
  direction: string,
  word: string,
  where: string,
): void {
  if (rules.length === 0) w.row(2, `<none> (Selected pods are isolated for ${direction} connectivity)`)
  for (const [index, { ports, peers }] of rules.entries()) {
    if (ports.length === 0) w.row(2, 'To Port: <any> (traffic allowed to all ports)')
    for (const { port, endPort, protocol = 'TCP' } of ports)
      w.row(
        2,
        endPort === undefined
          ? `To Port: ${port ?? '<nil>'}/${protocol}`
          : `To Port Range: ${port ?? '<nil>'}-${endPort}/${protocol}`,
      )
    if (peers.length === 0) w.row(2, `${word}: <any> (traffic not restricted by ${where})`)
    for (const { podSelector, namespaceSelector, ipBlock } of peers) {
      w.row(2, `${word}:`)
      if (namespaceSelector) w.row(3, `NamespaceSelector: ${selectorText(namespaceSelector) || '<none>'}`)
      if (podSelector) w.row(3, `PodSelector: ${selectorText(podSelector) || '<none>'}`)
      if (namespaceSelector || podSelector || !ipBlock) continue
      w.row(3, 'IPBlock:')
      w.row(4, `CIDR: ${ipBlock.cidr}`)
      w.row(4, `Except: ${(ipBlock.except ?? []).join(', ')}`)
    }
    if (index < rules.length - 1) w.row(2, '----------')
  }
}
