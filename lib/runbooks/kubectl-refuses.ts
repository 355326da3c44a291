import { isPlaceholder, type KubectlCommand, placeholdersIn, type ResourceArgument } from './command'
import { secondsOf } from './requests/in-pods'
import { flag, flagList, isOn, objectsOf, pairsOf } from './requests/place'

const WORKLOADS = ['Deployment', 'DaemonSet', 'StatefulSet']
/** Kinds of which kubectl finds the pods (k8s.io/kubectl/pkg/polymorphichelpers). */
const WITH_PODS = [...WORKLOADS, 'Pod', 'ReplicaSet', 'ReplicationController', 'Job', 'Service']
/** What kubectl can do with some kinds only, whatever the cluster serves. */
const KINDS: Record<string, readonly string[]> = {
  'rollout restart': WORKLOADS,
  'rollout undo': WORKLOADS,
  'rollout status': WORKLOADS,
  'rollout history': WORKLOADS,
  'rollout pause': ['Deployment'],
  'rollout resume': ['Deployment'],
  logs: WITH_PODS,
  exec: WITH_PODS,
  expose: ['Deployment', 'Pod', 'ReplicaSet', 'ReplicationController', 'Service'],
  cordon: ['Node'],
  uncordon: ['Node'],
  drain: ['Node'],
  taint: ['Node'],
}
/** Kinds of the API that have replicas to count; of custom ones the cluster knows. */
const COUNTED = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']

const PLAIN_OUTPUTS = new Set('json yaml name wide'.split(' '))
/** Formats that want a text of their own behind `=`, or in --template. */
const TEMPLATES = new Set([
  ...'custom-columns custom-columns-file go-template go-template-file template templatefile'.split(' '),
  ...'jsonpath jsonpath-as-json jsonpath-file'.split(' '),
])
const OF_PODS_ONLY = ['all-namespaces', 'containers', 'field-selector', 'sum']
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/
/** Verbs that find objects by a name or by a choice, not by both; `get` and `top` say so themselves. */
const CHOOSING = new Set(
  'delete describe label annotate scale rollout set wait cordon uncordon drain'.split(' '),
)
/** Of them those that know a choice by fields too. */
const CHOOSING_FIELDS = new Set('delete label annotate wait'.split(' '))

/**
 * Why kubectl would refuse a command by its words alone, in a sentence; undefined when it would try. Source: kubectl
 * 1.31, run. What depends on the objects is said when it is previewed.
 */
export function whyRefused(command: KubectlCommand): string | undefined {
  return ofKinds(command) ?? ofNames(command) ?? ofValues(command) ?? ofOutput(command) ?? ofVerb(command)
}

const isGuess = ({ open, kind }: ResourceArgument) => open === true || kind.startsWith('<')

function ofKinds(command: KubectlCommand): string | undefined {
  const { verb, subverb = '' } = command
  const phrase = verb === 'rollout' ? `rollout ${subverb}` : verb
  const objects = objectsOf(command).filter((one) => !isGuess(one))
  const kinds = Object.hasOwn(KINDS, phrase) ? KINDS[phrase] : undefined
  const other = kinds && objects.find((one) => !kinds.includes(one.kind))
  if (other?.kind === 'CronJob' && verb === 'logs')
    return 'A CronJob has no pods of its own for kubectl: its Jobs have, as `job/NAME`.'
  if (other && kinds) return `kubectl ${phrase} takes ${listOf(kinds)}, no ${other.kind}.`
  if (verb !== 'scale' && verb !== 'autoscale') return undefined
  const uncounted = objects.find((one) => !one.type?.custom && one.type && !COUNTED.includes(one.kind))
  return uncounted && `kubectl ${verb} takes what has replicas, no ${uncounted.kind}.`
}

const listOf = (kinds: readonly string[]) =>
  kinds.length === 1 ? `a ${kinds[0]}` : `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`

function ofNames(command: KubectlCommand): string | undefined {
  const named = objectsOf(command).some((one) => one.name !== undefined)
  if (!named) return undefined
  const inOne = objectsOf(command).some((one) => one.type?.namespaced !== false)
  if (command.verb === 'describe' && command.allNamespaces && inOne)
    return 'kubectl reads no object by its name across all namespaces.'
  const chosen =
    command.selector !== undefined ||
    (command.verb === 'delete' && isOn(command, 'all')) ||
    (CHOOSING_FIELDS.has(command.verb) && (flag(command, 'field-selector') ?? '') !== '')
  return chosen && CHOOSING.has(command.verb) ? 'kubectl takes a name or a selector, not both.' : undefined
}

