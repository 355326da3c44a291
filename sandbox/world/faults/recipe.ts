import type { Fault, KubeObject } from '../../types'
import { HEALTHY_CONFIG } from '../manifests'
import type { BackendApi } from '../programs/backend-api'
import { anyMarked, markAll, type Process, processesOf, type Scene } from '../scene'

/** A fault with how it comes, how it is seen to be there, and how it is taken away without a cure. */
export interface FaultRecipe extends Fault {
  inject(): Promise<void>
  active(): boolean
  clear(): Promise<void>
  /** Milliseconds until all symptoms show; 2,500 when absent. */
  settleMs?: number
}

export type FaultFacts = Pick<Fault, 'name' | 'title' | 'teaches' | 'cards' | 'cure'>

const NAMESPACE = 'backend-services'

/** Rolls a workload as `kubectl rollout restart` does. */
export function restart(scene: Scene, kind: string, namespace: string, name: string): void {
  scene.cluster.update(kind, namespace, name, (object) => {
    const { metadata } = object.spec.template
    metadata.annotations = {
      ...metadata.annotations,
      'kubectl.kubernetes.io/restartedAt': new Date(scene.now()).toISOString(),
    }
  })
}

/** Replaces all pods of an app at once: how a bad deploy that has happened looks. */
export async function replaceNow(scene: Scene, namespace: string, app: string): Promise<void> {
  const before = new Set(scene.cluster.list('Pod', namespace, { app }).map((pod) => pod.metadata.uid))
  for (const pod of scene.cluster.list('Pod', namespace, { app }))
    scene.cluster.remove('Pod', namespace, pod.metadata.name)
  const end = Date.now() + 20_000
  while (Date.now() < end) {
    const pods = scene.cluster
      .list('Pod', namespace, { app })
      .filter((pod) => pod.status?.phase !== 'Succeeded')
    if (
      pods.length > 0 &&
      pods.every(
        (pod) =>
          !before.has(pod.metadata.uid) &&
          processesOf(scene, app).some((one) => one.instance.pod.metadata.uid === pod.metadata.uid),
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A wrong value in backend-api-config that the running pods have read. */
export function configFault(
  scene: Scene,
  facts: FaultFacts,
  key: string,
  value: string,
  isWrong: (value: string | undefined) => boolean,
): FaultRecipe {
  const write = async (text: string) => {
    scene.cluster.update(
      'ConfigMap',
      NAMESPACE,
      'backend-api-config',
      (map) => {
        map.data[key] = text
      },
      'ci-deployer',
    )
    await replaceNow(scene, NAMESPACE, 'backend-api')
  }
  return {
    ...facts,
    inject: () => write(value),
    // Cured when the setting is right and no process still runs with the wrong one.
    active: () =>
      isWrong(scene.cluster.get('ConfigMap', NAMESPACE, 'backend-api-config')?.data?.[key]) ||
      (processesOf(scene, 'backend-api') as BackendApi[]).some((one) => isWrong(one.config[key])),
    clear: () => write(HEALTHY_CONFIG[key] ?? ''),
    settleMs: 4_000,
  }
}

/** Processes of an app hang until they are replaced. */
export function hangFault(
  scene: Scene,
  facts: FaultFacts,
  target: { namespace: string; app: string; labels?: Record<string, string>; only?: number },
): FaultRecipe {
  const chosen = (): Process[] =>
    processesOf(scene, target.app)
      .filter((one) =>
        Object.entries(target.labels ?? {}).every(
          ([key, value]) => one.instance.pod.metadata.labels?.[key] === value,
        ),
      )
      .slice(0, target.only)
  return {
    ...facts,
    inject: async () => {
      for (const process of chosen()) scene.hung.add(process.instance.pod.metadata.uid)
    },
    active: () =>
      processesOf(scene, target.app).some(
        (one) =>
          scene.hung.has(one.instance.pod.metadata.uid) &&
          Object.entries(target.labels ?? {}).every(
            ([key, value]) => one.instance.pod.metadata.labels?.[key] === value,
          ),
      ),
    clear: async () => {
      for (const process of processesOf(scene, target.app))
        scene.hung.delete(process.instance.pod.metadata.uid)
    },
    settleMs: 4_000,
  }
}

/** A condition of each process of an app, which a restart (or the program's own command) takes away. */
export function markFault(
  scene: Scene,
  facts: FaultFacts,
  app: string,
  mark: string,
  settleMs = 2_500,
): FaultRecipe {
  return {
    ...facts,
    inject: async () => markAll(scene, app, mark),
    active: () => anyMarked(scene, app, mark),
    clear: async () => {
      for (const marks of scene.marks.values()) marks.delete(mark)
    },
    settleMs,
  }
}

/** A change of one object, with the former state kept for the practice switch. */
export function objectFault(
  scene: Scene,
  facts: FaultFacts,
  target: { kind: string; namespace: string; name: string },
  change: (object: KubeObject) => void,
  isWrong: (object: KubeObject | undefined) => boolean,
  repair: (object: KubeObject) => void,
): FaultRecipe {
  const { kind, namespace, name } = target
  return {
    ...facts,
    inject: async () => {
      scene.cluster.update(kind, namespace, name, change, 'ci-deployer')
    },
    active: () => isWrong(scene.cluster.get(kind, namespace, name)),
    clear: async () => {
      scene.cluster.update(kind, namespace, name, repair)
    },
    settleMs: 4_000,
  }
}
