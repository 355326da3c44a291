import type { KubectlCommand, ResourceArgument } from '../command'
import { type NamedType, typeOfManifest } from '../kubectl-resources'

/** Namespace of a command: the one it names, else the context's own. */
export function namespaceOf(command: KubectlCommand): string {
  return command.namespace ?? 'default'
}

/** Where a command looks: undefined for every namespace. */
export function placeOf(command: KubectlCommand): string | undefined {
  return command.allNamespaces ? undefined : namespaceOf(command)
}

/** The full type of an argument. */
export function typeOfArgument(argument: ResourceArgument): NamedType {
  return argument.type ?? typeOfManifest(argument.group === '' ? 'v1' : `${argument.group}/v1`, argument.kind)
}

/** The arguments that name objects or types, without pairs and words. */
export function objectsOf(command: KubectlCommand): ResourceArgument[] {
  return command.resources.filter((one) => one.kind !== 'Pair' && one.kind !== 'Word')
}

/** `a=b` and `a-` at the end of label, annotate, set and taint. */
export function pairsOf(command: KubectlCommand): string[] {
  return command.resources.filter((one) => one.kind === 'Pair').map((one) => one.name ?? '')
}

/** The single text of a flag; the last one when it was given several times. */
export function flag(command: KubectlCommand, name: string): string | undefined {
  const value = command.flags[name]
  if (Array.isArray(value)) return value.at(-1)
  return typeof value === 'string' ? value : undefined
}

/** All texts of a flag that may be repeated or hold a list with commas. */
export function flagList(command: KubectlCommand, name: string): string[] {
  const value = command.flags[name]
  const all = Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
  return all.flatMap((one) => one.split(',')).filter(Boolean)
}

/** Whether a switch is on. */
export function isOn(command: KubectlCommand, name: string): boolean {
  return command.flags[name] === true || command.flags[name] === 'true'
}
