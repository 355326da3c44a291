/**
 * A part is a real program behind a container image of the test cluster. The node agent makes a network and a mount
 * namespace for each pod, and starts in it what the part says; `kubectl exec` runs in the same namespaces.
 */

/** What is known of a container when it starts. */
export interface ContainerContext {
  namespace: string
  pod: string
  container: string
  image: string
  labels: Record<string, string>
  /** The pod's own address, reachable from the other pods and from the control plane. */
  ip: string
  /** `env` and `envFrom` of the container, resolved at this start. */
  env: Record<string, string>
  /** A folder of this container alone; gone with the pod. */
  scratch: string
  /** A folder that outlives the pod, as a PersistentVolume of a StatefulSet's pod does. */
  volume: string
  /** A kubeconfig that reaches the API server from inside pods. */
  kubeconfig: string
}

/** What runs in the container. Programs see the machine's files, the pod's network, and `mounts`. */
export interface Launch {
  /** Run one after another before the main program, each to its end; a failure is a failed start of the container. */
  prepare?: string[][]
  /** The main program: an argv, the program as an absolute path. Its standard output and error are the log. */
  argv: string[]
  /** Environment of the main program and of everything that `kubectl exec` starts. Nothing is inherited. */
  env: Record<string, string>
  /** The user that argv and prepare run as; exec runs as root, like an image without USER. */
  user?: string
  /** Folders of the machine that the container sees at another path: `/backup` → `…/volume/backup`. */
  mounts?: Record<string, string>
  /** What `kubectl exec` finds: the name typed → the program started, an absolute path. Nothing else is there. */
  programs: Record<string, string>
}

/** One kind of image. */
export interface Part {
  /** Matches the whole image reference of a container. */
  image: RegExp
  launch(context: ContainerContext): Promise<Launch>
}

/** Names of the cluster's services resolve in every pod: `NAME.NAMESPACE`, and `NAME` alone within its namespace. */
