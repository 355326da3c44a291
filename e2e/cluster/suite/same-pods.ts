/** Pods: logs, exec, evictions and deletions. */
import { describe, it } from 'vitest'
import { IMAGE } from './same-objects'
import {
  type Cluster,
  compare,
  eventually,
  type Json,
  NAMESPACE,
  object,
  plain,
  type Sides,
  said,
} from './same-side'

const TWO = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'two', namespace: NAMESPACE, labels: { app: 'two' } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: ['first', 'second'].map((name, at) => ({
      name,
      image: IMAGE,
      ports: [{ containerPort: 8080 + at }],
    })),
  },
}

export function podsSuite(sides: Sides): void {
  const same = (what: string, look: (cluster: Cluster) => Promise<unknown>) =>
    it(what, () => compare(sides, look))
  const line = (text: string) => same(`kubectl ${text}`, async (cluster) => said(await cluster.kubectl(text)))

  describe('pods', () => {
    same('a Pod of two containers as the API server takes it', async (cluster) => {
      const { status, body } = await cluster.send('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, TWO)
      await eventually('it runs', async () => (await cluster.json('get pod two')).status.phase === 'Running')
      const { spec } = body
      return {
        status,
        spec: object({
          ...spec,
          volumes: undefined,
          containers: spec.containers.map((one: Json) => ({ ...one, volumeMounts: undefined })),
        }),
        first: object(body.status),
      }
    })
    line('logs two -c absent')
    line('logs two -c first --previous')
    line('logs store-0 --previous')
    line('exec two -c absent -- true')
    line('exec absent -- true')

    same('logs without a container', async (cluster) => {
      const { err, code } = await cluster.kubectl('logs two --tail=1')
      return { err, code }
    })
    for (const query of [
      '',
      'container=absent',
      'container=first&previous=true',
      'container=first&tailLines=-1',
    ])
      same(`GET log?${query}`, async (cluster) => {
        const { status, body } = await cluster.send(
          'GET',
          `/api/v1/namespaces/${NAMESPACE}/pods/two/log?${query}`,
        )
        return { status, body: object(body) }
      })
    same('an eviction that a budget forbids', async (cluster) => {
      const pod = (await cluster.json('get pods -l app=echo')).items[0].metadata.name
      const { status, body } = await cluster.send(
        'POST',
        `/api/v1/namespaces/${NAMESPACE}/pods/${pod}/eviction`,
        {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: pod, namespace: NAMESPACE },
        },
      )
      return { status, body: object(body) }
    })
    same('an eviction that nothing forbids, of what is not there, and a dry one', async (cluster) => {
      const evict = (name: string, dry = '') =>
        cluster.send('POST', `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction${dry}`, {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace: NAMESPACE },
        })
      const absent = await evict('absent')
      const dry = await evict('two', '?dryRun=All')
      const there = (await cluster.kubectl('get pod two')).code
      return { absent: object(absent), dry: object(dry), there, done: object(await evict('two')) }
    })
    same('a pod that was evicted goes', async (cluster) => {
      await eventually('it is gone', async () => (await cluster.kubectl('get pod two')).code === 1)
      return said(await cluster.kubectl('get pod two'))
    })
    same('deleting a pod of a StatefulSet brings it back under its name', async (cluster) => {
      const before = await cluster.json('get pod store-0')
      const deleted = await cluster.send('DELETE', `/api/v1/namespaces/${NAMESPACE}/pods/store-0`)
      await eventually('it is back', async () => {
        const now = await cluster.kubectl('get pod store-0 -o json')
        return now.code === 0 && JSON.parse(now.out).metadata.uid !== before.metadata.uid
      })
      const status = plain(await cluster.must('rollout status sts/store --timeout=30s'))
        .trim()
        .split('\n')
        .at(-1)
      return {
        status: deleted.status,
        kind: deleted.body.kind,
        grace: deleted.body.metadata.deletionGracePeriodSeconds,
        going: typeof deleted.body.metadata.deletionTimestamp,
        rollout: status,
      }
    })
    same('kubectl delete pod', async (cluster) => {
      const name = (await cluster.json('get pods -l app=agent')).items[0].metadata.name
      const deleted = said(await cluster.kubectl(`delete pod ${name}`))
      await cluster.must('rollout status ds/agent --timeout=30s')
      return deleted
    })
  })
}
