import 'server-only'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { printerOf } from '@/lib/runbooks/printers'
import { CouldNotPrint } from '@/lib/runbooks/printers/limits'
import { type PrintedTable, tablesText } from '@/lib/runbooks/printers/table-text'
import { flag, flagList, isOn } from '@/lib/runbooks/requests/place'
import type { KubeObject } from '@/lib/targets/types'
import type { RawText } from '@/lib/verdicts/types'
import { typesOn } from './line'

/** Whether `kubectl get` prints the server's table: without -o, or wide. */
export function isTable(command: KubectlCommand): boolean {
  return (
    (command.output === undefined || command.output === 'wide') && flag(command, 'template') === undefined
  )
}

/**
 * What `kubectl get` prints for these objects, for filters and captures to read: the server's table, or the output
 * that -o asks for. `objects` are as they may be shown. Where it cannot be printed as kubectl does, the text is empty and
 * its label says why: another text would be read as if it were kubectl's.
 */
export async function printedBy(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
  objects: KubeObject[],
): Promise<RawText> {
  if (isTable(command)) return tables(context, command)
  const sortBy = flag(command, 'sort-by')
  const template = flag(command, 'template')
  const printer = printerOf(command.output ?? '', {
    ...(template === undefined ? {} : { template }),
    ...(sortBy === undefined ? {} : { sortBy }),
    ...(isOn(command, 'no-headers') ? { noHeaders: true } : {}),
    showManagedFields: isOn(command, 'show-managed-fields'),
    allowMissingTemplateKeys: command.flags['allow-missing-template-keys'] !== 'false',
  })
  if ('manual' in printer) return notPrinted(printer.manual)
  const asList = !(command.resources.length === 1 && command.resources[0]?.name !== undefined)
  const text = printer.print(objects, asList)
  return text.ok
    ? { label: `-o ${command.output ?? 'template'}`.slice(0, 80), text: text.value, truncatedBytes: 0 }
    : notPrinted(text.error.message)
}

/** In place of a text that cannot be had. */
export function notPrinted(why: string): RawText {
  return { label: `Not printed: ${why}`.slice(0, 200), text: '', truncatedBytes: 0, failed: true }
}

/** Tables are asked for one after the other, as kubectl does. */
async function tables(context: Pick<ReadContext, 'cluster'>, command: KubectlCommand): Promise<RawText> {
  const printed: PrintedTable[] = []
  const fields = flag(command, 'field-selector')
  const sortBy = flag(command, 'sort-by')
  for (const argument of command.resources) {
    const types = await typesOn(context, argument)
    if (!types.ok) return notPrinted(types.error.message)
    for (const type of types.value) {
      // The order would tell what the values are.
      if (sortBy && type.kind === 'Secret') return notPrinted('secrets are not sorted by what is in them.')
      const namespace =
        type.namespaced && !command.allNamespaces ? (command.namespace ?? 'default') : undefined
      const table = await context.cluster.table(type, {
        ...(namespace ? { namespace } : {}),
        ...(argument.name === undefined ? {} : { name: argument.name }),
        ...(command.selector ? { labelSelector: command.selector } : {}),
        ...(fields ? { fieldSelector: fields } : {}),
        ...(sortBy ? { withObjects: true } : {}),
      })
      // What does not exist is told on standard error.
      if (!table.ok && table.error.code === 'not_found' && argument.name !== undefined) continue
      if (!table.ok) return notPrinted(table.error.message)
      if (!table.value) return notPrinted(`the API server makes no table of ${type.plural}.`)
      if (sortBy && table.value.cutShort) return notPrinted('there are more rows than are sorted here.')
      printed.push({ type, table: table.value })
    }
  }
  const text = tablesText(printed, {
    wide: command.output === 'wide',
    allNamespaces: command.allNamespaces,
    noHeaders: isOn(command, 'no-headers'),
    showKind: isOn(command, 'show-kind'),
    showLabels: isOn(command, 'show-labels'),
    labelColumns: flagList(command, 'label-columns'),
    ...(sortBy ? { sortBy } : {}),
  })
  if (!text.ok) return notPrinted(text.error.message)
  return asPrinted(
    text.value,
    printed.some(({ table }) => table.cutShort),
  )
}

/** The text that a printer makes, or why it could not. */
export function printing(make: () => string): RawText {
  try {
    return asPrinted(make())
  } catch (cause) {
    if (cause instanceof CouldNotPrint) return notPrinted(cause.message)
    throw cause
  }
}

/** A text that kubectl prints; `cut` when there is more of it. */
export function asPrinted(text: string, cut = false): RawText {
  return { label: 'As kubectl prints it', text, truncatedBytes: cut ? 1 : 0 }
}
