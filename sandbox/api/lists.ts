import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Manager } from '../controllers/manager'
import type { KubeObject } from '../types'
import { apiVersionOf, type KindInfo } from './kinds'
import { pageOf } from './paging'
import { type ResourcePath, sendJson, wantsTable } from './paths'
import { fieldMatcher, labelMatcher } from './selectors'
import { ApiError } from './status'
import { tableOf } from './tables'
import { serveWatch } from './watch'

function badVersion(version: string): ApiError {
  return new ApiError(
    500,
    '',
    `resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": invalid syntax`,
  )
}

function endOfList(manager: Manager, info: KindInfo) {
  return {
    kind: info.kind,
    apiVersion: apiVersionOf(info),
    metadata: {
      resourceVersion: manager.store.resourceVersion,
      creationTimestamp: null,
      annotations: { 'k8s.io/initial-events-end': 'true' },
    },
  }
}

/** GET of a collection: a list, a table, or a watch. */
export function list(
  manager: Manager,
  target: ResourcePath,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { info, namespace } = target
  const labels = labelMatcher(query.get('labelSelector'))
  const fields = fieldMatcher(query.get('fieldSelector'), info.kind)
  const matches = (object: KubeObject) =>
    (!namespace || object.metadata.namespace === namespace) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object)
  if (query.get('watch') === 'true' || query.get('watch') === '1') {
    const version = query.get('resourceVersion') ?? ''
    if (!/^\d*$/.test(version)) throw badVersion(version)
    const whole = query.get('sendInitialEvents') === 'true'
    if (whole) query.set('resourceVersion', '0')
    serveWatch(manager, info, matches, query, wantsTable(request), response)
    // What is there has been written; client-go waits for this mark of its end (KEP-3157, streaming lists).
    if (whole) response.write(`${JSON.stringify({ type: 'BOOKMARK', object: endOfList(manager, info) })}\n`)
    return
  }
  const matching = manager.store.list(info.kind, namespace).filter(matches)
  const { page, resourceVersion, next } = pageOf(manager.store, matching, query)
  if (wantsTable(request)) {
    const table = tableOf(info.kind, page, resourceVersion, manager.now())
    // Who sorts by a field needs the whole objects.
    const whole = query.get('includeObject') === 'Object'
    const rows = whole ? table.rows.map((row, index) => ({ ...row, object: page[index] })) : table.rows
    sendJson(response, 200, { ...table, metadata: { ...table.metadata, ...next }, rows })
    return
  }
  sendJson(response, 200, {
    kind: `${info.kind}List`,
    apiVersion: apiVersionOf(info),
    metadata: { resourceVersion, ...next },
    items: page.map(({ apiVersion: _version, kind: _kind, ...object }) => object),
  })
}
