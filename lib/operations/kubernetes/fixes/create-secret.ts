import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { kubectl } from '@/lib/operations/commands'
import { type Fix, type Json, RUN_ANNOTATION } from '@/lib/operations/types'
import { type Command, type KubectlCommand, placeholdersIn } from '@/lib/runbooks/command'
import { requestsOf } from '@/lib/runbooks/requests'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { payloadOf } from './rollout'

/** Keys of a Secret: letters, digits, dash, underscore and dot (API reference, Secret.data). */
const key = z
  .string()
  .regex(/^[\w.-]{1,253}$/, 'A key has letters, digits, dashes, dots and underscores only.')
const params = z.object({
  namespace: z.string(),
  name: z.string(),
  /** Kubernetes' type of the Secret; Opaque when absent. */
  type: z.string().max(253).optional(),
  /** Keys whose values are asked for when it is pressed. */
  keys: z.array(key).max(20),
  /** Of a registry only the password is asked for. */
  registry: z.object({ server: z.string(), username: z.string(), email: z.string().optional() }).optional(),
})
type Params = z.infer<typeof params>

const DOCKER_CONFIG = 'kubernetes.io/dockerconfigjson'
/** kubectl's own, when --docker-server is absent. */
const DOCKER_HUB = 'https://index.docker.io/v1/'
/** Flags whose value is asked for, or without meaning here. */
const KNOWN = new Set(
  'from-literal type docker-server docker-username docker-password docker-email'.split(' '),
)

function texts(command: KubectlCommand, flag: string): string[] {
  const value = command.flags[flag]
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value : []
}

/** The command when it makes a Secret of values that are typed in, not of files. */
function creation(commands: readonly Command[]): (Command & KubectlCommand) | undefined {
  const command = kubectl(commands, 'create', 'secret')
  const odd = command && Object.keys(command.flags).some((flag) => !KNOWN.has(flag))
  return command && !odd && command.filters.length === 0 && 'requests' in requestsOf(command)
    ? command
    : undefined
}

/** Of a registry only the password is secret. */
function askedFor({ registry, keys = [] }: Partial<Params>): string[] {
  return registry ? ['password'] : keys
}

