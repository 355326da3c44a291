import 'server-only'
import { ok, type Result } from '../core/result'
import { podSelection } from './pod-selection'
import type { ClusterReader, KubeObject, ListOptions } from './types'

/**
 * A reader that does each identical read once: in flight it is shared, and afterwards its answer is kept as
 * long as this wrapper lives (one sweep). Errors are kept too, so that one unreachable pod is asked once.
 * `wholeCluster`: something reads the pods of all namespaces, so those of each are taken from that answer.
 */
export function shareReads(reader: ClusterReader, { wholeCluster = false } = {}): ClusterReader {
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
        once(['list', type.group, type.plural, wanted], () => reader.list(type, wanted))
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
      once(['get', type.group, type.plural, namespace, name], () => reader.get(type, name, namespace)),
    logs: (request) => once(['logs', request], () => reader.logs(request)),
    // Requests with headers may carry a secret, which must not become a key; they are not shared.
    podGet: (pod, request) =>
      request.headers
        ? reader.podGet(pod, request)
        : once(['podGet', pod, request], () => reader.podGet(pod, request)),
    serviceGet: (service, request) =>
      request.headers
        ? reader.serviceGet(service, request)
        : once(['serviceGet', service, request], () => reader.serviceGet(service, request)),
    exec: (request) => once(['exec', request], () => reader.exec(request)),
    kafka: (brokers) => once(['kafka', brokers], () => reader.kafka(brokers)),
    canI: (verb, resource) => once(['canI', verb, resource], () => reader.canI(verb, resource)),
  }
}
