/** The comparison with kubectl on the practice cluster. */
import { compareWithKubectl } from './compare'
import { behindNetwork, startPracticeChild } from './practice-child'

/** As to a cluster in another city. On loopback nothing is ever waited for, which no cluster of anybody's is like. */
const ROUND_TRIP_MS = 40

const practice = await startPracticeChild()
try {
  console.log('The practice cluster on loopback')
  const near = await compareWithKubectl({ ...practice, kubectl: 'kubectl' })
  console.log(`The practice cluster ${ROUND_TRIP_MS} ms away`)
  const network = await behindNetwork(practice, ROUND_TRIP_MS)
  const far = await compareWithKubectl({ ...network, kubectl: 'kubectl' }).finally(network.stop)
  if (!near || !far) process.exitCode = 1
} finally {
  await practice.stop()
}
