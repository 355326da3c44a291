import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { REMOVED_TAINT } from '@/lib/runbooks/requests/changes'
import { flag, pairsOf } from '@/lib/runbooks/requests/place'
import { setRequests } from '@/lib/runbooks/requests/templates'
import { yamlValue } from '@/lib/runbooks/requests/yaml'
import type { KubeObject, PatchKind, Subresource } from '@/lib/targets/types'

type Patch = Result<{ does: 'patch'; kind: PatchKind; body: unknown; subresource?: Subresource }>

const patch = (kind: PatchKind, body: unknown): Patch => ok({ does: 'patch', kind, body })

/** The patch of an object that a command asks for. Errors: what kubectl would refuse of this object (precondition_failed) or line (invalid_input). */
export function patchFor(command: KubectlCommand, object: KubeObject): Patch {
  switch (command.verb) {
    case 'patch': {
      const kind = (flag(command, 'type') ?? 'strategic') as PatchKind
      const body = yamlValue(flag(command, 'patch') ?? '')
      if (typeof body !== 'object' || body === null)
        return fail('invalid_input', 'The patch is neither JSON nor YAML.')
      return flag(command, 'subresource') === 'status'
        ? ok({ does: 'patch', kind, body, subresource: 'status' })
        : patch(kind, body)
    }
    case 'scale':
      return patch('merge', { spec: { replicas: Number(flag(command, 'replicas')) } })
    case 'label':
    case 'annotate':
      return metadataPatch(command, object)
    case 'set':
      return templatePatch(command, object)
    case 'cordon':
      return patch('merge', { spec: { unschedulable: true } })
    case 'uncordon':
      return patch('merge', { spec: { unschedulable: null } })
    case 'taint':
      return taintPatch(command, object)
    case 'certificate':
      return decisionPatch(command, object)
    case 'rollout':
      return command.subverb === 'restart'
        ? patch('strategic', {
            spec: {
              template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': RESTARTED_AT } } },
            },
          })
        : patch('merge', { spec: { paused: command.subverb === 'pause' ? true : null } })
    default:
      return fail('invalid_input', `kubectl ${command.verb} is not a change that Crashcart makes.`)
  }
}

/** Stands for the moment of sending: a plan is made twice, and must be the same both times. */
export const RESTARTED_AT = '<the moment it is sent>'

interface Condition {
  type: string
}

/** Yes or no to a certificate request: a condition, which the API lets nobody take back. */
function decisionPatch(command: KubectlCommand, object: KubeObject): Patch {
  const denies = command.subverb === 'deny'
  const present: Condition[] = object.status?.conditions ?? []
  const made = present.find(({ type }) => type === 'Approved' || type === 'Denied')
  if (made)
    return fail('precondition_failed', `${object.metadata.name} is ${made.type.toLowerCase()} already.`)
  return ok({
    does: 'patch',
    kind: 'merge',
    subresource: 'approval',
    body: {
      // Whoever asks chooses the name: a request made anew under it, or decided on meanwhile, is refused (409).
      metadata: { uid: object.metadata.uid, resourceVersion: object.metadata.resourceVersion },
      status: {
        conditions: [
          ...present,
          {
            type: denies ? 'Denied' : 'Approved',
            status: 'True',
            reason: denies ? 'CrashcartDeny' : 'CrashcartApprove',
            message: `A person ${denies ? 'denied' : 'approved'} it with Crashcart, and a second one agreed.`,
          },
        ],
      },
    },
  })
}

function metadataPatch(command: KubectlCommand, object: KubeObject): Patch {
  const field = command.verb === 'label' ? 'labels' : 'annotations'
  const present: Record<string, string> = object.metadata[field] ?? {}
  const values: Record<string, string | null> = {}
  for (const pair of pairsOf(command)) {
    const at = pair.indexOf('=')
    if (at < 0) {
      values[pair.slice(0, -1)] = null
      continue
    }
    const key = pair.slice(0, at)
    if (present[key] !== undefined && present[key] !== pair.slice(at + 1) && command.flags.overwrite !== true)
      return fail(
        'precondition_failed',
        `${key} is ${present[key]} already, and the line does not say --overwrite.`,
      )
    values[key] = pair.slice(at + 1)
  }
  return patch('merge', { metadata: { [field]: values } })
}

function templatePatch(command: KubectlCommand, object: KubeObject): Patch {
  const present: { name: string }[] = object.spec?.template?.spec?.containers ?? []
  const chosen = flag(command, 'containers') ?? command.container
  const names = chosen && chosen !== '*' ? chosen.split(',') : present.map((one) => one.name)
  const stranger = names.find((name) => !present.some((one) => one.name === name))
  if (stranger)
    return fail('precondition_failed', `There is no container ${stranger} in ${object.metadata.name}.`)
  const sent = setRequests({ ...command, container: names.join(',') })
  if ('manual' in sent) return fail('invalid_input', sent.manual)
  const body = JSON.parse(sent.requests[1]?.body ?? '{}')
  const made: { name: string; [field: string]: unknown }[] = body.spec.template.spec.containers
  const all = command.subverb === 'image' && made.some((one) => one.name === 'c' && !names.includes('c'))
  const containers = all ? names.map((name) => ({ ...made[0], name })) : made
  const missing = containers.find((one) => !present.some((own) => own.name === one.name))
  if (missing)
    return fail('precondition_failed', `There is no container ${missing.name} in ${object.metadata.name}.`)
  return patch('strategic', { spec: { template: { spec: { containers } } } })
}

function taintPatch(command: KubectlCommand, object: KubeObject): Patch {
  const taints: { key: string; value?: string; effect: string }[] = [...(object.spec?.taints ?? [])]
  for (const pair of pairsOf(command)) {
    const removed = REMOVED_TAINT.exec(pair)
    if (removed) {
      const [, key, effect] = removed
      const left = taints.filter((one) => one.key !== key || (effect !== undefined && one.effect !== effect))
      if (left.length === taints.length)
        return fail('precondition_failed', `The node has no taint ${pair.replace(/-$/, '')}.`)
      taints.splice(0, taints.length, ...left)
      continue
    }
    const read = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(pair)
    if (!read) return fail('invalid_input', `A taint is key=value:Effect, not ${pair}.`)
    const [, key = '', value, effect = ''] = read
    const at = taints.findIndex((one) => one.key === key && one.effect === effect)
    if (at >= 0 && command.flags.overwrite !== true)
      return fail('precondition_failed', `The node has the taint ${key}:${effect} already.`)
    if (at >= 0) taints.splice(at, 1)
    taints.push({ key, ...(value ? { value } : {}), effect })
  }
  return patch('merge', { spec: { taints } })
}
