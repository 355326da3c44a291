import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { fail, ok, type Result } from '@/lib/core/result'
import {
  type Applied,
  type Fix,
  type Json,
  type Plan,
  type PlanContext,
  type RecogniseHints,
  RUN_ANNOTATION,
  type WriteContext,
} from '@/lib/operations/types'
import type { Command } from '@/lib/runbooks/command'
import { isPlaceholder, placeholdersIn } from '@/lib/runbooks/command'
import { RESOURCE } from '@/lib/targets/resource-types'
import { bind } from './bind'
import { managedBy, payloadOf, podsOf, refuseRollout, targetOf, watchRollout } from './rollout'

const params = z.object({
  namespace: z.string(),
  name: z.string(),
  key: z.string(),
  restart: z.string().optional(),
})
type Params = z.infer<typeof params>

/** Bytes of entropy of a new value: 384 bits, above the 256 that HS256 needs (RFC 7518, 3.2). */
const NEW_BYTES = 48

interface Payload {
  namespace: string
  name: string
  key: string
  resourceVersion: string
  restart?: { ref: string; kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'; name: string }
}

function recognise(commands: readonly Command[], hints: RecogniseHints): Partial<Params> | undefined {
  const [create, restart, ...more] = commands
  if (
    create?.program !== 'kubectl' ||
    create.verb !== 'create' ||
    create.subverb !== 'secret' ||
    more.length > 0
  )
    return undefined
  const [kind, name] = create.resources
  const literal = create.flags['from-literal']
  if (kind?.name !== 'generic' || !name?.name || typeof literal !== 'string') return undefined
  const at = literal.indexOf('=')
  // A value written into a runbook is no secret: only a placeholder is taken, and made here.
  const [placeholder] = placeholdersIn(literal.slice(at + 1))
  if (at < 1 || placeholder === undefined || !isPlaceholder(literal.slice(at + 1))) return undefined
  // `<role-arn>` is known to somebody and cannot be made up: only what is meant to be new is.
  const meaning = hints.placeholders[placeholder]
  if (meaning ? meaning.kind !== 'generated-secret' : !/^(new|generated|random)[-_.]/i.test(placeholder))
    return undefined
  const target =
    restart?.program === 'kubectl' && restart.verb === 'rollout' && restart.subverb === 'restart'
      ? restart.resources[0]
      : undefined
  if (restart && !target?.name) return undefined
  return {
    namespace: create.namespace ?? 'default',
    name: name.name,
    key: literal.slice(0, at),
    ...(target?.name ? { restart: `${target.kind.toLowerCase()}/${target.name}` } : {}),
  }
}

/** Plan of both directions: what is read, bound and said; values never enter it. */
async function planFor(context: PlanContext, p: Params, back: boolean): Promise<Result<Plan>> {
  const found = await context.cluster.get(RESOURCE.Secret, p.name, p.namespace)
  if (!found.ok) return found
  const data: Record<string, string> = found.value.data ?? {}
  if (back && !data.previous)
    return fail('precondition_failed', `${p.name} keeps no former value to go back to.`)
  const target = p.restart ? await targetOf(context, p.namespace, p.restart) : undefined
  if (target && !target.ok) return target
  if (target) {
    const refused = refuseRollout(target.value)
    if (!refused.ok) return refused
  }
  const pods = target ? await podsOf(context, target.value) : ok([])
  if (!pods.ok) return pods
  const sizes = (keys: Record<string, number>) =>
    `${Object.entries(keys)
      .map(([key, bytes]) => `${key} (${bytes} bytes)`)
      .join('\n')}\n`
  const lengths = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.byteLength(value, 'base64')]),
  )
  const after = back
    ? { ...lengths, [p.key]: lengths.previous ?? 0, previous: lengths[p.key] ?? 0 }
    : {
        ...lengths,
        [p.key]: Math.ceil((NEW_BYTES * 4) / 3),
        ...(data[p.key] ? { previous: lengths[p.key] ?? 0 } : {}),
      }
  const payload: Payload = {
    namespace: p.namespace,
    name: p.name,
    key: p.key,
    resourceVersion: found.value.metadata.resourceVersion ?? '',
    ...(target
      ? { restart: { ref: target.value.ref, kind: target.value.kind, name: target.value.name } }
      : {}),
  }
  return ok({
    act: back ? `Put the former value of ${p.name} back` : `Rotate ${p.name}`,
    target: { kind: 'Secret', namespace: p.namespace, name: p.name },
    changes: [
      {
        type: 'diff',
        title: `Keys of ${p.name}, values are never shown`,
        before: sizes(lengths),
        after: sizes(after),
      },
      ...(target
        ? [
            {
              type: 'text' as const,
              title: 'Then',
              text: `A rolling restart of ${target.value.ref}, ${pods.value.length} pods: the secret is read at start.`,
            },
          ]
        : []),
    ],
    touches: pods.value.map((pod) => pod.metadata.name),
    warnings: [
      {
        level: 'danger',
        text: back
          ? 'Tokens signed with the newer value stop being accepted, unless the service still takes `previous`.'
          : 'Every live session may be logged out, unless the service still takes `previous`.',
      },
      ...(back
        ? []
        : [
            {
              level: 'info' as const,
              text: 'The new value is made on the server and shown to nobody; the former one stays under the key `previous`.',
            },
          ]),
      ...managedBy(found.value),
    ],
    undo: {
      possible: !back && Boolean(data[p.key]),
      text: back
        ? 'Rotate again for a new value.'
        : 'The former value can be put back while `previous` is kept.',
    },
    confirmName: p.name,
    bindings: [
      bind(
        { ...found.value, kind: 'Secret' },
        { keys: lengths, version: found.value.metadata.resourceVersion },
      ),
      ...(target ? [bind(target.value.object, { template: target.value.object.spec?.template })] : []),
    ],
    payload: payload as unknown as Json,
  })
}

