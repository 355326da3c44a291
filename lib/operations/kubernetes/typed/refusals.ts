import { type Command, type KubectlCommand, placeholdersIn } from '@/lib/runbooks/command'
import { manifestsOf } from '@/lib/runbooks/requests/creates'
import { flag } from '@/lib/runbooks/requests/place'
import { yamlValue } from '@/lib/runbooks/requests/yaml'

/** Whether workloads are scaled to nothing, by `scale` or by a patch of their replicas. */
export function stops(commands: readonly Command[]): boolean {
  return commands.some((command) => {
    if (command.program !== 'kubectl') return false
    if (command.verb === 'scale') return Number(flag(command, 'replicas')) === 0
    return command.verb === 'patch' && replicasIn(yamlValue(flag(command, 'patch') ?? '')).includes(0)
  })
}

/** The replicas that a patch sets, of each of its three kinds. */
function replicasIn(patch: unknown): number[] {
  if (Array.isArray(patch))
    return patch.flatMap((one: { path?: unknown; value?: unknown }) =>
      one?.path === '/spec/replicas'
        ? [Number(one.value)]
        : one?.path === '/spec'
          ? replicasIn({ spec: one.value })
          : [],
    )
  const { spec } = (patch ?? {}) as { spec?: { replicas?: unknown } }
  return spec && typeof spec === 'object' && 'replicas' in spec ? [Number(spec.replicas)] : []
}

/** A change of every namespace at once is more than anybody can look through. */
export function everywhere(commands: readonly Command[]): boolean {
  return commands.some((command) => command.program === 'kubectl' && command.allNamespaces)
}

/** Values of secrets are in no plan and no journal; a line that writes them is for a person. */
export function aboutSecret(commands: readonly Command[]): boolean {
  return commands.some(
    (command) =>
      command.program === 'kubectl' &&
      ((command.verb !== 'delete' && command.resources.some((one) => one.kind === 'Secret')) ||
        (command.verb === 'create' && /^(secret|token)$/.test(command.subverb ?? '')) ||
        (command.stdin !== undefined && holdsSecret(command))),
  )
}

/** Whether a manifest holds a Secret, or a kind that somebody fills in; one that cannot be read is taken for the worst. */
function holdsSecret(command: KubectlCommand): boolean {
  const objects = manifestsOf({ ...command, flags: { ...command.flags, filename: '-' } })
  if ('manual' in objects) return /secret/i.test(command.stdin ?? '')
  return objects.some(({ body }) => {
    const { kind } = body as { kind?: unknown }
    return kind === 'Secret' || placeholdersIn(String(kind)).length > 0
  })
}
