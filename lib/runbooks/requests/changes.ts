import { isPlaceholder, type KubectlCommand } from '../command'
import { type NamedType, typeOf } from '../kubectl-resources'
import { flag, isOn, objectsOf, pairsOf, placeOf, typeOfArgument } from './place'
import { revisions } from './reads'
import { type ApiRequest, get, PATCH_TYPE, pathOf, type Requests, STAND_IN, send } from './request'
import { yamlValue } from './yaml'

/** An object, its path, and how kubectl finds it: by its name, or in a list. */
type Named = { type: NamedType; name: string; path: string; found: ApiRequest }

/** Whether a command says that it means every object of a kind, or those of a selector. */
function selects(command: KubectlCommand): boolean {
  return (
    command.selector !== undefined ||
    flag(command, 'field-selector') !== undefined ||
    isOn(command, 'all') ||
    // Of a rollout, kubectl takes the bare type for all of them (k8s.io/kubectl/pkg/cmd/rollout, allowEmptySelector).
    command.verb === 'rollout'
  )
}

/** The objects a change names, each with its path; of a selection the stand-in. */
function namedIn(command: KubectlCommand): Named[] | { manual: string } {
  const named: Named[] = []
  for (const object of objectsOf(command)) {
    if (object.kind === 'All' || (object.name === undefined && !selects(command)))
      return { manual: `kubectl ${command.verb} names no object to change.` }
    if (object.name !== undefined && (command.selector !== undefined || isOn(command, 'all')))
      return { manual: 'kubectl takes a name, a selector or --all, not two of them.' }
    const type = typeOfArgument(object)
    const name = object.name ?? STAND_IN.name
    const path = pathOf(type, placeOf(command), name)
    const list = { labelSelector: command.selector, fieldSelector: flag(command, 'field-selector') }
    const found = object.name === undefined ? get(pathOf(type, placeOf(command)), list) : get(path)
    named.push({ type, name, path, found })
  }
  return named.length > 0 ? named : { manual: `kubectl ${command.verb} names no object to change.` }
}

function each(command: KubectlCommand, change: (named: Named) => ApiRequest[] | string): Requests {
  const named = namedIn(command)
  if ('manual' in named) return named
  const requests: ApiRequest[] = []
  for (const one of named) {
    const made = change(one)
    if (typeof made === 'string') return { manual: made }
    requests.push(one.found, ...made)
  }
  return { requests }
}

/** `kubectl patch`: the patch as it stands when it is JSON; YAML becomes JSON, its keys in order of the alphabet. */
export function patchRequests(command: KubectlCommand): Requests {
  const kind = flag(command, 'type') ?? 'strategic'
  const contentType = PATCH_TYPE[kind]
  if (!contentType) return { manual: `kubectl patch knows no --type=${kind}.` }
  const text = flag(command, 'patch')
  if (text === undefined) return { manual: 'kubectl patch lacks its patch.' }
  const body = jsonPatch(text, kind)
  if (body === undefined) return { manual: 'The patch is neither JSON nor YAML.' }
  const subresource = flag(command, 'subresource')
  const named = namedIn(command)
  if ('manual' in named) return named
  if (kind === 'strategic' && named.some((one) => one.type.custom))
    return { manual: 'A custom resource takes no strategic merge patch; it wants --type=merge or json.' }
  const paths = named.map((one) => (subresource ? `${one.path}/${subresource}` : one.path))
  return { requests: paths.flatMap((path) => [get(path), send('PATCH', path, body, contentType)]) }
}

function jsonPatch(text: string, kind: string): string | undefined {
  // What begins like JSON goes as it stands, whatever follows (k8s.io/apimachinery/pkg/util/yaml, ToJSON).
  if (kind !== 'json' && text.trimStart().startsWith('{')) return text
  const value = yamlValue(text)
  return typeof value === 'object' && value !== null ? JSON.stringify(sorted(value)) : undefined
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, own]) => [key, sorted(own)]),
  )
}

/** `kubectl scale`: a merge patch of the subresource `scale`. */
export function scaleRequests(command: KubectlCommand): Requests {
  const replicas = flag(command, 'replicas')
  if (replicas === undefined || !(/^\d+$/.test(replicas) || isPlaceholder(replicas)))
    return { manual: 'kubectl scale lacks a number of replicas.' }
  if (flag(command, 'current-replicas') !== undefined || flag(command, 'resource-version') !== undefined)
    return { manual: 'It changes the number only if the present one is as said.' }
  return each(command, (one) => [
    send(
      'PATCH',
      `${one.path}/scale`,
      { spec: { replicas: isPlaceholder(replicas) ? replicas : Number(replicas) } },
      PATCH_TYPE.merge,
    ),
  ])
}

