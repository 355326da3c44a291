import 'server-only'
import { z } from 'zod'
import { log } from '@/lib/core/log'
import { redact } from '@/lib/core/redact'
import { fail, ok } from '@/lib/core/result'
import { containerOf, resolvePods } from '@/lib/operations/resolve-pods'
import type { Check, Fix, ReadContext } from '@/lib/operations/types'
import { type Filter, type KubectlCommand, placeholdersIn } from '@/lib/runbooks/command'
import { applyFilters, writeFilters } from '@/lib/runbooks/filters'
import { mayRead } from '@/lib/targets/exec-allow-list'
import type { ExecAnswer } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import type { RawText } from '@/lib/verdicts/types'
import { bind } from '../fixes/bind'
import { commandOf, type Line, line, lineOf, startsOf, typedLine } from './line'

const VERBS = new Set(['exec', 'rsh'])

/** Programs that run what they are given: a word that somebody fills in could become a command there. */
const RUNS_ANYTHING =
  /^(ba|da|z|k|a|c|tc|fi)?sh$|^(env|xargs|sudo|su|nohup|timeout|nsenter|chroot|busybox|python[\d.]*|perl|ruby|node|php|lua|g?awk|find|ssh|nice|ionice|chrt|taskset|setsid|stdbuf|unshare|strace|script|expect|parallel|make|git)$/
/** What waits for somebody to type, or does not end by itself. */
const NEVER_ENDS = /^(socat|nc|ncat|netcat|telnet|vi|vim|nano|less|more|top|htop|watch)$/

/** Whether what somebody fills in could become a program. */
export function isOpenProgram(argv: readonly string[]): boolean {
  const program = argv[0]?.split('/').at(-1) ?? ''
  return (RUNS_ANYTHING.test(program) ? argv : argv.slice(0, 1)).some(
    (word) => placeholdersIn(word).length > 0,
  )
}

/** Whether the very words of an argv are all that happens, and may be shown to whoever approves them. */
function isPlainToSee(argv: readonly string[]): boolean {
  const program = argv[0]?.split('/').at(-1) ?? ''
  return !isOpenProgram(argv) && !NEVER_ENDS.test(program) && !printsEnvironment(program, argv.slice(1))
}

/** All variables of a container, passwords among them; `env NAME=value program` is a program. */
function printsEnvironment(program: string, words: readonly string[]): boolean {
  if (program === 'printenv') return words.length === 0
  return program === 'env' && words.every((word) => word.startsWith('-') || word.includes('='))
}

/** What is filled in makes up a name, whole or in parts: `<pod>`, `<service>.<namespace>.svc`, `@<server>`. */
const OPEN_NAME = /^@?[A-Za-z0-9<][\w.<>-]*$/

/**
 * Words with a name in place of the placeholders that make up a name; any other open word is left as it is, and so is
 * refused. What is filled in is looked at again, by the same list, when it is sent.
 */
function withNames(argv: readonly string[]): string[] {
  return argv.map((word) =>
    OPEN_NAME.test(word)
      ? placeholdersIn(word).reduce((text, name) => text.replaceAll(`<${name}>`, 'name'), word)
      : word,
  )
}

/** A program may take its time, but not longer than the check around it. */
const LOOK_LIMIT_MS = 25_000

async function podFor(context: Pick<ReadContext, 'cluster'>, command: KubectlCommand) {
  const [target] = command.resources
  const namespace = command.namespace ?? 'default'
  const found = await resolvePods(
    context,
    target?.kind === 'Pod' && target.name
      ? { namespace, pod: target.name }
      : { namespace, workload: `${target?.kind.toLowerCase()}/${target?.name}` },
  )
  if (!found.ok) return found
  const [pod] = found.value.pods
  return pod ? ok(pod) : fail('not_found', `there is no pod ${target?.name ?? ''} in ${namespace}`)
}

/** A program in a pod that only looks: its output, and whether it ended well. */
export const execRead: Check<Line> = {
  id: 'kubernetes.exec-read',
  title: 'Look inside a container',
  effect: 'read',
  prints: true,
  params: line,
  starts: startsOf(VERBS),
  recognise(commands) {
    const [command] = commands
    if (command?.program !== 'kubectl' || !command.inner) return undefined
    // A placeholder may stand for a name, never for what decides whether this reads.
    return mayRead(withNames(command.inner.argv)) ? lineOf(commands, VERBS) : undefined
  },
  kubectl: typedLine,
  async run(context, given) {
    const command = commandOf(given)
    if (!command.ok) return couldNotLook(command.error)
    const pod = await podFor(context, command.value)
    if (!pod.ok) return couldNotLook(pod.error)
    const argv = command.value.inner?.argv ?? []
    const answer = await context.cluster.exec({
      namespace: pod.value.metadata.namespace ?? '',
      pod: pod.value.metadata.name,
      container: command.value.container ?? containerOf(pod.value),
      argv,
      timeoutMs: LOOK_LIMIT_MS,
    })
    if (!answer.ok) return couldNotLook(answer.error)
    const { stderr, exitCode } = answer.value
    return conclude({
      findings:
        exitCode === 0
          ? []
          : [
              {
                severity: 'fail',
                code: 'exec.exit-code',
                title: `${argv[0]} in ${pod.value.metadata.name} ended with code ${exitCode}`,
                evidence: stderr.split('\n').slice(0, 5).filter(Boolean),
                remedies: [],
              },
            ],
      healthy: `${argv[0]} in ${pod.value.metadata.name} ended well`,
      read: pod.value.metadata.name,
      raw: printedBy(argv, answer.value, command.value.flags.tty === true),
    })
  },
}

