import 'server-only'
import { appError } from '@/lib/core/errors'
import { redactDeep } from '@/lib/core/redact'
import type { Check } from '@/lib/operations/types'
import { placeholdersIn } from '@/lib/runbooks/command'
import { flag } from '@/lib/runbooks/requests/place'
import { whyNotAsked } from '@/lib/targets/cluster/raw-path'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import type { Finding } from '@/lib/verdicts/types'
import { commandOf, type Line, line, lineOf, startsOf, typedLine } from './line'

const VERBS = new Set(['get'])
/** Lines of the API server's health endpoints that name what is not well (kubernetes.io/docs/reference/using-api/health-checks). */
const UNWELL = /^\[-\]\s*(.+)$/

/** An answer with passwords in objects hidden; as it came where there are none. */
function withoutSecrets(body: string): string {
  if (!/^\s*[{[]/.test(body)) return body
  try {
    const value: unknown = JSON.parse(body)
    const clean = JSON.stringify(redactDeep(value))
    return clean === JSON.stringify(value) ? body : `${clean}\n`
  } catch {
    // Cut short or not JSON: the text is redacted as every other.
    return body
  }
}

/** `kubectl get --raw PATH`: what the API server answers to a plain GET. */
export const askServer: Check<Line> = {
  id: 'kubernetes.ask-server',
  title: 'Ask the API server for a path',
  effect: 'read',
  prints: true,
  namesOnly: true,
  params: line,
  starts: startsOf(VERBS),
  recognise(commands) {
    const [command] = commands
    if (command?.program !== 'kubectl') return undefined
    const path = flag(command, 'raw')
    if (path === undefined) return undefined
    // A name may be left open, a part of a path that decides what is asked for may not.
    const example = placeholdersIn(path).reduce((text, name) => text.replaceAll(`<${name}>`, 'x'), path)
    return whyNotAsked(example) === undefined ? lineOf(commands, VERBS) : undefined
  },
  kubectl: typedLine,
  async run(context, given) {
    const command = commandOf(given)
    if (!command.ok) return couldNotLook(command.error)
    const path = flag(command.value, 'raw') ?? ''
    const answer = await context.cluster.rawGet(path)
    if (!answer.ok) return couldNotLook(answer.error)
    const { status, body, truncatedBytes } = answer.value
    // Who may not ask has not seen how the server is.
    if (status === 401 || status === 403)
      return couldNotLook(
        appError('forbidden', `the API server does not let this account ask for ${path.split('?')[0]}`),
      )
    const unwell = body.split('\n').flatMap((text) => UNWELL.exec(text)?.[1] ?? [])
    const findings: Finding[] =
      status < 400 && unwell.length === 0
        ? []
        : [
            {
              severity: 'fail',
              code: 'api-server.answer',
              title:
                unwell.length > 0
                  ? `The API server says that ${unwell[0]} is not well`
                  : `The API server answers ${status} to ${path.split('?')[0]}`,
              evidence: (unwell.length > 0 ? unwell : body.split('\n')).slice(0, 5),
              remedies: [],
            },
          ]
    return conclude({
      findings,
      healthy: `The API server answers ${status} to ${path.split('?')[0]}`,
      // What is refused kubectl writes to standard error, which no pipe reads.
      raw: [
        {
          label: path.slice(0, 120),
          text: withoutSecrets(body),
          truncatedBytes,
          ...(status < 400 ? {} : { aside: true }),
        },
      ],
    })
  },
}
