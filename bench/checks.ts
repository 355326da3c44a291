/** The comparison with kubectl on the practice cluster. */
import { compareWithKubectl } from './compare'
import { startPracticeChild } from './practice-child'

const practice = await startPracticeChild()
try {
  const reached = await compareWithKubectl({
    kubeconfigFile: practice.kubeconfigFile,
    kubectl: 'kubectl',
    requests: () => practice.requests(),
  })
  if (!reached) process.exitCode = 1
} finally {
  await practice.stop()
}
