/** Rollouts: ReplicaSets and revisions in their order, scaling, pausing, history and undo. */
import { describe, it } from 'vitest'
import { NEXT_IMAGE, PATHS } from './same-objects'
import { sequenceOfRestart } from './same-sequence'
import { type Cluster, compare, eventually, type Json, object, type Sides, said } from './same-side'

const REVISION = 'deployment.kubernetes.io/revision'

export function rolloutSuite(sides: Sides): void {
  const same = (what: string, look: (cluster: Cluster) => Promise<unknown>) =>
    it(what, () => compare(sides, look))
  const line = (text: string) => same(`kubectl ${text}`, async (cluster) => said(await cluster.kubectl(text)))

  describe('rollouts', () => {
    line('rollout status deploy/echo')
    line('rollout history deploy/echo')
    line('rollout history deploy/echo --revision=9')
    line('rollout undo deploy/echo')

    same('the scale subresource', async (cluster) => {
      const path = `${PATHS.deployments}/echo/scale`
      const read = await cluster.send('GET', path)
      const same = await cluster.patch(path, { spec: { replicas: 2 } })
      const negative = await cluster.patch(path, { spec: { replicas: -1 } })
      const stale = await cluster.send('PUT', path, {
        ...read.body,
        metadata: { ...read.body.metadata, resourceVersion: '1' },
        spec: { replicas: 3 },
      })
      return object({ read, same, negative, stale })
    })
    same('kubectl scale', async (cluster) => {
      const up = said(await cluster.kubectl('scale deploy echo --replicas=3'))
      const status = await cluster.must('rollout status deploy/echo --timeout=30s')
      const wrong = said(await cluster.kubectl('scale deploy echo --current-replicas=7 --replicas=2'))
      const down = said(await cluster.kubectl('scale deploy echo --replicas=2'))
      await cluster.must('rollout status deploy/echo --timeout=30s')
      return {
        up,
        status: status.trim().split('\n').at(-1),
        wrong,
        down,
        spec: (await cluster.json('get deploy echo')).spec.replicas,
      }
    })
    same('a restart: ReplicaSets, revisions and the last word', async (cluster) => {
      const restarted = said(await cluster.kubectl('rollout restart deploy/echo'))
      const status = await cluster.must('rollout status deploy/echo --timeout=60s')
      return {
        restarted,
        status: status.trim().split('\n').at(-1),
        sets: await sets(cluster),
        deployment: await stateOf(cluster),
      }
    })
    same('a change of the image, its history and the way back', async (cluster) => {
      const changed = said(await cluster.kubectl(`set image deploy/echo echo=${NEXT_IMAGE}`))
      await cluster.must('rollout status deploy/echo --timeout=60s')
      const history = said(await cluster.kubectl('rollout history deploy/echo'))
      const one = said(await cluster.kubectl('rollout history deploy/echo --revision=1'))
      const undone = said(await cluster.kubectl('rollout undo deploy/echo --to-revision=1'))
      await cluster.must('rollout status deploy/echo --timeout=60s')
      return {
        ...{ changed, history, one, undone },
        again: said(await cluster.kubectl('rollout undo deploy/echo --to-revision=4')),
        after: said(await cluster.kubectl('rollout history deploy/echo')),
        sets: await sets(cluster),
        deployment: await stateOf(cluster),
      }
    })
    same('a paused Deployment', async (cluster) => {
      const texts = []
      for (const line of [
        'rollout pause deploy/echo',
        'rollout pause deploy/echo',
        'rollout restart deploy/echo',
        'rollout undo deploy/echo',
        'rollout resume deploy/echo',
        'rollout resume deploy/echo',
      ])
        texts.push(said(await cluster.kubectl(line)))
      await cluster.must('rollout status deploy/echo --timeout=60s')
      return { texts, deployment: await stateOf(cluster) }
    })
    same('a restarted StatefulSet and DaemonSet', async (cluster) => {
      const texts = []
      for (const workload of ['sts/store', 'ds/agent']) {
        texts.push(said(await cluster.kubectl(`rollout restart ${workload}`)))
        texts.push(
          (await cluster.must(`rollout status ${workload} --timeout=60s`))
            .trim()
            .split('\n')
            .at(-1)
            ?.replace(/store-\w+/g, 'store-<hash>'),
        )
        texts.push(said(await cluster.kubectl(`rollout history ${workload}`)))
      }
      return texts
    })
    same('what a watch sees of a restart, in order', sequenceOfRestart)
    same('what a Deployment owns goes with it', async (cluster) => {
      const deleted = said(await cluster.kubectl('delete deploy echo --cascade=foreground'))
      return {
        deleted,
        sets: said(await cluster.kubectl('get rs')),
        pods: said(await cluster.kubectl('get pods -l app=echo')),
      }
    })
  })
}

/** Revision and size of each ReplicaSet, in the order of their revisions. */
async function sets(cluster: Cluster): Promise<unknown> {
  const { items } = await cluster.json('get rs -l app=echo')
  return items
    .map((one: Json) => ({
      annotations: one.metadata.annotations,
      replicas: one.spec.replicas,
      ready: one.status.readyReplicas ?? null,
      observed: one.status.observedGeneration === one.metadata.generation,
    }))
    .sort((a: Json, b: Json) => Number(a.annotations[REVISION]) - Number(b.annotations[REVISION]))
}

/** What a Deployment says of itself after a rollout. */
async function stateOf(cluster: Cluster): Promise<unknown> {
  await eventually(
    'the pods of before are gone',
    async () => (await cluster.json('get deploy echo')).status.terminatingReplicas === 0,
  )
  const { metadata, status, spec } = await cluster.json('get deploy echo')
  return object({
    annotations: metadata.annotations,
    generation: metadata.generation,
    paused: spec.paused,
    status,
  })
}
