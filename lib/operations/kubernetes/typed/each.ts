import 'server-only'
import pLimit from 'p-limit'
import { z } from 'zod'
import { fail, ok, type Result } from '@/lib/core/result'
import type { Check, Fix, PlanContext, ReadContext } from '@/lib/operations/types'
import { type Command, type Filter, type KubectlCommand, placeholdersIn } from '@/lib/runbooks/command'
import { applyFilters, whyNot, writeFilters } from '@/lib/runbooks/filters'
import { printedText } from '@/lib/runbooks/filters/printed'
import { readKubectl } from '@/lib/runbooks/kubectl'
import { commandsOf, readXargs, type Xargs } from '@/lib/runbooks/language/xargs'
import { requestsOf } from '@/lib/runbooks/requests'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import type { CheckResult, Finding, View } from '@/lib/verdicts/types'
import { served } from './ask'
import { commandOf, line, lineOf, startsOf, typedLine } from './line'
import { typedLogs } from './logs'
import { planWrites } from './plan-writes'
import { read } from './read'
import { aboutSecret, everywhere } from './refusals'
import { sendWrites } from './send-writes'
import { watchWrites } from './watch-writes'
import { undoOf } from './way-back'
import { type Write, writesOf } from './writes'

const stage = z.object({ program: z.string().max(40), argv: z.array(z.string().max(8_192)).min(1).max(100) })
const params = line.extend({ filters: z.array(stage).max(20), xargs: stage })
type Each = z.infer<typeof params>

const CHANGES = new Set([
  'delete',
  'label',
  'annotate',
  'patch',
  'scale',
  'cordon',
  'uncordon',
  'certificate',
  'rollout restart',
  'rollout pause',
  'rollout resume',
])
const LOOKS = new Set(['get', 'describe', 'logs'])
/** What names objects that are changed, and what names things to look at. */
const NAMING = new Set(['get'])
const TELLING = new Set(['get', 'api-resources'])
/** Objects of one line; more than a person can look through is refused. */
const AT_MOST = 50
/** Looks of one line: a cluster serves some 100 types. */
const LOOKS_AT_MOST = 250
const LOOKS_AT_ONCE = 8
const SAID_AT_MOST = 3
const ROWS_AT_MOST = 200
/** What a name of the text may look like: bare, or as `-o name` prints it. */
const EXAMPLES = ['item1', 'pod/item1', 'deployment/item1']

/** Whether a command is one of these verbs, of which some have a second word. */
function isOneOf(command: KubectlCommand, verbs: ReadonlySet<string>): boolean {
  return verbs.has(command.verb) || verbs.has(`${command.verb} ${command.subverb}`)
}

/** `kubectl get … | … | xargs kubectl VERB …`: what is printed names what the verb is for. */
function eachOf(
  commands: readonly Command[],
  verbs: ReadonlySet<string>,
  sources: ReadonlySet<string>,
): Each | undefined {
  const [command, ...more] = commands
  if (command?.program !== 'kubectl' || !sources.has(command.verb) || more.length > 0) return undefined
  const last = command.filters.at(-1)
  const xargs = last && readXargs(last)
  if (!xargs) return undefined
  const filters = command.filters.slice(0, -1)
  // What a person fills in there would decide what is touched by more than its name.
  if (filters.some((one) => one.argv.some((word) => placeholdersIn(word).length > 0) || whyNot(one)))
    return undefined
  const source = lineOf([{ ...command, filters: [] }], sources)
  return source && understood(xargs, verbs) ? { ...source, filters, xargs: last } : undefined
}

/** Whether the command that xargs runs is one of these verbs, and kubectl would take it. */
function understood(xargs: Xargs, verbs: ReadonlySet<string>): boolean {
  return EXAMPLES.some((example) => {
    const made = commandsOf(xargs, example)
    if ('odd' in made || !made[0]) return false
    const one = readKubectl(made[0])
    if (
      'manual' in one ||
      one.flags.raw !== undefined ||
      !isOneOf(one, verbs) ||
      !('requests' in requestsOf(one))
    )
      return false
    const whole: Command = { ...one, argv: ['kubectl', ...made[0]], filters: [], text: '' }
    return !aboutSecret([whole]) && !everywhere([whole])
  })
}

/** What the line prints now, as the commands that xargs would run, each as its words, and what the look found amiss. */
async function commandsFor(
  context: ReadContext,
  given: Each,
): Promise<Result<{ commands: string[][]; absent: Finding[] }>> {
  const source = commandOf(given)
  if (!source.ok) return source
  const looked = await (source.value.verb === 'get' ? read : served).run(context, { words: given.words })
  const printed = printedText(looked)
  if ('failed' in printed) return fail('precondition_failed', printed.failed)
  if (printed.cutShort)
    return fail('precondition_failed', 'What is printed was cut short, so not all of it is known.')
  const filtered = await applyFilters(printed.text, given.filters as Filter[])
  if (!filtered.ok) return filtered
  const xargs = readXargs(given.xargs)
  if (!xargs) return fail('invalid_input', 'xargs is not understood here.')
  const made = commandsOf(xargs, filtered.value.text)
  if ('odd' in made) return fail('precondition_failed', made.odd)
  return ok({ commands: made, absent: looked.findings.filter((one) => one.code === 'absent') })
}

function typed(given: Partial<Each>): string {
  const { filters = [], xargs } = given
  return `${typedLine(given)} ${writeFilters(xargs ? [...filters, xargs] : filters)}`
}

