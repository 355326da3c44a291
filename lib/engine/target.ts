import 'server-only'
import { fail, type Result } from '../core/result'
import { env, isPractice } from '../env'
import { stopping } from '../live/stopping'
import { loadBoardRunbook } from '../runbooks/library'
import { installedRunbooks } from '../runbooks/store'
import type { Runbook } from '../runbooks/types'
import { type Cluster, connectCluster } from '../targets/cluster/connect'

/** The runbook whose cards come first. */
export const RUNBOOK_ID = 'backend-services'

const kept = globalThis as typeof globalThis & { crashcartCluster?: { key: string; cluster: Cluster } }

/** The cluster of this installation: the practice one, or the context that CRASHCART_CONTEXT names. */
export function targetCluster(): Result<Cluster> {
  const settings = env()
  const practice = isPractice(settings)
  const file = practice ? settings.CRASHCART_PRACTICE_KUBECONFIG : undefined
  if (practice && !file)
    return fail('target_unavailable', 'The practice cluster is not running.', {
      hint: 'Start Crashcart with npm start, which starts it too, or set CRASHCART_CONTEXT to a context of your kubeconfig.',
    })
  const key = file ?? settings.CRASHCART_CONTEXT ?? ''
  if (kept.crashcartCluster?.key === key) return { ok: true, value: kept.crashcartCluster.cluster }
  forgetCluster()
  const connected = connectCluster({
    practice,
    // This process looks again and again, for many people.
    watchPods: true,
    ...(file ? { kubeconfigFile: file } : {}),
    ...(settings.CRASHCART_CONTEXT ? { context: settings.CRASHCART_CONTEXT } : {}),
  })
  if (connected.ok) {
    kept.crashcartCluster = { key, cluster: connected.value }
    stopping().addEventListener('abort', forgetCluster, { once: true })
  }
  return connected
}

/** Ends what goes on in the background on the cluster of this installation; the next question connects anew. */
export function forgetCluster(): void {
  kept.crashcartCluster?.cluster.stop()
  delete kept.crashcartCluster
}

/** All runbooks, those of the folder and the installed ones, as one board, compiled. */
export async function targetRunbook(): Promise<Result<Runbook>> {
  return loadBoardRunbook(RUNBOOK_ID, undefined, await installedRunbooks())
}