function ofValues(command: KubectlCommand): string | undefined {
  for (const name of ['timeout', 'pod-running-timeout', 'duration']) {
    const value = flag(command, name)
    if (value !== undefined && !isDuration(value))
      return `--${name} wants a duration such as 5m or 90s, not ${value}.`
  }
  const odd = flagList(command, 'types').find((one) => !/^(normal|warning|.*<.*)$/i.test(one))
  if (odd !== undefined && command.verb === 'events') return `--types knows Normal and Warning, not ${odd}.`
  return undefined
}

function isDuration(text: string): boolean {
  return (
    placeholdersIn(text).length > 0 ||
    /^[+-]?0$/.test(text) ||
    secondsOf(text.replace(/^[+-]/, '')) !== undefined
  )
}

function ofOutput(command: KubectlCommand): string | undefined {
  const { output, verb } = command
  if (verb !== 'get' || output === undefined || placeholdersIn(output).length > 0) return undefined
  const at = output.indexOf('=')
  const format = at < 0 ? output : output.slice(0, at)
  if (!(at < 0 && PLAIN_OUTPUTS.has(format)) && !TEMPLATES.has(format))
    return `kubectl get prints no "${output}".`
  if (TEMPLATES.has(format) && at < 0 && flag(command, 'template') === undefined)
    return `-o ${format} wants what it prints behind =.`
  if (isOn(command, 'show-labels') && output !== 'wide')
    return 'kubectl shows labels in its own tables only (--show-labels).'
  const spec = format === 'custom-columns' && at >= 0 ? output.slice(at + 1) : undefined
  const column = spec?.split(',').find((one) => !one.includes(':'))
  return column === undefined ? undefined : `"${column}" is not HEADER:PATH of a column.`
}

function ofVerb(command: KubectlCommand): string | undefined {
  switch (command.verb) {
    case 'delete':
      return ofDelete(command)
    case 'label':
      return ofLabels(command)
    case 'logs':
      if (isOn(command, 'all-containers') && command.container !== undefined)
        return 'kubectl logs takes a container or --all-containers, not both.'
      return flag(command, 'since') !== undefined && flag(command, 'since-time') !== undefined
        ? 'kubectl logs takes --since or --since-time, not both.'
        : undefined
    case 'scale':
      return /^-/.test(flag(command, 'replicas') ?? '') ? '--replicas is not less than 0.' : undefined
    case 'wait': {
      const wanted = flag(command, 'for') ?? 'delete'
      const known = /^(delete|create)$/i.test(wanted) || /^(condition|jsonpath)=/.test(wanted)
      return known || isPlaceholder(wanted) ? undefined : `kubectl wait knows no "${wanted}".`
    }
    case 'top': {
      const sorts = flag(command, 'sort-by')
      if (sorts !== undefined && !/^(cpu|memory|<.*>)$/.test(sorts)) return '--sort-by knows cpu and memory.'
      const ofNodes = objectsOf(command)[0]?.kind === 'Node'
      const foreign = ofNodes
        ? OF_PODS_ONLY.find((name) => command.flags[name] !== undefined) ||
          (command.allNamespaces && 'all-namespaces')
        : isOn(command, 'show-capacity') && 'show-capacity'
      return foreign ? `kubectl top ${ofNodes ? 'nodes' : 'pods'} has no flag --${foreign}.` : undefined
    }
    case 'autoscale': {
      const [min, max] = [flag(command, 'min'), flag(command, 'max')].map(Number)
      return min !== undefined && max !== undefined && min > max ? '--max is not less than --min.' : undefined
    }
    default:
      return undefined
  }
}

function ofDelete(command: KubectlCommand): string | undefined {
  const grace = flag(command, 'grace-period')
  if (isOn(command, 'now') && isOn(command, 'force'))
    return 'kubectl delete takes --now or --force, not both.'
  if (grace === undefined) return undefined
  if (isOn(command, 'now') && Number(grace) !== -1)
    return 'kubectl delete takes --now or --grace-period, not both.'
  return isOn(command, 'force') && Number(grace) > 0
    ? 'kubectl delete takes --force with --grace-period=0 only.'
    : undefined
}

function ofLabels(command: KubectlCommand): string | undefined {
  const values = pairsOf(command).flatMap((pair) =>
    pair.includes('=') ? [pair.slice(pair.indexOf('=') + 1)] : [],
  )
  const odd = values.find((value) => placeholdersIn(value).length === 0 && !LABEL_VALUE.test(value))
  return odd === undefined ? undefined : `"${odd}" cannot be the value of a label.`
}