/** `kubectl label` and `annotate`: a merge patch of what differs from the object; `key-` takes a key away. */
export function metadataRequests(command: KubectlCommand): Requests {
  const field = command.verb === 'label' ? 'labels' : 'annotations'
  const pairs = pairsOf(command)
  if (isOn(command, 'list') || pairs.length === 0)
    return { manual: `kubectl ${command.verb} gives no ${field} to set.` }
  const values: Record<string, string> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    // A key that the object does not have: kubectl sends a patch without it.
    if (at >= 0) values[pair.slice(0, at)] = pair.slice(at + 1)
  }
  // The stand-in has labels and no annotations: an empty map is new to the one, and no difference to the other.
  const nothing = field === 'labels' && Object.keys(values).length === 0
  return each(command, (one) => [
    send('PATCH', one.path, nothing ? {} : { metadata: { [field]: values } }, PATCH_TYPE.merge),
  ])
}

/** Seconds that a deleted object gets: kubectl makes no time at all of 0 only with --force. */
export function graceOf(command: KubectlCommand): string | undefined {
  if (isOn(command, 'now')) return '1'
  const grace = flag(command, 'grace-period')
  if (isOn(command, 'force')) return Number(grace ?? -1) < 0 ? '0' : grace
  return /^[+-]?0+$/.test(grace ?? '') ? '1' : grace
}

/** `kubectl delete`: a DELETE of each, then a look whether it is gone unless `--wait=false`. */
export function deleteRequests(command: KubectlCommand): Requests {
  const grace = graceOf(command) ?? '-1'
  if (!/^-?\d+$/.test(grace) && !isPlaceholder(grace))
    return { manual: `--grace-period wants a number, not ${grace}.` }
  const cascade = command.flags.cascade ?? 'background'
  const policy = {
    background: 'Background',
    true: 'Background',
    orphan: 'Orphan',
    false: 'Orphan',
    foreground: 'Foreground',
  }[String(cascade)]
  if (!policy) return { manual: `kubectl delete knows no --cascade=${cascade}.` }
  const body = {
    ...(isPlaceholder(grace)
      ? { gracePeriodSeconds: grace }
      : Number(grace) >= 0
        ? { gracePeriodSeconds: Number(grace) }
        : {}),
    propagationPolicy: policy,
  }
  const place = placeOf(command)
  const requests: ApiRequest[] = []
  const gone: ApiRequest[] = []
  for (const object of objectsOf(command)) {
    if (object.kind === 'All') return { manual: 'It deletes whatever is there of several kinds.' }
    const type = typeOfArgument(object)
    if (object.name === undefined) {
      if (
        command.selector === undefined &&
        flag(command, 'field-selector') === undefined &&
        !isOn(command, 'all')
      )
        return { manual: 'kubectl delete names neither an object nor a selector nor --all.' }
      requests.push(
        get(pathOf(type, place), {
          labelSelector: command.selector,
          fieldSelector: flag(command, 'field-selector'),
        }),
      )
    }
    const path = pathOf(type, command.allNamespaces ? 'default' : place, object.name ?? STAND_IN.name)
    requests.push(send('DELETE', path, body))
    gone.push(get(path))
  }
  if (requests.length === 0) return { manual: 'kubectl delete names no object to delete.' }
  return { requests: command.flags.wait === 'false' ? requests : [...requests, ...gone] }
}

/** `kubectl rollout restart`, `pause`, `resume`, `undo`. */
export function rolloutChanges(command: KubectlCommand): Requests {
  const template = (annotations: unknown) => ({ spec: { template: { metadata: { annotations } } } })
  return each(command, (one) => {
    switch (command.subverb) {
      case 'restart':
        return [
          send(
            'PATCH',
            one.path,
            template({ 'kubectl.kubernetes.io/restartedAt': '<now>' }),
            PATCH_TYPE.strategic,
          ),
        ]
      case 'pause':
      case 'resume':
        return [
          send(
            'PATCH',
            one.path,
            { spec: { paused: command.subverb === 'pause' || null } },
            PATCH_TYPE.strategic,
          ),
        ]
      default:
        // What is sent after these comes from the revision that is found.
        return [get(one.path), revisions(one.type, placeOf(command))]
    }
  })
}

/**
 * `kubectl certificate approve` and `deny`: the request, then the whole of it with one more condition. Source: what
 * kubectl 1.32 sends.
 */
