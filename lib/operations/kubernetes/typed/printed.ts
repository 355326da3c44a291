import 'server-only'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { printerOf } from '@/lib/runbooks/printers'
import { flag, isOn } from '@/lib/runbooks/requests/place'
import type { KubeObject, ServerTable } from '@/lib/targets/types'
import type { RawText } from '@/lib/verdicts/types'
import { typesOn } from './line'

/** Spaces between columns (k8s.io/cli-runtime/pkg/printers, tabwriter). */
const GAP = 3

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
  })
  if ('manual' in printer) return notPrinted(printer.manual)
  const asList = !(command.resources.length === 1 && command.resources[0]?.name !== undefined)
  const text = printer.print(objects, asList)
  return text.ok
    ? { label: `-o ${command.output ?? 'template'}`.slice(0, 80), text: text.value, truncatedBytes: 0 }
    : notPrinted(text.error.message)
}

function notPrinted(why: string): RawText {
  return { label: `Not printed: ${why}`.slice(0, 200), text: '', truncatedBytes: 0 }
}

async function tables(context: Pick<ReadContext, 'cluster'>, command: KubectlCommand): Promise<RawText> {
  // Sorting is done by the client on the objects; the order of the server's table is by name.
  if (flag(command, 'sort-by') !== undefined || flag(command, 'label-columns') !== undefined)
    return notPrinted('the order and columns of this table are made by kubectl itself')
  const parts: string[] = []
  let cut = false
  const several = command.resources.length > 1 || command.resources[0]?.kind === 'All'
  for (const argument of command.resources) {
    const types = await typesOn(context, argument)
    if (!types.ok) return notPrinted(types.error.message)
    for (const type of types.value) {
      const namespace =
        type.namespaced && !command.allNamespaces ? (command.namespace ?? 'default') : undefined
      const fields = flag(command, 'field-selector')
      const table = await context.cluster.table(type, {
        ...(namespace ? { namespace } : {}),
        ...(argument.name === undefined ? {} : { name: argument.name }),
        ...(command.selector ? { labelSelector: command.selector } : {}),
        ...(fields ? { fieldSelector: fields } : {}),
      })
      if (!table.ok) return notPrinted(table.error.message)
      if (!table.value) return notPrinted(`the API server makes no table of ${type.plural}.`)
      cut ||= table.value.cutShort
      const prefix = several || isOn(command, 'show-kind')
      if (table.value.rows.length > 0)
        parts.push(
          tableText(
            table.value,
            command,
            prefix ? `${type.plural.replace(/s$/, '')}${type.group ? `.${type.group}` : ''}/` : '',
          ),
        )
    }
  }
  return { label: 'As kubectl prints it', text: parts.join('\n'), truncatedBytes: cut ? 1 : 0 }
}

/** A table in kubectl's columns. */
function tableText(table: ServerTable, command: KubectlCommand, prefix: string): string {
  const wide = command.output === 'wide'
  const chosen = table.columns
    .map(({ priority }, index) => (wide || priority === 0 ? index : -1))
    .filter((at) => at >= 0)
  const labels = (own: Record<string, string>) =>
    Object.entries(own)
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || '<none>'
  const withLabels = isOn(command, 'show-labels')
  const rows = table.rows.map((row) => [
    ...(command.allNamespaces ? [row.namespace] : []),
    ...chosen.map((at, index) => `${index === 0 ? prefix : ''}${row.cells[at] ?? ''}`),
    ...(withLabels ? [labels(row.labels)] : []),
  ])
  const heads = [
    ...(command.allNamespaces ? ['NAMESPACE'] : []),
    ...chosen.map((at) => (table.columns[at]?.name ?? '').toUpperCase()),
    ...(withLabels ? ['LABELS'] : []),
  ]
  const all = isOn(command, 'no-headers') ? rows : [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + GAP)))
        .join(''),
    )
    .map((text) => `${text}\n`)
    .join('')
}