/** What a program printed. A pipe reads its standard output only, unless a terminal takes both. */
function printedBy(argv: readonly string[], { stdout, stderr, truncatedBytes }: ExecAnswer, tty: boolean) {
  const label = argv.join(' ').slice(0, 120)
  const raw: RawText[] = []
  if (stdout !== '' || stderr === '') raw.push({ label, text: stdout, truncatedBytes })
  if (stderr !== '')
    raw.push({ label: `${label} (errors)`, text: stderr, truncatedBytes: 0, ...(tty ? {} : { aside: true }) })
  return raw
}

/** Characters of each text of a fix that are kept: they travel with the run. */
const KEPT = 16_000

/** What a program printed as it is kept with the run, with what the pipe behind it makes of it in front. */
async function keptOutput(
  argv: readonly string[],
  answer: ExecAnswer,
  tty: boolean,
  filters: readonly Filter[],
): Promise<RawText[]> {
  // Redacted before anything is cut, since a cut could part a secret from the name that gives it away.
  const raw = printedBy(argv, answer, tty).map((one) => ({ ...one, text: redact(one.text) }))
  if (filters.length > 0) {
    const text = raw.flatMap((one) => (one.aside ? [] : [one.text])).join('')
    // The program has run, whatever becomes of its output.
    const filtered = await applyFilters(text, filters).catch((cause: unknown) => {
      log.error({ err: cause, program: argv[0] }, 'The filters of a fix broke')
      return fail('internal', 'a filter broke; the server log says where')
    })
    const label = writeFilters(filters)
    raw.unshift(
      filtered.ok
        ? { label, text: redact(filtered.value.text), truncatedBytes: filtered.value.truncatedBytes }
        : { label, text: `Not filtered: ${filtered.error.message}`, truncatedBytes: 0 },
    )
  }
  return raw.map(({ label, text, truncatedBytes }) => ({
    label,
    text: text.slice(0, KEPT),
    truncatedBytes: truncatedBytes + Buffer.byteLength(text.slice(KEPT)),
  }))
}

const lineAndPipe = line.extend({
  filters: z
    .array(z.object({ program: z.string().max(100), argv: z.array(z.string().max(8_192)).max(200) }))
    .max(50)
    .optional(),
})

interface Payload {
  namespace: string
  pod: string
  container: string
  argv: string[]
  tty: boolean
  filters: Filter[]
}

/** Any other program in a pod: nobody here knows what it changes, so a second person looks at the very words. */
export const execAsTyped: Fix<z.infer<typeof lineAndPipe>> = {
  id: 'kubernetes.exec-as-typed',
  title: 'Run a program in a container',
  effect: 'write',
  needs: 'fix:run',
  risk: 'high',
  showsOutput: true,
  toldByStep: true,
  params: lineAndPipe,
  starts: startsOf(VERBS),
  recognise(commands) {
    const [command] = commands
    if (command?.program !== 'kubectl' || !command.inner) return undefined
    if (!isPlainToSee(command.inner.argv)) return undefined
    return lineOf(commands, VERBS)
  },
  kubectl: typedLine,
  async plan(context, given) {
    const command = commandOf(given)
    if (!command.ok) return command
    const pod = await podFor(context, command.value)
    if (!pod.ok) return pod
    const argv = command.value.inner?.argv ?? []
    const { name, namespace = '' } = pod.value.metadata
    const container = command.value.container ?? containerOf(pod.value)
    const { filters = [] } = given
    return ok({
      act: `Run ${argv[0]} in ${name}`,
      target: { kind: 'Pod', namespace, name },
      changes: [
        {
          type: 'list',
          title: `Words, as they are sent to ${container} in ${name}`,
          items: argv.slice(0, 100),
        },
        ...(filters.length > 0
          ? [
              {
                type: 'text' as const,
                title: 'What it prints is shown as this makes of it, here and not in the pod',
                text: writeFilters(filters),
              },
            ]
          : []),
      ],
      touches: [name],
      warnings: [
        {
          level: 'danger',
          text: 'What this program changes is known to whoever wrote the runbook, not to Crashcart.',
        },
      ],
      undo: { possible: false, text: 'Crashcart does not know what it changes, so it cannot take it back.' },
      confirmName: name,
      bindings: [bind({ ...pod.value, kind: 'Pod' }, { container })],
      payload: {
        namespace,
        pod: name,
        container,
        argv,
        tty: command.value.flags.tty === true,
        filters: filters.map((filter) => ({ ...filter })),
      },
    })
  },
  async apply(context, plan) {
    const { tty, filters, ...target } = plan.payload as unknown as Payload
    const at = context.now().toISOString()
    const answer = await context.cluster.execTyped(target)
    if (!answer.ok) return answer
    const { exitCode } = answer.value
    return ok({
      summary: `${target.argv[0]} ran in ${target.pod}`,
      at,
      payload: { exitCode },
      output: await keptOutput(target.argv, answer.value, tty, filters),
    })
  },
  async *verify(_context, plan, applied) {
    const { argv } = plan.payload as unknown as Payload
    const { exitCode } = applied.payload as { exitCode?: number }
    const message = `${argv[0]} ended with code ${exitCode}`
    if (exitCode === undefined) yield { state: 'unknown', message: `${argv[0]} may have run` }
    else yield { state: exitCode === 0 ? 'done' : 'failed', message }
  },
}
