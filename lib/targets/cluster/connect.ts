import 'server-only'
import { KubeConfig } from '@kubernetes/client-node'
import { fail, ok, type Result } from '../../core/result'
import type { ClusterDryRun, ClusterReader, ClusterWriter } from '../types'
import { LogMemory } from './log-memory'
import { Transport } from './transport'
import { PodCache } from './watch-cache'
import { watchedReader } from './watched-reader'
import { KubernetesWriter } from './writer'

export interface Cluster {
  reader: ClusterReader
  writer: ClusterWriter
  dryRun: ClusterDryRun
  /**
   * The reader for checks where pods are watched: the same answers, pods from memory while that is proven fresh, and
   * of logs only what is new is asked for.
   */
  watched?: ClusterReader
  /** API requests sent so far. */
  requests(): number
  /** Ends what goes on in the background. */
  stop(): void
}

export interface ConnectOptions {
  /** Kubeconfig as YAML text, or a file, or neither for the usual places. */
  kubeconfig?: string
  kubeconfigFile?: string
  context?: string
  practice: boolean
  /** Keep the pods of all namespaces in memory by a watch, from the first time somebody asks for them, and logs that were read. */
  watchPods?: boolean
}

/** Opens a cluster from a kubeconfig. Nothing is sent yet; a wrong context or file is an error. */
export function connectCluster(options: ConnectOptions): Result<Cluster> {
  const config = new KubeConfig()
  try {
    if (options.kubeconfig !== undefined) config.loadFromString(options.kubeconfig)
    else if (options.kubeconfigFile !== undefined) config.loadFromFile(options.kubeconfigFile)
    else config.loadFromDefault()
    // Where there is no kubeconfig, the library means a cluster on this machine's port 8080.
    if (config.getCurrentContext() === 'loaded-context' && config.getCurrentCluster()?.name === 'cluster')
      return fail(
        'invalid_input',
        'There is no kubeconfig. Set KUBECONFIG to one or put it into ~/.kube/config; a practice cluster needs none.',
      )
  } catch (cause) {
    return fail(
      'invalid_input',
      `The kubeconfig could not be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
  if (options.context) {
    if (!config.getContextObject(options.context)) {
      const names = config.getContexts().map((context) => context.name)
      return fail('invalid_input', `The kubeconfig has no context ${options.context}.`, {
        hint: names.length ? `It has: ${names.join(', ')}.` : 'It has none at all.',
      })
    }
    config.setCurrentContext(options.context)
  }
  if (!config.getCurrentCluster())
    return fail(
      'invalid_input',
      'The kubeconfig names no cluster to use. Set CRASHCART_CONTEXT to one of its contexts.',
    )
  const transport = new Transport(config)
  const info = { name: config.getCurrentContext(), practice: options.practice }
  const pods = options.watchPods ? new PodCache(transport) : undefined
  const logs = new LogMemory((request) => writer.logs(request))
  const writer = new KubernetesWriter(transport, info, () => pods?.expire())
  return ok({
    reader: writer,
    writer,
    dryRun: writer,
    ...(pods ? { watched: watchedReader(writer, pods, logs) } : {}),
    requests: () => transport.requests(),
    stop: () => {
      pods?.stop()
      logs.stop()
    },
  })
}
