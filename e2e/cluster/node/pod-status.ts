/** Pod status as a kubelet writes it. */
import type { Json } from '../kube-api'
import { type Exit, seconds } from './container'

/** What the agent knows of a pod's only container. */
export interface ContainerView {
  name: string
  image: string
  containerId: string
  running?: { startedAt: string }
  ready: boolean
  restarts: number
  last?: Exit
  /** Why it waits, when it does not run. */
  waiting?: { reason: string; message?: string }
}

/** The whole status; times of conditions that did not change are kept from `before`. */
export function podStatus(pod: Json, ip: string | undefined, hostIp: string, view: ContainerView): Json {
  const at = seconds(new Date().toISOString())
  const before: Json[] = pod.status?.conditions ?? []
  const condition = (type: string, good: boolean, reason?: string, message?: string) => {
    const earlier = before.find((one) => one.type === type)
    const status = good ? 'True' : 'False'
    return {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime: earlier?.status === status ? earlier.lastTransitionTime : at,
      observedGeneration: pod.metadata.generation,
      ...(good ? {} : { reason, message }),
    }
  }
  const unready = ['ContainersNotReady', `containers with unready status: [${view.name}]`] as const
  return {
    phase: view.running || view.restarts > 0 || view.last ? 'Running' : 'Pending',
    observedGeneration: pod.metadata.generation,
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(ip ? { podIP: ip, podIPs: [{ ip }] } : {}),
    startTime: pod.status?.startTime ?? at,
    qosClass: pod.status?.qosClass,
    conditions: [
      condition('PodReadyToStartContainers', ip !== undefined),
      condition('Initialized', true),
      condition('Ready', view.ready, ...unready),
      condition('ContainersReady', view.ready, ...unready),
      { ...before.find((one) => one.type === 'PodScheduled'), type: 'PodScheduled', status: 'True' },
    ],
    containerStatuses: [
      {
        name: view.name,
        image: view.image,
        imageID: view.image,
        ready: view.ready,
        started: view.running !== undefined,
        restartCount: view.restarts,
        ...(view.containerId ? { containerID: view.containerId } : {}),
        lastState: view.last ? { terminated: { ...view.last, containerID: `${view.containerId}-last` } } : {},
        state: view.running
          ? { running: { startedAt: seconds(view.running.startedAt) } }
          : { waiting: view.waiting ?? { reason: 'ContainerCreating' } },
      },
    ],
  }
}
