/** The same comparison on a real API server with real programs; started by npm run bench inside a network of its own. */
import { readFileSync } from 'node:fs'
import { startTestCluster } from '../e2e/cluster/world'
import { compareWithKubectl } from './compare'
import { manyPods } from './crowd'

const programs = JSON.parse(process.env.CRASHCART_CLUSTER_PROGRAMS ?? '{}')
const cluster = await startTestCluster({
  programs,
  kafkaClassPath: process.env.CRASHCART_KAFKA_CLASS_PATH ?? '',
})
try {
  await cluster.settled(240_000)
  await cluster.seed()
  const { controlPlane } = cluster
  const reached = await compareWithKubectl({
    kubeconfigFile: controlPlane.kubeconfigFile('crashcart'),
    kubectl: programs.kubectl,
    // The API server's own record: each request has one id, however many stages are written of it.
    requests: async () => {
      const ids = readFileSync(controlPlane.auditLog, 'utf8').matchAll(
        /"auditID":"([0-9a-f-]+)"[^\n]*"username":"crashcart"/g,
      )
      return new Set([...ids].map((match) => match[1])).size
    },
  })
  if (!reached) process.exitCode = 1
  if (!(await manyPods(cluster))) process.exitCode = 1
} finally {
  await cluster.stop()
}
process.exit()
