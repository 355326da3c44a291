import type { KubectlCommand } from '../command'
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
  const odd = pairs.find((pair) => !RESOURCE.test(pair))
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

const RESOURCE = /^[^=]+=(?:.*<[^<>]+>.*|[+-]?(?:\d+\.?\d*|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?)$/
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

function canonical(text: string): string {
  const milli = /^(\d+)m$/.exec(text)
  if (milli) return Number(milli[1]) % 1000 === 0 ? String(Number(milli[1]) / 1000) : text
  const fraction = /^(\d*)\.(\d{1,3})$/.exec(text)
  if (fraction) return canonical(`${Math.round(Number(text) * 1000)}m`)
  const binary = /^(\d+)(Ki|Mi|Gi|Ti|Pi|Ei)$/.exec(text)
  if (!binary) return text
  let value = Number(binary[1])
  let unit = BINARY.indexOf(binary[2] ?? '')
  while (value > 0 && value % 1024 === 0 && unit < BINARY.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value}${BINARY[unit]}`
}
