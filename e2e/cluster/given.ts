/** The practice cluster beside one that somebody gave (CRASHCART_TEST_CONTEXT). */
import { afterAll, beforeAll } from 'vitest'
import { sameSuite } from './suite/same'
import { kubectlProgram, practiceCluster, stopClusters, type UnderTest } from './suite/under-test'

let practice: UnderTest

beforeAll(async () => {
  practice = await practiceCluster()
}, 120_000)
afterAll(stopClusters, 60_000)

sameSuite(() => ({
  practice: { name: 'practice', kubeconfigFile: practice.kubeconfigFile, kubectl: kubectlProgram() },
  real: {
    name: 'real',
    kubeconfigFile: process.env.CRASHCART_TEST_KUBECONFIG ?? '',
    kubectl: kubectlProgram(),
  },
}))
