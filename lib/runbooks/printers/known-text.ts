import { type KubectlCommand, placeholdersIn } from '../command'
import { flag, flagList, isOn } from '../requests/place'
import { printerOf } from '.'
import { canDescribe } from './describe'

/**
 * Why the text that kubectl prints for what only looks cannot be had here, in a few words; undefined when it can. Some
 * kinds of objects kubectl describes in words that are not known.
 */
export function whyNoText(command: KubectlCommand): string | undefined {
  const { verb, subverb, output, flags } = command
  switch (verb) {
    case 'get':
      return whyNoObjects(command)
    case 'describe':
      return whyNoDescription(command)
    case 'top':
      return oddIn(command, 'sort-by', ['cpu', 'memory'])
    case 'events':
      return output === undefined && flag(command, 'template') === undefined && !isOn(command, 'watch')
        ? oddIn(command, 'types', ['normal', 'warning'])
        : 'another output'
    case 'api-resources':
      return output === undefined || ['wide', 'name'].includes(output)
        ? oddIn(command, 'sort-by', ['name', 'kind'])
        : 'another output'
    case 'api-versions':
      return undefined
    case 'auth':
      return subverb === 'can-i' && flags.list === undefined ? undefined : 'a list of rights'
    case 'rollout':
      // A single revision is described.
      return ['status', 'history'].includes(subverb ?? '') &&
        output === undefined &&
        flags.revision === undefined &&
        flags.template === undefined
        ? undefined
        : 'another output'
    default:
      return `what kubectl ${verb} prints is not known`
  }
}

function whyNoDescription({ resources }: KubectlCommand): string | undefined {
  const odd = resources.find((one) => !one.type || !canDescribe(one.type))
  return odd && `how kubectl describes ${odd.kind} is not known`
}

/** Values that kubectl refuses; what is filled in later is looked at then. */
function oddIn(command: KubectlCommand, name: string, known: readonly string[]): string | undefined {
  const odd = flagList(command, name).find(
    (value) => !known.includes(value.toLowerCase()) && placeholdersIn(value).length === 0,
  )
  return odd === undefined ? undefined : `kubectl takes no --${name}=${odd.slice(0, 40)}`
}

function whyNoObjects(command: KubectlCommand): string | undefined {
  const { output = '', flags } = command
  const template = flag(command, 'template')
  if ((output === '' && template === undefined) || output === 'wide') {
    if (flags['server-print'] !== undefined && !isOn(command, 'server-print'))
      return 'a table that kubectl makes'
    const several = command.resources.length > 1 || command.resources[0]?.kind === 'All'
    return flag(command, 'sort-by') !== undefined && several
      ? 'kubectl sorts the table of one resource only'
      : undefined
  }
  const sortBy = flag(command, 'sort-by')
  const printer = printerOf(output, {
    ...(template === undefined ? {} : { template }),
    ...(sortBy === undefined ? {} : { sortBy }),
  })
  return 'manual' in printer ? printer.manual : undefined
}
