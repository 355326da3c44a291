/** The kubelets of this test's nodes: runs the pods that the scheduler puts on them. */
import { SIMULATED } from '../control-plane/kwok-resources'
import type { Json } from '../kube-api'
import { type NodeOptions, RunningPod } from './running-pod'

export class NodeAgent {
  readonly pods = new Map<string, RunningPod>()
  private readonly stopFollowing: () => void
  private readonly usageTimer: NodeJS.Timeout

  constructor(
    private readonly options: NodeOptions,
    private readonly nodes: readonly string[],
  ) {
    this.stopFollowing = options.api.follow(
      `/api/v1/pods?labelSelector=${encodeURIComponent(`!${SIMULATED}`)}`,
      {
        list: (items) => {
          const there = new Set(items.map((pod) => pod.metadata.uid))
          for (const [uid, pod] of this.pods) if (!there.has(uid)) this.gone(uid, pod)
          for (const pod of items) this.seen(pod)
        },
        change: (type, pod) => {
          const running = this.pods.get(pod.metadata.uid)
          if (type === 'DELETED') {
            if (running) this.gone(pod.metadata.uid, running)
          } else this.seen(pod)
        },
      },
    )
    this.usageTimer = setInterval(() => this.measure(), 5_000)
  }

  /** The pod of that name, running here. */
  pod(namespace: string, start: string): RunningPod {
    const found = [...this.pods.values()].find((one) => one.key.startsWith(`${namespace}/${start}`))
    if (!found) throw new Error(`No pod ${namespace}/${start} runs on these nodes.`)
    return found
  }

  async stop(): Promise<void> {
    this.stopFollowing()
    clearInterval(this.usageTimer)
    await Promise.all([...this.pods.values()].map((pod) => pod.sandbox?.destroy()))
  }

  private seen(pod: Json): void {
    if (!this.nodes.includes(pod.spec.nodeName)) return
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return
    const known = this.pods.get(pod.metadata.uid)
    if (known) known.update(pod)
    if (pod.metadata.deletionTimestamp) {
      if (known) void known.end().catch((cause) => console.error(`${known.key}: ${cause}`))
      // Unheard, it is told again when the next list says that the pod is still there.
      else void this.options.api.send('DELETE', pathOf(pod), { gracePeriodSeconds: 0 }).catch(() => undefined)
      return
    }
    if (known) return
    const running = new RunningPod(pod, this.options)
    this.pods.set(pod.metadata.uid, running)
    void running.start().catch((cause) => console.error(`${running.key}: ${cause}`))
  }

  private gone(uid: string, pod: RunningPod): void {
    this.pods.delete(uid)
    void pod.end().catch((cause) => console.error(`${pod.key}: ${cause}`))
  }

  /** Tells the kubelet what each pod uses, for metrics-server to read. */
  private measure(): void {
    for (const pod of this.pods.values()) if (pod.sandbox && pod.process) pod.tellKubelet(pod.sandbox.usage())
  }
}

function pathOf(pod: Json): string {
  return `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`
}
