/** The real cluster, in this order: one process, since the cluster lives in it. */
import { afterAll, beforeAll } from 'vitest'
import { checksSuite } from './suite/checks'
import { faultsSuite } from './suite/faults'
import { fixesSuite } from './suite/fixes'
import { sameSuite } from './suite/same'
import {
  type Clusters,
  kubectlProgram,
  practiceCluster,
  realCluster,
  stopClusters,
  type UnderTest,
} from './suite/under-test'

let both: Clusters

beforeAll(async () => {
  const [practice, real] = await Promise.all([practiceCluster(), realCluster()])
  both = { practice, real }
}, 600_000)
afterAll(stopClusters, 60_000)

const side = <Name extends UnderTest['name']>(name: Name) => ({
  name,
  kubeconfigFile: both[name].kubeconfigFile,
  kubectl: kubectlProgram(),
})

checksSuite('real')
fixesSuite('real', () => sameSuite(() => ({ practice: side('practice'), real: side('real') })))
// Last: after its restarts of the API server the controllers take their time to come back.
faultsSuite()
