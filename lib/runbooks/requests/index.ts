import { isPlaceholder, type KubectlCommand } from '../command'
import {
  certificateRequests,
  deleteRequests,
  metadataRequests,
  nodeRequests,
  patchRequests,
  rolloutChanges,
  scaleRequests,
  taintRequests,
} from './changes'
import { autoscaleRequests, createRequests, exposeRequests, isDryRun, manifestRequests } from './creates'
import { describeRequests } from './describe'
import { execRequests, logsRequests } from './in-pods'
import { isOn } from './place'
import { canIRequests, eventsRequests, getRequests, rolloutReads, topRequests, waitRequests } from './reads'
import type { Requests } from './request'
import { setRequests } from './templates'

export type { ApiRequest, Requests } from './request'

/** Verbs that only ask for what the server can do: discovery, and nothing else. */
const DISCOVERY = new Set(['version', 'api-resources', 'api-versions', 'explain'])

/**
 * What kubectl sends for a command, in order, without discovery. Parts that depend on an earlier answer are those for
 * the stand-in of request.ts. `manual` says why it cannot be told; the command is then for a person.
 * Source: what kubectl 1.31 and 1.32 send.
 */
export function requestsOf(command: KubectlCommand): Requests {
  const known = KNOWN.get(command)
  if (known) return known
  const told = requestsFor(command)
  KNOWN.set(command, told)
  return told
}

/** A command never changes once it is read, and several operations ask what it sends. */
const KNOWN = new WeakMap<KubectlCommand, Requests>()

function requestsFor(command: KubectlCommand): Requests {
  if (isDryRun(command)) return { manual: 'It only shows what it would do (--dry-run=client).' }
  if (command.flags.help !== undefined) return { manual: 'It shows how the command is used.' }
  if (isOn(command, 'save-config') && command.verb !== 'replace')
    return { manual: 'It writes the whole object into an annotation of it too (--save-config).' }
  const odd = oddIn(command)
  if (odd) return { manual: odd }
  if (DISCOVERY.has(command.verb)) return { requests: [] }
  switch (command.verb) {
    case 'get':
      return getRequests(command)
    case 'describe':
      return describeRequests(command)
    case 'logs':
      return logsRequests(command)
    case 'exec':
    case 'rsh':
      return execRequests(command)
    case 'top':
      return topRequests(command)
    case 'events':
      return eventsRequests(command)
    case 'wait':
      return waitRequests(command)
    case 'cluster-info':
      return {
        requests: [
          {
            method: 'GET',
            path: '/api/v1/namespaces/kube-system/services',
            query: 'labelSelector=kubernetes.io%2Fcluster-service%3Dtrue',
          },
        ],
      }
    case 'auth':
      return command.subverb === 'can-i'
        ? canIRequests(
            command,
            command.resources.map((one) => one.name ?? ''),
          )
        : { manual: `kubectl auth ${command.subverb} is not understood.` }
    case 'rollout':
      return command.subverb === 'status' || command.subverb === 'history'
        ? rolloutReads(command)
        : rolloutChanges(command)
    case 'patch':
      return patchRequests(command)
    case 'scale':
      return scaleRequests(command)
    case 'label':
    case 'annotate':
      return metadataRequests(command)
    case 'set':
      return setRequests(command)
    case 'delete':
      return deleteRequests(command)
    case 'cordon':
    case 'uncordon':
    case 'drain':
      return nodeRequests(command)
    case 'taint':
      return taintRequests(command)
    case 'certificate':
      return certificateRequests(command)
    case 'create':
      return createRequests(command)
    case 'apply':
    case 'replace':
      return manifestRequests(command)
    case 'expose':
      return exposeRequests(command)
    case 'autoscale':
      return autoscaleRequests(command)
    default:
      return { manual: `What kubectl ${command.verb} sends is not known here.` }
  }
}

/** Flags whose value kubectl reads as a number before it does anything. */
export const NUMBERS = [
  'tail',
  'max-log-requests',
  'limit-bytes',
  'replicas',
  'current-replicas',
  'grace-period',
  'to-revision',
  'revision',
  'min',
  'max',
  'cpu-percent',
  'port',
]

/** What no kubectl would take: a number that is none, a namespace that cannot exist. */
function oddIn(command: KubectlCommand): string | undefined {
  const { namespace } = command
  // Letters, digits and dashes (RFC 1123 labels); words between < and > are filled in, those between { and } and
  // those in capitals too.
  if (namespace !== undefined && !/^([\w.<>{}-]+|[A-Z]+( [A-Z]+)+)$/.test(namespace))
    return `"${namespace}" cannot be the name of a namespace.`
  for (const name of NUMBERS) {
    const value = command.flags[name]
    // A number that somebody fills in is checked when it is there.
    if (typeof value === 'string' && !/^-?\d+$/.test(value) && !isPlaceholder(value))
      return `--${name} wants a number, and "${value}" is none.`
  }
  return undefined
}
