import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand, ResourceArgument } from '@/lib/runbooks/command'
import { type NamedType, typeOf } from '@/lib/runbooks/kubectl-resources'
import { flag } from '@/lib/runbooks/requests/place'
import type { KubeObject, ResourceType } from '@/lib/targets/types'
import { typesOn } from './line'

const SELECTED_AT_MOST = 50

interface Named {
  type: ResourceType
  name: string
  namespace?: string
  object: KubeObject
}

/** The objects a command names, as they are. Errors: not_found for one that is not there; what reading returned. */
export async function named(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
): Promise<Result<Named[]>> {
  const all: Named[] = []
  // cordon and uncordon are about nodes without saying so.
  const nodes: ResourceArgument = { kind: 'Node', group: '', type: typeOf('nodes') as NamedType }
  const bare = command.resources.length === 0 && /^(un)?cordon$/.test(command.verb)
  for (const argument of bare ? [nodes] : command.resources) {
    if (argument.kind === 'Pair') continue
    const types = await typesOn(context, argument)
    if (!types.ok) return types
    const [type] = types.value
    if (!type) return fail('not_found', `this cluster serves no resource "${argument.kind}"`)
    const namespace = type.namespaced ? (command.namespace ?? 'default') : undefined
    if (argument.name === undefined) {
      const found = await selected(context, command, type, namespace)
      if (!found.ok) return found
      all.push(...found.value)
      continue
    }
    const object = await context.cluster.get(type, argument.name, namespace)
    if (!object.ok) return object
    all.push({
      type,
      name: argument.name,
      ...(namespace ? { namespace } : {}),
      object: { ...object.value, kind: object.value.kind ?? type.kind },
    })
  }
  return all.length > 0 ? ok(all) : fail('invalid_input', 'The line names no object.')
}

/** What a selector or --all means now. More than a person can look through is refused. */
async function selected(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
  type: ResourceType,
  namespace: string | undefined,
): Promise<Result<Named[]>> {
  if (command.allNamespaces) return fail('invalid_input', 'It would change objects of every namespace.')
  const fields = flag(command, 'field-selector')
  const listed = await context.cluster.list(type, {
    ...(namespace ? { namespace } : {}),
    ...(command.selector ? { labelSelector: command.selector } : {}),
    ...(fields ? { fieldSelector: fields } : {}),
  })
  if (!listed.ok) return listed
  if (listed.value.length === 0) return fail('precondition_failed', `There is no such ${type.kind} now.`)
  if (listed.value.length > SELECTED_AT_MOST)
    return fail(
      'precondition_failed',
      `That are ${listed.value.length} objects, more than the ${SELECTED_AT_MOST} that one fix may touch. Narrow the selector.`,
    )
  return ok(
    listed.value.map((object) => ({
      type,
      name: object.metadata.name,
      ...(object.metadata.namespace ? { namespace: object.metadata.namespace } : {}),
      object,
    })),
  )
}