/** Makes a Secret of values that whoever presses it types in. They are sent to the cluster and kept nowhere else. */
export const createSecret: Fix<Params> = {
  id: 'kubernetes.create-secret',
  title: 'Create a secret',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  params,
  starts: ['kubectl create'],
  recognise(commands) {
    const command = creation(commands)
    const [kind, name] = command?.resources.map((one) => one.name) ?? []
    if (!command || !name) return undefined
    const base = { namespace: command.namespace ?? 'default', name }
    if (kind === 'docker-registry') {
      const [username] = texts(command, 'docker-username')
      const [email] = texts(command, 'docker-email')
      if (username === undefined) return undefined
      const server = texts(command, 'docker-server')[0] ?? DOCKER_HUB
      return { ...base, keys: [], registry: { server, username, ...(email === undefined ? {} : { email }) } }
    }
    const keys = texts(command, 'from-literal').map((pair) => pair.slice(0, pair.indexOf('=')))
    const [type] = texts(command, 'type')
    const odd = keys.some((one) => !key.safeParse(one).success) || new Set(keys).size < keys.length
    if (kind !== 'generic' || keys.length === 0 || odd) return undefined
    return { ...base, keys: keys.sort(), ...(type === undefined ? {} : { type }) }
  },
  asks: askedFor,
  asksFor(commands) {
    const command = creation(commands)
    if (!command) return []
    const values = [
      ...texts(command, 'from-literal').map((pair) => pair.slice(pair.indexOf('=') + 1)),
      ...texts(command, 'docker-password'),
    ]
    return values.flatMap(placeholdersIn)
  },
  kubectl(p) {
    const made = p.registry
      ? `docker-registry ${p.name} --docker-server=${p.registry.server} --docker-username=${p.registry.username} --docker-password=<password>${p.registry.email === undefined ? '' : ` --docker-email=${p.registry.email}`}`
      : `generic ${p.name}${p.type === undefined ? '' : ` --type=${p.type}`}${p.keys.map((one) => ` --from-literal=${one}=<value-of-${one.toLowerCase().replaceAll('_', '-')}>`).join('')}`
    return `kubectl create secret ${made} -n ${p.namespace}`
  },
  async plan(context, p) {
    const there = await context.cluster.get(RESOURCE.Secret, p.name, p.namespace)
    if (there.ok)
      return fail(
        'precondition_failed',
        `The secret ${p.name} is there already; creating it again is refused.`,
        {
          hint: 'Rotate it, or delete it first if nothing uses it.',
        },
      )
    if (there.error.code !== 'not_found') return there
    const asks = askedFor(p)
    const dry = await context.dryRun.dryCreate(
      RESOURCE.Secret,
      p.namespace,
      secretOf(p, Object.fromEntries(asks.map((one) => [one, 'x'])), 'preview'),
    )
    if (!dry.ok) return dry
    return ok({
      act: `Create ${p.name}`,
      target: { kind: 'Secret', namespace: p.namespace, name: p.name },
      changes: [
        {
          type: 'list' as const,
          title: `Keys of ${p.name}, values are never shown`,
          items: p.registry ? [`.dockerconfigjson, for ${p.registry.server}`] : p.keys,
        },
      ],
      touches: [],
      warnings: [
        {
          level: 'info' as const,
          text: 'What you type goes to the cluster only: it is in no journal, no preview and no log.',
        },
      ],
      asks,
      undo: { possible: true, text: `Delete ${p.name} again.` },
      confirmName: p.name,
      bindings: [],
      payload: p as unknown as Json,
    })
  },
  async apply(context, plan) {
    const p = payloadOf<Params>(plan.payload)
    const missing = askedFor(p).find((one) => !Object.hasOwn(context.secrets, one) || !context.secrets[one])
    if (missing !== undefined) return fail('invalid_input', `The value of ${missing} is missing.`)
    const at = context.now().toISOString()
    const made = await context.cluster.create(
      RESOURCE.Secret,
      p.namespace,
      secretOf(p, context.secrets, context.runId),
    )
    return made.ok ? ok({ summary: `Secret ${p.name} created`, at, payload: {} }) : made
  },
  async *verify(context, plan) {
    const p = payloadOf<Params>(plan.payload)
    const found = await context.cluster.get(RESOURCE.Secret, p.name, p.namespace)
    if (!found.ok) return yield { state: 'unknown', message: found.error.message }
    const keys = Object.keys(found.value.data ?? {})
    const wanted = p.registry ? ['.dockerconfigjson'] : p.keys
    const missing = wanted.filter((one) => !keys.includes(one))
    yield missing.length > 0
      ? { state: 'failed', message: `${p.name} lacks ${missing.join(', ')}` }
      : { state: 'done', message: `${p.name} has ${keys.join(', ')}` }
  },
  undo(plan) {
    const { namespace, name } = payloadOf<Params>(plan.payload)
    return {
      operation: 'kubernetes.delete-object',
      params: { words: ['delete', 'secret', name, '-n', namespace] },
    }
  },
}

/** The object that kubectl would send. */
function secretOf(p: Params, values: Readonly<Record<string, string>>, runId: string): KubeObject {
  const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
  const metadata = { name: p.name, namespace: p.namespace, annotations: { [RUN_ANNOTATION]: runId } }
  if (!p.registry)
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      ...(p.type === undefined ? {} : { type: p.type }),
      data: Object.fromEntries(p.keys.map((one) => [one, base64(values[one] ?? '')])),
    }
  const { server, username, email } = p.registry
  const password = values.password ?? ''
  const entry = {
    username,
    password,
    ...(email === undefined ? {} : { email }),
    auth: base64(`${username}:${password}`),
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: DOCKER_CONFIG,
    data: { '.dockerconfigjson': base64(JSON.stringify({ auths: { [server]: entry } })) },
  }
}
