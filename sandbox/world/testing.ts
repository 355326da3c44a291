import { startSandbox } from '../server'
import type { ClusterHandle, ContainerInstance, ExecOutcome, RunningSandbox, World } from '../types'
import { createWorld } from './world'

/** The practice cluster for tests, with what a person's tools would reach in it. */
export interface PracticeAtHand {
  sandbox: RunningSandbox
  world: World
  cluster: ClusterHandle
  /** Runs argv in a pod's first container; the pod by its name or by the start of it. */
  exec(namespace: string, pod: string, ...argv: string[]): Promise<ExecOutcome>
  /** An HTTP request to a pod's port; a refused connection is status 0. */
  http(
    namespace: string,
    pod: string,
    port: number,
    path: string,
    method?: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: string }>
  /** Containers that run in the pods of an app. */
  instances(namespace: string, app: string): ContainerInstance[]
  /** Log lines of all pods of an app, oldest first. */
  logs(namespace: string, app: string): string[]
  /** `kubectl rollout restart`. */
  restart(kind: string, namespace: string, name: string): void
  /** Waits until the condition holds; fails with `what` after the limit. */
  until(condition: () => boolean | Promise<boolean>, what: string, limitMs?: number): Promise<void>
}

/** Starts the whole practice cluster on a free port; faults are injected without waiting for their symptoms. */
export async function practiceAtHand(): Promise<PracticeAtHand> {
  const world = createWorld({ settle: false })
  let cluster: ClusterHandle | undefined
  const begin = world.start.bind(world)
  world.start = async (handle) => {
    cluster = handle
    await begin(handle)
  }
  const sandbox = await startSandbox({ world })
  if (!cluster) throw new Error('The world was not started.')
  const handle = cluster
  const instances = (namespace: string, app: string) =>
    handle
      .instances()
      .filter(
        (one) =>
          one.pod.metadata.namespace === namespace &&
          one.pod.metadata.labels?.app === app &&
          !one.pod.metadata.deletionTimestamp,
      )
  const instance = (namespace: string, pod: string) => {
    const found = handle
      .instances()
      .find((one) => one.pod.metadata.namespace === namespace && one.pod.metadata.name.startsWith(pod))
    if (!found) throw new Error(`No container runs in ${namespace}/${pod}.`)
    return found
  }
  return {
    sandbox,
    world,
    cluster: handle,
    instances,
    exec: (namespace, pod, ...argv) => world.runtime.exec(instance(namespace, pod), argv, ''),
    http: async (namespace, pod, port, path, method = 'GET', headers = {}) => {
      const answer = await world.runtime.http(instance(namespace, pod), port, {
        method,
        path,
        headers,
        body: '',
      })
      return answer === 'refused' ? { status: 0, body: '' } : answer
    },
    logs: (namespace, app) =>
      instances(namespace, app)
        .flatMap((one) => world.runtime.logs(one, false))
        .sort((a, b) => a.at - b.at)
        .map((line) => line.text),
    restart: (kind, namespace, name) => {
      handle.update(kind, namespace, name, (object) => {
        object.spec.template.metadata.annotations = {
          'kubectl.kubernetes.io/restartedAt': new Date().toISOString(),
        }
      })
    },
    until,
  }
}

async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 15_000,
): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Did not happen within ${limitMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
