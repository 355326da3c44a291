import 'server-only'
import { z } from 'zod'
import { fail, ok, type Result } from '@/lib/core/result'
import type { ReadContext } from '@/lib/operations/types'
import type { Command, KubectlCommand, ResourceArgument } from '@/lib/runbooks/command'
import { readKubectl } from '@/lib/runbooks/kubectl'
import { UNKNOWN_GROUP } from '@/lib/runbooks/kubectl-resources'
import { requestsOf } from '@/lib/runbooks/requests'
import type { DiscoveredType, ResourceType } from '@/lib/targets/types'

/**
 * A kubectl command as its words, placeholders and all: operations of this folder stand for whatever kubectl itself
 * could do with them. The words were told apart when the runbook was compiled; what a person fills in stays inside its
 * word.
 */
export const line = z.object({
  words: z.array(z.string().max(8_192)).min(1).max(200),
  stdin: z.string().max(262_144).optional(),
})
export type Line = z.infer<typeof line>

/** The words of a single kubectl command with one of these verbs, when it is known what it sends. */
export function lineOf(commands: readonly Command[], verbs: ReadonlySet<string>): Line | undefined {
  const [command, ...more] = commands
  if (command?.program !== 'kubectl' || more.length > 0 || command.filters.length > 0) return undefined
  const verb =
    command.subverb && verbs.has(`${command.verb} ${command.subverb}`) ? true : verbs.has(command.verb)
  if (!verb || 'manual' in requestsOf(command)) return undefined
  return {
    words: command.argv.slice(1),
    ...(command.stdin === undefined ? {} : { stdin: command.stdin }),
  }
}

/** How lines with these verbs (`rollout undo` is one) begin. */
export function startsOf(verbs: Iterable<string>): string[] {
  return Array.from(verbs, (verb) => `kubectl ${verb.split(' ')[0]}`)
}

/** The line a person would type. */
export function typedLine({ words }: Partial<Line>): string {
  const quoted = (word: string) =>
    /^[\w@%+=:,./<>-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
  return ['kubectl', ...(words ?? []).map(quoted)].join(' ')
}

/**
 * The command of a line with everything filled in. Errors (invalid_input): a value that would read as a flag, and what
 * kubectl itself would refuse of the whole, such as a number that is none or a kind without a name.
 */
export function commandOf(given: Line): Result<KubectlCommand> {
  const read = readKubectl(given.words)
  if ('manual' in read) return fail('invalid_input', read.manual)
  const open = given.words.find((word) => /<[A-Za-z][\w.-]*>/.test(word))
  if (open !== undefined) return fail('invalid_input', `Nothing was filled in for ${open}.`)
  const { innerArgv, ...command } = read
  const whole: KubectlCommand = {
    ...command,
    ...(innerArgv
      ? {
          inner: {
            program: 'other',
            name: innerArgv[0] ?? '',
            argv: innerArgv,
            filters: [],
            text: innerArgv.join(' '),
          },
        }
      : {}),
    ...(given.stdin === undefined ? {} : { stdin: given.stdin }),
  }
  const sent = requestsOf(whole)
  return 'manual' in sent ? fail('invalid_input', sent.manual) : ok(whole)
}

/**
 * The types of an argument on this cluster: a built-in one is known, any other is looked up by its name. Error:
 * not_found when the cluster serves nothing of that name.
 */
export async function typesOn(
  context: Pick<ReadContext, 'cluster'>,
  argument: ResourceArgument,
): Promise<Result<ResourceType[]>> {
  const { type } = argument
  if (type && !type.custom) return ok([type])
  const served = await context.cluster.types()
  if (!served.ok) return served
  if (argument.kind === 'All')
    return ok(served.value.filter((one) => one.categories.includes('all') && one.verbs.includes('list')))
  if (!type) return fail('invalid_input', `${argument.kind} is no resource.`)
  const written = type.group === UNKNOWN_GROUP ? undefined : type.group
  const names = [type.plural, type.kind.toLowerCase()]
  const fits = (one: DiscoveredType) =>
    names.some((name) => one.names.includes(name)) &&
    (written === undefined || one.group === written || one.group.startsWith(`${written}.`))
  const found = served.value.find(fits)
  return found
    ? ok([found])
    : fail('not_found', `this cluster serves no resource "${type.plural}"`, {
        hint: 'Is the operator that brings it installed here, and may this account see it?',
      })
}