/** The fix for what a line finds: planned for the names that are printed now. */
export const changeEach: Fix<Each> = {
  id: 'kubernetes.change-each',
  title: 'Change each object that is found',
  effect: 'write',
  needs: 'fix:run',
  risk: 'high',
  severalWrites: true,
  toldByStep: true,
  params,
  starts: startsOf([...NAMING]),
  recognise: (commands) => eachOf(commands, CHANGES, NAMING),
  kubectl: typed,
  async plan(context, given) {
    const writes = await writesFor(context, given)
    if (!writes.ok) return writes
    const plan = await planWrites(context, writes.value, 'Change')
    if (!plan.ok) return plan
    const verb = writes.value.every((one) => one.does === 'delete') ? 'Delete' : 'Change'
    return ok({ ...plan.value, act: plan.value.act.replace(/^Change/, verb) })
  },
  apply: sendWrites,
  verify: watchWrites,
  undo: undoOf('high'),
}

async function writesFor(context: PlanContext, given: Each): Promise<Result<Write[]>> {
  const made = await commandsFor(context, given)
  if (!made.ok) return made
  const writes: Write[] = []
  const [absent] = made.value.absent
  if (absent) return fail('not_found', absent.title)
  for (const words of made.value.commands) {
    const command = commandOf({ words })
    if (!command.ok) return command
    if (refused(command.value))
      return fail('forbidden', 'What is printed leads to something else than the line says.')
    const own = await writesOf(context, command.value)
    if (!own.ok) return own
    writes.push(...own.value)
    if (writes.length > AT_MOST)
      return fail(
        'precondition_failed',
        `That are more than the ${AT_MOST} objects that one fix may touch. Narrow what the line finds.`,
      )
  }
  return writes.length > 0
    ? ok(writes)
    : fail('precondition_failed', 'The line prints nothing now, so there is nothing to change.')
}

/** The kind comes out of the text with `-o name`: it may still not be a Secret's, nor every namespace be meant. */
function refused(command: KubectlCommand): boolean {
  const whole: Command = { ...command, argv: [], filters: [], text: '' }
  return (
    !isOneOf(command, CHANGES) ||
    aboutSecret([whole]) ||
    everywhere([whole]) ||
    !('requests' in requestsOf(command))
  )
}

/** The check of what a line finds: each object that is printed now is looked at. */
export const lookAtEach: Check<Each> = {
  id: 'kubernetes.look-at-each',
  title: 'Look at each object that is found',
  effect: 'read',
  params,
  starts: startsOf([...TELLING]),
  recognise: (commands) => eachOf(commands, LOOKS, TELLING),
  kubectl: typed,
  async run(context, given) {
    const made = await commandsFor(context, given)
    if (!made.ok) return couldNotLook(made.error)
    const { commands, absent } = made.value
    if (commands.length > LOOKS_AT_MOST)
      return couldNotLook({
        code: 'precondition_failed',
        message: `that are ${commands.length} commands, more than the ${LOOKS_AT_MOST} of one check`,
        retryable: false,
      })
    const few = pLimit(LOOKS_AT_ONCE)
    const results = await Promise.all(
      commands.map((words) => few(() => (isLogs(words) ? typedLogs : read).run(context, { words }))),
    )
    return together(results, absent)
  },
}

function isLogs(words: string[]): boolean {
  const command = commandOf({ words })
  return command.ok && command.value.verb === 'logs'
}

/** Several results as one, in their order. */
function together(results: readonly CheckResult[], absent: readonly Finding[]): CheckResult {
  const found = results.filter(hasSomething)
  const said = found.slice(0, SAID_AT_MOST).map((one) => one.summary)
  const more = found.length - said.length
  return conclude({
    findings: [...absent, ...results.flatMap((one) => one.findings)],
    healthy:
      results.length === 0
        ? 'The line prints nothing now'
        : found.length === 0
          ? 'Nothing of it exists'
          : `${said.join('; ')}${more > 0 ? `; and ${more} more without trouble` : ''}`,
    views: asOne(results.flatMap((one) => one.views)),
    raw: results.flatMap((one) => one.raw).slice(0, AT_MOST),
  })
}

/** Whether a look found anything: of a hundred types most have no object in a namespace. */
function hasSomething({ findings, views }: CheckResult): boolean {
  return findings.length > 0 || views.some((view) => view.type !== 'table' || view.rows.length > 0)
}

/** Tables of the same columns as one that says the kind of each row. */
function asOne(views: readonly View[]): View[] {
  const tables = views.filter((one) => one.type === 'table')
  const [first, ...rest] = tables
  const columns = JSON.stringify(first?.columns)
  if (!first || rest.length === 0 || tables.length < views.length) return views.slice(0, AT_MOST)
  if (rest.some((one) => JSON.stringify(one.columns) !== columns)) return views.slice(0, AT_MOST)
  const rows = tables.flatMap((one) => one.rows)
  const left = rows.length - ROWS_AT_MOST + tables.reduce((sum, one) => sum + (one.more ?? 0), 0)
  const kinds = new Set(rows.map((row) => row.kind?.text))
  return [
    {
      ...first,
      columns: kinds.size > 1 ? [{ key: 'kind', label: 'Kind' }, ...first.columns] : first.columns,
      rows: rows.slice(0, ROWS_AT_MOST),
      ...(left > 0 ? { more: left } : {}),
    },
  ]
}
