import 'server-only'
import { ok } from '../../core/result'
import { podSelection } from '../pod-selection'
import { RESOURCE } from '../resource-types'
import type { ClusterReader } from '../types'
import type { LogMemory } from './log-memory'
import type { PodCache } from './watch-cache'

/**
 * A reader that answers lists of pods from memory while that is proven to be the present state, asks of logs only what
 * is new, and asks the cluster in every other case.
 */
export function watchedReader(reader: ClusterReader, pods: PodCache, logs: LogMemory): ClusterReader {
  return {
    info: reader.info,
    list: async (type, options = {}) => {
      const selects = podSelection(options)
      if (type !== RESOURCE.Pod || !selects) return reader.list(type, options)
      // Who asks for one namespace is answered sooner by the cluster than by waiting for all of them.
      const known = await pods.now({ mayWait: options.namespace === undefined })
      return known ? ok(known.filter(selects)) : reader.list(type, options)
    },
    get: (type, name, namespace) => reader.get(type, name, namespace),
    table: (type, options) => reader.table(type, options),
    types: () => reader.types(),
    groupVersions: () => reader.groupVersions(),
    logs: (request) => reader.logs(request),
    recentLines: (request) => logs.recent(request),
    podGet: (pod, request) => reader.podGet(pod, request),
    serviceGet: (service, request) => reader.serviceGet(service, request),
    rawGet: (path) => reader.rawGet(path),
    exec: (request) => reader.exec(request),
    kafka: (brokers) => reader.kafka(brokers),
    rules: (namespace) => reader.rules(namespace),
    canI: (...asked) => reader.canI(...asked),
  }
}
