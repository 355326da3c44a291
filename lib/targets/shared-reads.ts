import 'server-only'
import pLimit from 'p-limit'
import { ok, type Result } from '../core/result'
import { podSelection } from './pod-selection'
import { shareSessions } from './psql-sessions'
import type { ClusterReader, KubeObject, ListOptions } from './types'

/** Reads that run at the same time: enough to hide latency, few enough not to flood an API server. */
const AT_ONCE = 24
/** Programs in pods that run at the same time. They take the longest, so they do not queue behind quick reads. */
const PROGRAMS_AT_ONCE = 24

/**
 * A reader that does each identical read once: in flight it is shared, and afterwards its answer is kept as
 * long as this wrapper lives (one sweep). Errors are kept too, so that one unreachable pod is asked once.
 * Statements for one database that are asked at the same time share a psql. At most 24 reads and 24 programs run at once.
 * `wholeCluster`: something reads the pods of all namespaces, so those of each are taken from that answer.
 */
export function shareReads(reader: ClusterReader, { wholeCluster = false } = {}): ClusterReader {
  const limit = pLimit(AT_ONCE)
  const programs = pLimit(PROGRAMS_AT_ONCE)
  const exec = shareSessions((request) => programs(() => reader.exec(request)))
  const kept = new Map<string, Promise<unknown>>()
  const once = <T>(key: unknown[], read: () => Promise<T>): Promise<T> => {
    const id = JSON.stringify(key)
    let answer = kept.get(id) as Promise<T> | undefined
    if (!answer) {
      answer = read()
      kept.set(id, answer)
    }
    return answer
  }
  return {
    info: reader.info,
    list: (type, options = {}) => {
      const read = (wanted: ListOptions) =>
        once(['list', type.group, type.plural, wanted], () => limit(() => reader.list(type, wanted)))
      const selects = podSelection(options)
      // A selection of pods that are read anyway needs no request of its own.
      if (type.kind !== 'Pod' || !selects) return read(options)
      const select = (listed: Result<KubeObject[]>) => (listed.ok ? ok(listed.value.filter(selects)) : listed)
      const own: ListOptions = options.namespace ? { namespace: options.namespace } : {}
      if (!wholeCluster) return read(own).then(select)
      // Who may not read all namespaces may still read this one.
      return read({}).then((all) => (all.ok || !options.namespace ? select(all) : read(own).then(select)))
    },
    get: (type, name, namespace) =>
      once(['get', type.group, type.plural, namespace, name], () =>
        limit(() => reader.get(type, name, namespace)),
      ),
    table: (type, options) =>
      once(['table', type.group, type.plural, options], () => limit(() => reader.table(type, options))),
    types: () => once(['types'], () => limit(() => reader.types())),
    groupVersions: () => once(['groupVersions'], () => limit(() => reader.groupVersions())),
    logs: (request) => once(['logs', request], () => limit(() => reader.logs(request))),
    recentLines: (request) => once(['recentLines', request], () => limit(() => reader.recentLines(request))),
    // Requests with headers may carry a secret, which must not become a key; they are not shared.
    podGet: (pod, request) =>
      request.headers
        ? limit(() => reader.podGet(pod, request))
        : once(['podGet', pod, request], () => limit(() => reader.podGet(pod, request))),
    serviceGet: (service, request) =>
      request.headers
        ? limit(() => reader.serviceGet(service, request))
        : once(['serviceGet', service, request], () => limit(() => reader.serviceGet(service, request))),
    rawGet: (path) => once(['rawGet', path], () => limit(() => reader.rawGet(path))),
    exec: (request) => once(['exec', request], () => exec(request)),
    kafka: (brokers) => once(['kafka', brokers], () => limit(() => reader.kafka(brokers))),
    rules: (namespace) => once(['rules', namespace], () => limit(() => reader.rules(namespace))),
    canI: (...asked) => once(['canI', ...asked], () => limit(() => reader.canI(...asked))),
  }
}