export function certificateRequests(command: KubectlCommand): Requests {
  const denies = command.subverb === 'deny'
  if (!denies && command.subverb !== 'approve')
    return { manual: `kubectl certificate ${command.subverb} is not understood.` }
  const objects = objectsOf(command)
  if (objects.length === 0 || objects.some((one) => one.name === undefined))
    return { manual: `kubectl certificate ${command.subverb} names no certificate request.` }
  if (objects.some((one) => one.kind !== 'CertificateSigningRequest'))
    return { manual: `kubectl certificate ${command.subverb} is about certificate requests.` }
  return {
    requests: objects.flatMap((object) => {
      const path = pathOf(typeOfArgument(object), undefined, object.name)
      const body = {
        kind: 'CertificateSigningRequest',
        apiVersion: 'certificates.k8s.io/v1',
        metadata: { name: object.name, creationTimestamp: null },
        spec: { request: null, signerName: '' },
        status: { conditions: [certificateCondition(denies)] },
      }
      return [get(path), get(path), send('PUT', `${path}/approval`, body)]
    }),
  }
}

/** The condition that says yes or no to a request. */
function certificateCondition(denies: boolean): Record<string, string | null> {
  const word = denies ? 'deny' : 'approve'
  return {
    type: denies ? 'Denied' : 'Approved',
    status: 'True',
    reason: denies ? 'KubectlDeny' : 'KubectlApprove',
    message: `This CSR was ${denies ? 'denied' : 'approved'} by kubectl certificate ${word}.`,
    lastUpdateTime: null,
    lastTransitionTime: null,
  }
}

/** `kubectl cordon`, `uncordon` and `drain` of nodes that are named. */
export function nodeRequests(command: KubectlCommand): Requests {
  const type = typeOf('nodes') as NamedType
  if (command.selector !== undefined && command.verb !== 'drain') {
    const path = pathOf(type, undefined, STAND_IN.name)
    const closed = send('PATCH', path, { spec: { unschedulable: true } }, PATCH_TYPE.strategic)
    const list = get(pathOf(type, undefined), { labelSelector: command.selector, limit: '500' })
    return { requests: command.verb === 'cordon' ? [list, closed] : [list] }
  }
  const nodes = objectsOf(command).map((one) => one.name)
  if (command.selector !== undefined) return { manual: 'It empties whatever nodes a selector finds.' }
  if (nodes.length === 0 || nodes.some((name) => name === undefined))
    return { manual: `kubectl ${command.verb} names no node.` }
  const requests = nodes.flatMap((name): ApiRequest[] => {
    const path = pathOf(type, undefined, name)
    const closed = (unschedulable: boolean | null) =>
      send('PATCH', path, { spec: { unschedulable } }, PATCH_TYPE.strategic)
    // A node of which nothing else is known takes pods: there is nothing to open.
    if (command.verb === 'uncordon') return [get(path)]
    if (command.verb === 'cordon') return [get(path), closed(true)]
    const pods = get('/api/v1/pods', { fieldSelector: `spec.nodeName=${name}`, limit: '500' })
    // The stand-in has no controller: without --force kubectl stops here.
    if (!isOn(command, 'force')) return [get(path), closed(true), pods]
    const pod = `/api/v1/namespaces/default/pods/${STAND_IN.name}`
    const eviction = {
      kind: 'Eviction',
      apiVersion: 'policy/v1',
      metadata: { name: STAND_IN.name, namespace: 'default', creationTimestamp: null },
      deleteOptions: {},
    }
    return [get(path), closed(true), pods, send('POST', `${pod}/eviction`, eviction), get(pod)]
  })
  return { requests }
}

/** `key-`, `key:Effect-` and `key=value:Effect-`: the value does not matter. */
export const REMOVED_TAINT = /^([^=:]+?)(?:=[^:]*)?(?::(NoSchedule|PreferNoSchedule|NoExecute))?-$/

/** `kubectl taint nodes NAME key=value:Effect`; `key-` and `key:Effect-` take taints away. */
export function taintRequests(command: KubectlCommand): Requests {
  const taints = pairsOf(command)
  if (taints.length === 0) return { manual: 'kubectl taint names no taint.' }
  // The stand-in has no taints: kubectl says that there is none to take away, and sends nothing more.
  if (taints.some((taint) => REMOVED_TAINT.test(taint))) return each(command, () => [])
  const parsed = taints.map((taint) =>
    /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(taint),
  )
  if (parsed.some((match) => !match))
    return { manual: `A taint is key=value:Effect, not ${taints.join(' ')}.` }
  return each(command, (one) => [
    send(
      'PATCH',
      one.path,
      {
        spec: {
          taints: parsed.map((match) => ({
            effect: match?.[3],
            key: match?.[1],
            ...(match?.[2] ? { value: match[2] } : {}),
          })),
        },
      },
      PATCH_TYPE.strategic,
    ),
  ])
}
