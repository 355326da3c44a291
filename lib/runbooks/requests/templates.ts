import { type KubectlCommand, placeholdersIn } from '../command'
import { flag, flagList, isOn, objectsOf, pairsOf, placeOf, typeOfArgument } from './place'
import { type ApiRequest, get, PATCH_TYPE, pathOf, type Requests, STAND_IN, send } from './request'

/** Kinds with a pod template of the form spec.template.spec. */
const TEMPLATED = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
])

/** `kubectl set env WORKLOAD --list` shows variables and sets none. */
export function listsOnly(command: KubectlCommand): boolean {
  return (
    command.verb === 'set' &&
    command.subverb === 'env' &&
    isOn(command, 'list') &&
    pairsOf(command).length === 0
  )
}

/** `kubectl set env|image|resources|serviceaccount`: a strategic merge patch of the pod template; `selector` of a Service. */
export function setRequests(command: KubectlCommand): Requests {
  const [object, ...more] = objectsOf(command)
  if (!object || object.name === undefined || more.length > 0)
    return { manual: 'kubectl set names no single workload.' }
  if (command.selector !== undefined)
    return { manual: 'It changes whatever a selector finds at that moment.' }
  const own = pathOf(typeOfArgument(object), placeOf(command), object.name)
  if (command.subverb === 'selector') return selectorRequests(command, object.kind, own)
  if (!TEMPLATED.has(object.kind) && !object.open)
    return { manual: `A ${object.kind} has no pod template to set.` }
  if (listsOnly(command)) return { requests: [get(own)] }
  const chosen = flag(command, 'containers') ?? command.container
  const containers = chosen && chosen !== '*' ? chosen.split(',') : [STAND_IN.container]
  const made = containersOf(command, containers)
  if (typeof made === 'string') return { manual: made }
  const order = [...made.map((one) => String(one.name)), STAND_IN.container]
  const body = {
    spec: {
      template: {
        spec: {
          '$setElementOrder/containers': [...new Set(order)].map((name) => ({ name })),
          containers: made,
        },
      },
    },
  }
  const requests: ApiRequest[] = [get(own), send('PATCH', own, body, PATCH_TYPE.strategic)]
  return { requests }
}

/** `kubectl set selector service NAME a=b`: what the selector asked for before goes. */
function selectorRequests(command: KubectlCommand, kind: string, own: string): Requests {
  const pairs = pairsOf(command).flatMap((one) => one.split(','))
  if (kind !== 'Service') return { manual: `kubectl sets the selector of a Service, not of a ${kind}.` }
  if (pairs.length === 0 || pairs.some((pair) => !/^[^=!]+=[^=]*$/.test(pair)))
    return { manual: 'kubectl set selector wants KEY=VALUE.' }
  const gone = Object.keys(STAND_IN.labels).map((key) => [key, null])
  const selector = Object.fromEntries([...gone, ...pairs.map((pair) => pair.split('='))])
  return { requests: [get(own), send('PATCH', own, { spec: { selector } }, PATCH_TYPE.strategic)] }
}

function containersOf(command: KubectlCommand, containers: string[]): Record<string, unknown>[] | string {
  const pairs = pairsOf(command)
  switch (command.subverb) {
    case 'env': {
      if (flag(command, 'from') !== undefined) return 'It takes variables from another object.'
      const all = [...pairs, ...flagList(command, 'env')]
      if (all.length === 0) return 'kubectl set env sets no variable.'
      if (all.some((pair) => !pair.includes('=')))
        return 'It takes variables away, which depends on what is there.'
      const env = all.map((pair) => ({
        name: pair.slice(0, pair.indexOf('=')),
        value: pair.slice(pair.indexOf('=') + 1),
      }))
      return containers.map((name) => ({ env, name }))
    }
    case 'image': {
      if (pairs.length === 0) return 'kubectl set image names no image.'
      return pairs.map((pair) => {
        const name = pair.slice(0, pair.indexOf('='))
        return { image: pair.slice(pair.indexOf('=') + 1), name: name === '*' ? STAND_IN.container : name }
      })
    }
    case 'resources': {
      // kubectl takes what stands behind a blank in a list of quantities for one more object.
      if (pairs.length > 0) return `"${pairs[0]}" cannot be the name of an object.`
      const limits = quantities(flag(command, 'limits'))
      const requests = quantities(flag(command, 'requests'))
      if (!limits && !requests) return 'kubectl set resources names neither limits nor requests.'
      const odd = [limits, requests].find((one) => typeof one === 'string')
      if (typeof odd === 'string') return odd
      return containers.map((name) => ({
        name,
        resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) },
      }))
    }
    default:
      return `kubectl set ${command.subverb} is not understood.`
  }
}

/**
 * `cpu=1000m,memory=1Gi` with quantities in their canonical form (k8s.io/apimachinery/pkg/api/resource), or why kubectl
 * would refuse them.
 */
export function quantities(given: string | undefined): Record<string, string> | string | undefined {
  if (given === undefined || given === '') return undefined
  const pairs = given.split(',')
  const odd = pairs.find((pair) => !RESOURCE.test(pair) && !isOpen(pair))
  if (odd !== undefined) return `"${odd}" is not RESOURCE=QUANTITY.`
  return Object.fromEntries(
    pairs
      .map((pair): [string, string] => [
        pair.slice(0, pair.indexOf('=')),
        canonical(pair.slice(pair.indexOf('=') + 1)),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

const RESOURCE = /^[^=]+=[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/
const isOpen = (pair: string) => placeholdersIn(pair).length > 0 && pair.indexOf('=') > 0
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** Plain numbers with the largest unit that leaves them whole; what has signs or powers of ten stays as it is written. */
function canonical(text: string): string {
  const [, whole = '', part = '', unit = ''] =
    /^(0|[1-9]\d{0,14}|(?=\.))(?:\.(\d{1,9}))?(m|[kMGTPE]?|[KMGTPE]i)$/.exec(text) ?? []
  if (whole === '' && part === '') return text
  const scale = 10n ** BigInt(part.length)
  const digits = BigInt(`${whole}${part}`)
  if (digits === 0n) return '0'
  const binary = BINARY.indexOf(unit)
  if (binary > 0) {
    const value = digits * 1024n ** BigInt(binary)
    if (value % scale !== 0n) return text
    return value / scale < 1024n ? String(value / scale) : largest(value / scale, 1024n, BINARY)
  }
  const value = digits * 1000n ** BigInt(DECIMAL.indexOf(unit))
  return value % scale === 0n ? largest(value / scale, 1000n, DECIMAL) : text
}

function largest(value: bigint, base: bigint, units: readonly string[]): string {
  let [left, at] = [value, 0]
  while (left % base === 0n && at < units.length - 1) {
    left /= base
    at += 1
  }
  return `${left}${units[at]}`
}
