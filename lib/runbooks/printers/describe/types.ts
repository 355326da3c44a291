import type { KubeObject } from '../../../targets/types'
import type { Writer } from './writer'

/** What a describer reads beside the object itself. Lists are as the API server orders them. */
export interface Beside {
  /** Milliseconds since 1970, for ages. */
  now: number
  /** Events about the object; absent where kubectl shows none (--show-events=false, or the kind has none). */
  events?: readonly KubeObject[]
  /** Pods that a node runs, that a selector finds, or of the namespace of a claim. */
  pods?: readonly KubeObject[]
  /** A node's lease, or the API server's words for its absence. */
  lease?: { object: KubeObject } | { absent: string }
  /** Of a Deployment's selector. */
  replicaSets?: readonly KubeObject[]
  /** Of a Service, or of the namespace of an Ingress. */
  endpointSlices?: readonly KubeObject[]
  /** The Services that an Ingress names, as far as they exist. */
  services?: readonly KubeObject[]
  /** Secrets of a ServiceAccount's namespace; their values are not looked at. */
  secrets?: readonly KubeObject[]
  /** Of a Namespace. */
  quotas?: readonly KubeObject[]
  limitRanges?: readonly KubeObject[]
}

/** Writes one object as kubectl describes it. Throws CouldNotPrint where it cannot be said. */
export type Describer = (w: Writer, object: KubeObject, beside: Beside) => void