async function write(context: WriteContext, plan: Plan, back: boolean): Promise<Result<Applied>> {
  const { namespace, name, key, resourceVersion, restart } = payloadOf<Payload>(plan.payload)
  const at = context.now().toISOString()
  const found = await context.cluster.get(RESOURCE.Secret, name, namespace)
  if (!found.ok) return found
  const former: string | undefined = found.value.data?.[key]
  const next: string | undefined = back
    ? found.value.data?.previous
    : Buffer.from(randomBytes(NEW_BYTES).toString('base64url')).toString('base64')
  const data = { [key]: next, ...(former ? { previous: former } : {}) }
  const written = await context.cluster.patch(RESOURCE.Secret, name, namespace, 'merge', {
    metadata: { resourceVersion, annotations: { [RUN_ANNOTATION]: context.runId } },
    data,
  })
  if (!written.ok) return written
  if (restart) {
    const rolled = await context.cluster.patch(RESOURCE[restart.kind], restart.name, namespace, 'strategic', {
      metadata: { annotations: { [RUN_ANNOTATION]: context.runId } },
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } },
    })
    if (!rolled.ok)
      return fail(
        rolled.error.code,
        `${name} is written, but the restart of ${restart.ref} was not accepted: ${rolled.error.message}`,
        { hint: `Restart ${restart.ref} now: its pods still use the former value.`, retryable: false },
      )
  }
  return ok({
    summary: `${name} written${restart ? `, restart of ${restart.ref} sent` : ''}`,
    at,
    payload: {},
  })
}

async function* verify(
  context: Parameters<Fix<Params>['verify']>[0],
  plan: Plan,
): ReturnType<Fix<Params>['verify']> {
  const { namespace, restart } = payloadOf<Payload>(plan.payload)
  if (restart) yield* watchRollout(context, { namespace, ref: restart.ref })
  else yield { state: 'done', message: 'The secret is written' }
}

/** Makes a new value on the server; the former one stays reachable under `previous`. */
export const rotateSecret: Fix<Params> = {
  id: 'kubernetes.rotate-secret',
  title: 'Rotate a secret',
  effect: 'write',
  several: true,
  severalWrites: true,
  needs: 'fix:run',
  risk: 'high',
  params,
  starts: ['kubectl create'],
  recognise,
  kubectl: (p) =>
    `kubectl create secret generic ${p.name} --from-literal=${p.key}=<generated> -n ${p.namespace} --dry-run=client -o yaml | kubectl replace -f -${p.restart ? `\nkubectl rollout restart ${p.restart} -n ${p.namespace}` : ''}`,
  plan: (context, p) => planFor(context, p, false),
  apply: (context, plan) => write(context, plan, false),
  verify,
  undo(plan) {
    const { namespace, name, key, restart } = payloadOf<Payload>(plan.payload)
    return {
      operation: 'kubernetes.restore-secret',
      params: { namespace, name, key, ...(restart ? { restart: restart.ref } : {}) },
    }
  },
}

/** Swaps `previous` back into place: the undo of a rotation. */
export const restoreSecret: Fix<Params> = {
  id: 'kubernetes.restore-secret',
  title: 'Put the former value of a secret back',
  effect: 'write',
  severalWrites: true,
  needs: 'fix:run',
  risk: 'high',
  params,
  starts: [],
  recognise: () => undefined,
  kubectl: (p) =>
    `kubectl get secret ${p.name} -n ${p.namespace} -o yaml   # then swap ${p.key} and previous, and kubectl replace -f`,
  plan: (context, p) => planFor(context, p, true),
  apply: (context, plan) => write(context, plan, true),
  verify,
}
