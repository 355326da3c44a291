/** One suite, two clusters: what kubectl and Crashcart see must be the same on the practice cluster and a real one. */
import { afterAll, beforeAll, describe } from 'vitest'
import { answersSuite } from './same-answers'
import { objectsSuite } from './same-json'
import { OBJECTS } from './same-objects'
import { podsSuite } from './same-pods'
import { refusalsSuite } from './same-refusals'
import { rolloutSuite } from './same-rollout'
import { Cluster, eventually, NAMESPACE, type Side, type Sides } from './same-side'
import { tablesSuite } from './same-tables'

export type { Side }

/** Registers the comparison; `sides` is asked when its first test runs. */
export function sameSuite(sides: Sides): void {
  const each = async (work: (cluster: Cluster) => Promise<unknown>) => {
    const { practice, real } = sides()
    await Promise.all([work(new Cluster(practice)), work(new Cluster(real))])
  }

  describe('the practice cluster beside a real one', () => {
    beforeAll(async () => {
      await each(async (cluster) => {
        await cluster.must(`create namespace ${NAMESPACE}`)
        // The service account of a namespace comes a moment after it, and pods need it.
        await eventually(
          'there is a service account',
          async () => (await cluster.kubectl('get sa default')).code === 0,
        )
        for (const object of OBJECTS) await cluster.must('create -f -', object)
        for (const workload of ['deploy/echo', 'sts/store', 'ds/agent'])
          await cluster.must(`rollout status ${workload} --timeout=60s`)
        await eventually('the autoscaler and the budget have looked', async () => {
          const { items } = await cluster.json('get hpa,pdb')
          return items[0].status?.conditions !== undefined && items[1].status?.expectedPods === 2
        })
      })
    })
    afterAll(() => each((cluster) => cluster.must(`delete namespace ${NAMESPACE}`)))

    tablesSuite(sides)
    objectsSuite(sides)
    refusalsSuite(sides)
    answersSuite(sides)
    podsSuite(sides)
    rolloutSuite(sides)
  })
}
