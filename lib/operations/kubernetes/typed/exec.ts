import 'server-only'
import { fail, ok } from '@/lib/core/result'
import { containerOf, resolvePods } from '@/lib/operations/resolve-pods'
import type { Check, Fix, ReadContext } from '@/lib/operations/types'
import { isPlaceholder, type KubectlCommand, placeholdersIn } from '@/lib/runbooks/command'
import { mayRead } from '@/lib/targets/exec-allow-list'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { bind } from '../fixes/bind'
import { commandOf, type Line, line, lineOf, startsOf, typedLine } from './line'

const VERBS = new Set(['exec', 'rsh'])

/** Programs that run what they are given: with them an argv is no longer all that happens. */
const RUNS_ANYTHING =
  /^(ba|da|z|k|a|c|tc|fi)?sh$|^(env|xargs|sudo|su|nohup|timeout|watch|nsenter|chroot|busybox|python[\d.]*|perl|ruby|node|php|lua|awk|find|ssh|socat|nc|ncat|netcat|telnet|vi|vim|nano|less|more|top|htop)$/

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
  params: line,
  starts: startsOf(VERBS),
  recognise(commands) {
    const [command] = commands
    if (command?.program !== 'kubectl' || !command.inner) return undefined
    // A placeholder may stand for a name, never for what decides whether this reads.
    const argv = command.inner.argv.map((word) => (isPlaceholder(word) ? 'name' : word))
    return mayRead(argv) ? lineOf(commands, VERBS) : undefined
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
    })
    if (!answer.ok) return couldNotLook(answer.error)
    const { stdout, stderr, exitCode, truncatedBytes } = answer.value
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
      raw: [{ label: argv.join(' ').slice(0, 120), text: stdout || stderr, truncatedBytes }],
    })
  },
}

/** Any other program in a pod: nobody here knows what it changes, so a second person looks at the very words. */
export const execAsTyped: Fix<Line> = {
  id: 'kubernetes.exec-as-typed',
  title: 'Run a program in a container',
  effect: 'write',
  needs: 'fix:run',
  risk: 'high',
  params: line,
  starts: startsOf(VERBS),
  recognise(commands) {
    const [command] = commands
    if (command?.program !== 'kubectl' || !command.inner) return undefined
    const program = command.inner.argv[0]?.split('/').at(-1) ?? ''
    if (RUNS_ANYTHING.test(program) || placeholdersIn(command.inner.argv[0] ?? '').length > 0)
      return undefined
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
    return ok({
      act: `Run ${argv[0]} in ${name}`,
      target: { kind: 'Pod', namespace, name },
      changes: [
        {
          type: 'list',
          title: `Words, as they are sent to ${container} in ${name}`,
          items: argv.slice(0, 100),
        },
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
      payload: { namespace, pod: name, container, argv },
    })
  },
  async apply(context, plan) {
    const target = plan.payload as { namespace: string; pod: string; container: string; argv: string[] }
    const at = context.now().toISOString()
    const answer = await context.cluster.execTyped(target)
    if (!answer.ok) return answer
    if (answer.value.exitCode !== 0)
      return fail(
        'precondition_failed',
        `${target.argv[0]} ended with code ${answer.value.exitCode}: ${(answer.value.stderr || answer.value.stdout).slice(0, 500)}`,
      )
    return ok({ summary: `${target.argv[0]} ran in ${target.pod}`, at, payload: {} })
  },
  async *verify(_context, plan) {
    const { argv } = plan.payload as { argv: string[] }
    yield { state: 'done', message: `${argv[0]} ended with code 0` }
  },
}
