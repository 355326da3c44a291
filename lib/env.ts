import 'server-only'
import { z } from 'zod'
import { fail, ok, type Result } from '@/lib/core/result'

/** An empty variable counts as not set: that is what a blank line in a manifest means. */
const optional = z
  .string()
  .trim()
  .optional()
  .transform((value) => value || undefined)

const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  )

const schema = z.object({
  /** PostgreSQL connection string. `npm start` sets it to the embedded server unless it is given. */
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://'),
  /** Address people open in the browser, without a path. Sign-in redirects lead there. */
  NEXTAUTH_URL: z.url({ protocol: /^https?$/ }),
  /** Signs the session cookies. At least 32 characters; the same on all replicas. */
  NEXTAUTH_SECRET: z.string().min(32, 'must have at least 32 characters'),
  /** Context of the kubeconfig to work on. Not set: the practice cluster. */
  CRASHCART_CONTEXT: optional,
  /** Kubeconfig files, as kubectl reads them. Not set: ~/.kube/config, or the pod's service account. */
  KUBECONFIG: optional,
  /** Practice only: address of the practice cluster's control port (faults, reset). */
  CRASHCART_PRACTICE_URL: optional,
  /** Practice only: kubeconfig of the practice cluster. */
  CRASHCART_PRACTICE_KUBECONFIG: optional,
  /** OpenID Connect issuer, for example https://login.example.com/realms/ops. */
  CRASHCART_OIDC_ISSUER: optional,
  CRASHCART_OIDC_CLIENT_ID: optional,
  CRASHCART_OIDC_CLIENT_SECRET: optional,
  /** Word on the sign-in button: "Continue with Keycloak". */
  CRASHCART_OIDC_NAME: optional.transform((value) => value ?? 'single sign-on'),
  /** Scopes asked for. Some servers put groups into the ID token only when asked for `groups`. */
  CRASHCART_OIDC_SCOPE: optional.transform((value) => value ?? 'openid profile email'),
  /** Claim of the ID token that holds a person's groups: a name, or a path with dots. */
  CRASHCART_OIDC_ROLE_CLAIM: optional.transform((value) => value ?? 'groups'),
  /** Claim values that make an admin, an approver, a responder: lists with commas. Anyone else is a viewer. */
  CRASHCART_ROLES_ADMIN: list,
  CRASHCART_ROLES_APPROVER: list,
  CRASHCART_ROLES_RESPONDER: list,
  /** How much is logged. */
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

export type Env = z.infer<typeof schema>

const NAMES = Object.keys(schema.shape)

/**
 * Reads settings.
 * @param source variables by name
 * @returns the settings, or `invalid_input` with one sentence that names every wrong variable (never its value)
 */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Result<Env> {
  const parsed = schema.safeParse(source)
  if (parsed.success) return ok(parsed.data)
  const wrong = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return source[name] === undefined ? `${name} is not set` : `${name}: ${issue.message}`
  })
  return fail(
    'invalid_input',
    `Crashcart cannot start with these settings. ${[...new Set(wrong)].join('; ')}.`,
  )
}

let kept: { key: string; value: Env } | undefined

/** The settings of this process, parsed at the first call. Throws with a sentence when they are wrong. */
export function env(): Env {
  // Compared on every call because tests point a process at another database.
  const key = NAMES.map((name) => process.env[name]).join('\u0000')
  if (kept?.key !== key) {
    const read = readEnv(process.env)
    if (!read.ok) throw new Error(read.error.message)
    kept = { key, value: read.value }
  }
  return kept.value
}

/** True when no cluster is named: then Crashcart works on the practice cluster, with demo accounts. */
export function isPractice(settings: Pick<Env, 'CRASHCART_CONTEXT'> = env()): boolean {
  return settings.CRASHCART_CONTEXT === undefined
}

/**
 * What must hold before the server starts. On a real cluster there are no demo accounts, so it needs
 * single sign-on.
 * @returns the settings, or one sentence that says what to set
 */
export function checkSettings(
  source: Readonly<Record<string, string | undefined>> = process.env,
): Result<Env> {
  const read = readEnv(source)
  if (!read.ok || isPractice(read.value)) return read
  const needed = [
    'CRASHCART_OIDC_ISSUER',
    'CRASHCART_OIDC_CLIENT_ID',
    'CRASHCART_OIDC_CLIENT_SECRET',
  ] as const
  const absent = needed.filter((name) => read.value[name] === undefined)
  if (absent.length > 0) {
    return fail(
      'precondition_failed',
      `CRASHCART_CONTEXT names a real cluster (${read.value.CRASHCART_CONTEXT}), so people must sign in: set ${absent.join(', ')}, or unset CRASHCART_CONTEXT to practise.`,
    )
  }
  const { protocol, hostname } = new URL(read.value.NEXTAUTH_URL)
  if (protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    return fail(
      'precondition_failed',
      'NEXTAUTH_URL must begin with https:// when Crashcart works on a real cluster, or sessions can be read on the way.',
    )
  }
  return read
}
