import 'server-only'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { only } from '@/lib/operations/commands'
import { isRunning } from '@/lib/operations/resolve-pods'
import type { Check, ReadContext } from '@/lib/operations/types'
import { isPlaceholder } from '@/lib/runbooks/command'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { workloadOf } from '@/lib/verdicts/pods'
import { decodeToken, judgeAcceptance, judgeToken } from '@/lib/verdicts/token'
import { askPods } from './ask-pods'
import { podsBehind, resolveHost } from './resolve-host'

const params = z.object({ host: z.string(), port: z.number().int(), path: z.string() })

/** HMAC algorithms of RFC 7518, 3.2. */
const HASHES: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

interface Keys {
  current: string
  previous?: string
}

/** The signing keys of jwt-secret beside the service. They are used here and never leave this function's caller. */
async function keysOf(context: ReadContext, namespace: string): Promise<Keys | undefined> {
  const secret = await context.cluster.get(RESOURCE.Secret, 'jwt-secret', namespace)
  if (!secret.ok) return undefined
  const value = (key: string) =>
    Buffer.from(String(secret.value.data?.[key] ?? ''), 'base64').toString('utf8')
  return { current: value('secret'), ...(value('previous') ? { previous: value('previous') } : {}) }
}

function sign(text: string, key: string, hash: string): Buffer {
  return createHmac(hash, key).update(text).digest()
}

/** A token of our own: signed with the current key, valid for a minute, for nobody. */
function probe(key: string, now: Date): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const at = Math.floor(now.getTime() / 1000)
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: 'crashcart-probe', iat: at, nbf: at - 5, exp: at + 60 })}`
  return `${text}.${sign(text, key, 'sha256').toString('base64url')}`
}

function signatureOf(
  token: string,
  alg: unknown,
  keys: Keys | undefined,
): 'good' | 'previous' | 'bad' | 'unchecked' {
  const hash = HASHES[String(alg)]
  if (!hash || !keys) return 'unchecked'
  const [head = '', body = '', signature = ''] = token.split('.')
  const given = Buffer.from(signature, 'base64url')
  const matches = (key: string | undefined) => {
    if (!key) return false
    const expected = sign(`${head}.${body}`, key, hash)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
  return matches(keys.current) ? 'good' : matches(keys.previous) ? 'previous' : 'bad'
}

/** A person's token, or without one a probe signed with the current key: is it sound, and do the pods take it. */
export const token: Check<z.infer<typeof params>> = {
  id: 'http.token',
  title: 'Try a token',
  effect: 'read',
  params,
  starts: ['curl'],
  recognise(commands) {
    const command = only(commands)
    if (command?.program !== 'curl' || command.method !== 'GET' || command.filters.length > 0)
      return undefined
    const bearer = /^Bearer (\S+)$/i.exec(
      command.headers.authorization ?? command.headers.Authorization ?? '',
    )?.[1]
    if (!bearer || !isPlaceholder(bearer)) return undefined
    try {
      const url = new URL(command.url)
      return { host: url.hostname, port: Number(url.port || 80), path: url.pathname }
    } catch {
      return undefined
    }
  },
  kubectl: (p) =>
    `curl -H "Authorization: Bearer <token>" http://${p.host}${p.port === 80 ? '' : `:${p.port}`}${p.path}`,
  inputs: () => [
    {
      name: 'token',
      label: 'Token to try',
      type: 'secret',
      required: false,
      help: 'Left empty, a probe signed with the current key is tried. The token is neither stored nor logged.',
    },
  ],
  async run(context, p) {
    const resolved = await resolveHost(context, p.host, p.port)
    if (!resolved.ok) return couldNotLook(resolved.error)
    const behind = await podsBehind(context, resolved.value)
    if (!behind.ok) return couldNotLook(behind.error)
    const running = behind.value.filter((one) => isRunning(one.pod))
    const given = context.secrets.token?.trim()
    // Behind an Ingress stands a gateway; the key lives with the application, so its namespace is looked for as well.
    const keys =
      (await keysOf(context, resolved.value.namespace)) ?? (await keysOf(context, 'backend-services'))
    const decoded = given ? decodeToken(given) : undefined
    if (given && !decoded)
      return conclude({
        findings: [
          {
            severity: 'fail',
            code: 'token.malformed',
            title: 'This is not a JWT: it has not three parts of Base64URL',
            evidence: [],
            remedies: [],
          },
        ],
        healthy: '',
      })
    if (!given && !keys)
      return couldNotLook({
        code: 'precondition_failed',
        message: 'jwt-secret could not be read, so no probe can be signed',
        hint: 'Enter a token to try, or allow get on this secret.',
        retryable: false,
      })
    const text = given ?? probe(keys?.current ?? '', context.now())
    const asked = await askPods(context, running, p.path, { authorization: `Bearer ${text}` })
    if (asked.error && asked.answers.length === 0) return couldNotLook(asked.error)
    const first = behind.value[0]?.pod
    const acceptance = judgeAcceptance(asked.answers, !given, first ? workloadOf(first) : undefined)
    const sound =
      given && decoded
        ? judgeToken(decoded, signatureOf(given, decoded.header.alg, keys), context.now())
        : undefined
    if (asked.answers.length === 0)
      acceptance.push({
        severity: 'unknown',
        code: 'token.no-pods',
        title: `There is no pod behind ${p.host} to ask`,
        evidence: [],
        remedies: [],
        explainedBy: ['workload.scaled-to-zero', 'service.selector'],
      })
    if (asked.error && asked.answers.length > 0)
      acceptance.push({
        severity: 'unknown',
        code: `unknown.${asked.error.code}`,
        title: `Could not ask every pod: ${asked.error.message}`,
        evidence: [],
        remedies: [],
      })
    const taken = asked.answers.filter((one) => (one.status ?? 500) < 400).length
    return conclude({
      findings: [...(sound?.findings ?? []), ...acceptance],
      healthy: given
        ? `The token is sound and ${taken} of ${asked.answers.length} pods take it`
        : `${taken} of ${asked.answers.length} pods take a token signed with the current key`,
      figure: `token taken by ${taken} of ${asked.answers.length}`,
      read: `${asked.answers.length} pods`,
      views: [
        ...(sound ? [sound.facts] : []),
        {
          type: 'table',
          columns: [
            { key: 'pod', label: 'Pod' },
            { key: 'answer', label: 'Answer' },
          ],
          rows: asked.answers.slice(0, 100).map((one) => ({
            pod: { text: one.from, mono: true },
            answer:
              one.status === undefined
                ? { text: one.error ?? 'none', tone: 'unknown' as const }
                : {
                    text: `HTTP ${one.status}`,
                    tone: one.status < 400 ? ('pass' as const) : ('fail' as const),
                  },
          })),
        },
      ],
    })
  },
}
