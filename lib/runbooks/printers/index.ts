import 'server-only'
import { fail, ok, type Result } from '../../core/result'
import type { KubeObject } from '../../targets/types'
import { CustomColumns } from './columns'
import { goJson, inOrder, isMap, type Json } from './go-values'
import { JsonPath } from './jsonpath'
import { Budget, CouldNotPrint, NotPrintable } from './limits'
import { SortBy } from './sort-by'
import { GoTemplate } from './template'
import { goYaml } from './yaml'

export interface PrinterOptions {
  /** --template; a template after `=` in the output comes first only when this is absent, as in kubectl. */
  template?: string
  /** --sort-by */
  sortBy?: string
  /** --no-headers */
  noHeaders?: boolean
  /** --show-managed-fields; json and yaml leave them out otherwise. */
  showManagedFields?: boolean
  /** --allow-missing-template-keys, true unless given. */
  allowMissingTemplateKeys?: boolean
  /** Most characters that are printed; 1 Mi unless given. */
  maxLength?: number
}

export interface Printer {
  /**
   * The objects as kubectl prints them. `asList` is true for what was asked for as a list (`get pods`, or several
   * names), false for the one object that a name stands for. Errors: `invalid_input` with a sentence when the
   * template does not fit an object, when the output grows too large or asks for too much work.
   */
  print(objects: readonly KubeObject[], asList: boolean): Result<string>
}

type Print = (data: Json, items: readonly Json[], budget: Budget) => string

const MAX_OUTPUT = 1 << 20

/**
 * What prints objects for `kubectl get -o OUTPUT`: json, yaml, name, jsonpath, jsonpath-as-json, custom-columns,
 * go-template. `manual` is the reason, in a sentence, why an output or its template is not understood; tables
 * (no output, `wide`) are none of these.
 */
export function printerOf(output: string, options: PrinterOptions = {}): Printer | { manual: string } {
  try {
    const write = readOutput(output, options)
    const sortBy = options.sortBy ? new SortBy(options.sortBy) : undefined
    return { print: (objects, asList) => print(write, sortBy, options, objects, asList) }
  } catch (cause) {
    if (cause instanceof NotPrintable) return { manual: cause.message }
    throw cause
  }
}

function readOutput(output: string, options: PrinterOptions): Print {
  const equals = output.indexOf('=')
  // A template without an output is a Go template to kubectl.
  const format =
    output === '' && options.template ? 'go-template' : equals < 0 ? output : output.slice(0, equals)
  const argument = options.template || (equals < 0 ? '' : output.slice(equals + 1))
  const template = () => {
    if (argument === '') throw new NotPrintable(`-o ${format} lacks its template.`)
    return argument
  }
  if (['json', 'yaml', 'name'].includes(format) && equals >= 0)
    throw new NotPrintable(`-o ${format} takes no template.`)
  const missingKeys = options.allowMissingTemplateKeys ?? true
  switch (format) {
    case 'json':
      return (data, _, budget) => budget.write(`${goJson(withoutManaged(data, options), 4)}\n`)
    case 'yaml':
      return (data, _, budget) => budget.write(goYaml(withoutManaged(data, options)))
    case 'name':
      return (_, items, budget) => budget.write(items.map(nameOf).join(''))
    case 'jsonpath':
    case 'jsonpath-as-json': {
      const path = new JsonPath(template(), { missingKeys })
      return (data, _, budget) => path.print(data, budget, format === 'jsonpath-as-json')
    }
    case 'custom-columns': {
      const columns = new CustomColumns(argument, !options.noHeaders)
      return (_, items, budget) => columns.print(items, budget)
    }
    case 'go-template':
    case 'template': {
      const compiled = new GoTemplate(template(), { missingKeys })
      return (data, _, budget) => compiled.print(data, budget)
    }
    default:
      if (format.endsWith('-file') || format === 'templatefile')
        throw new NotPrintable(`-o ${format} would read a file.`)
      throw new NotPrintable(`-o ${format.slice(0, 40) || '(nothing)'} is not printed here.`)
  }
}

function print(
  write: Print,
  sortBy: SortBy | undefined,
  options: PrinterOptions,
  objects: readonly KubeObject[],
  asList: boolean,
): Result<string> {
  const budget = new Budget(options.maxLength ?? MAX_OUTPUT)
  try {
    const items = objects.map((object) => inOrder(object))
    const single = !asList && items.length === 1
    const ordered = sortBy && !single ? sortBy.sort(items, budget) : items
    const data = single
      ? (items[0] as Json)
      : { apiVersion: 'v1', items: ordered, kind: 'List', metadata: { resourceVersion: '' } }
    return ok(write(data, ordered, budget))
  } catch (cause) {
    if (cause instanceof CouldNotPrint) return fail('invalid_input', cause.message)
    throw cause
  }
}

function withoutManaged(data: Json, { showManagedFields }: PrinterOptions): Json {
  if (showManagedFields) return data
  const strip = (object: Json): Json => {
    if (!isMap(object) || !isMap(object.metadata)) return object
    const { managedFields: _, ...metadata } = object.metadata
    return { ...object, metadata }
  }
  return isMap(data) && data.kind === 'List' && Array.isArray(data.items)
    ? { ...data, items: data.items.map(strip) }
    : strip(data)
}

/** `pod/web`, `deployment.apps/web`. */
function nameOf(object: Json): string {
  const { apiVersion, kind, metadata } = isMap(object) ? object : {}
  if (typeof kind !== 'string' || typeof apiVersion !== 'string')
    throw new CouldNotPrint('An object lacks its kind, so it has no name to print.')
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  const name =
    isMap(metadata) && typeof metadata.name === 'string' && metadata.name !== '' ? metadata.name : '<unknown>'
  return `${kind.toLowerCase()}${group}/${name}\n`
}
