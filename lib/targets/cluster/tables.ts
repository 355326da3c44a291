import 'server-only'
import { ok, type Result } from '../../core/result'
import { restPath } from '../resource-types'
import type { KubeObject, ListOptions, ResourceType, ServerTable } from '../types'
import type { Transport } from './transport'

const ACCEPT =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'
const ROWS_AT_MOST = 5_000

interface TableAnswer {
  kind?: string
  columnDefinitions?: { name: string; priority?: number; type?: string; format?: string }[]
  rows?: { cells: unknown[]; object?: KubeObject }[]
  metadata?: { continue?: string }
}

/**
 * Objects as the API server's own table, which is what kubectl prints: one by `name`, else a list, page by page.
 * undefined when the server makes no tables of this type.
 */
export async function readTable(
  transport: Transport,
  type: ResourceType,
  options: ListOptions & { name?: string; withObjects?: boolean },
): Promise<Result<ServerTable | undefined>> {
  const table: ServerTable = { columns: [], rows: [], cutShort: false }
  let next: string | undefined
  do {
    const answer = await transport.json<TableAnswer>({
      method: 'GET',
      path: restPath(type, options.namespace, options.name),
      query: options.name
        ? {}
        : {
            limit: '500',
            continue: next,
            labelSelector: options.labelSelector,
            fieldSelector: options.fieldSelector,
            includeObject: options.withObjects ? 'Object' : undefined,
          },
      headers: { accept: ACCEPT },
      what: `reading ${type.plural} as a table`,
    })
    if (!answer.ok) return answer
    if (answer.value.kind !== 'Table') return ok(undefined)
    table.columns = (answer.value.columnDefinitions ?? []).map(
      ({ name, priority = 0, type = '', format = '' }) => ({ name, priority, type, format }),
    )
    for (const { cells, object } of answer.value.rows ?? [])
      table.rows.push({
        cells,
        namespace: object?.metadata?.namespace ?? '',
        labels: object?.metadata?.labels ?? {},
        ...(options.withObjects && object ? { object } : {}),
      })
    next = answer.value.metadata?.continue || undefined
  } while (next && table.rows.length < ROWS_AT_MOST)
  table.cutShort = next !== undefined
  return ok(table)
}
