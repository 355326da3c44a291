// CRASHCART_TEST_CONTEXT: the comparison of the practice cluster with a disposable cluster that somebody gave, kind for
// example. No program of the test runs in its pods, so checks, fixes and faults stay with the control plane that the
// test starts itself.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './setup.mjs'
import { tellReport } from './test-report.mjs'

const ACCOUNT = 'crashcart-test'
const NAMESPACE = 'kube-system'
/** Pulled from a registry; any two releases of a program that runs without arguments will do. */
const IMAGES = 'registry.k8s.io/pause:3.9,registry.k8s.io/pause:3.10'

/**
 * Runs the comparison with the cluster of a kubeconfig context, with its own token, or as an account that is made for it and goes afterwards.
 * Gives vitest's exit status, or `missing`: a sentence that says why it cannot run.
 */
export function testGivenCluster(context, rest) {
  const kubectl = (...words) =>
    spawnSync('kubectl', ['--context', context, ...words], { encoding: 'utf8', timeout: 30_000 })
  const config = kubectl('config', 'view', '--minify', '--raw', '--flatten', '-o', 'json')
  if (config.status !== 0) return { missing: `kubectl has no context ${context}: ${said(config)}` }
  const { clusters, users } = JSON.parse(config.stdout)
  const [{ cluster }] = clusters
  const own = users[0]?.user?.token
  const folder = mkdtempSync(join(tmpdir(), 'crashcart-test-given-'))
  const report = join(folder, 'report.json')
  const kubeconfig = join(folder, 'kubeconfig')
  try {
    const token = own ? { value: own } : makeAccount(kubectl)
    if (token.missing)
      return { missing: `an account for the test cannot be made in ${context}: ${token.missing}` }
    const of = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'given',
      clusters: [{ name: 'given', cluster }],
      users: [{ name: 'given', user: { token: token.value } }],
      contexts: [{ name: 'given', context: { cluster: 'given', user: 'given' } }],
    }
    writeFileSync(kubeconfig, JSON.stringify(of), { mode: 0o600 })
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/cluster/vitest.config.ts']
    const { status } = spawnSync(
      process.execPath,
      [...vitest, '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`, ...rest],
      {
        cwd: ROOT,
        stdio: 'inherit',
        env: {
          CRASHCART_TEST_IMAGES: IMAGES,
          ...process.env,
          CRASHCART_TEST_KUBECONFIG: kubeconfig,
          CRASHCART_CLUSTER_PROGRAMS: JSON.stringify({ kubectl: 'kubectl' }),
        },
      },
    )
    tellReport(report)
    return { status: status ?? 1 }
  } finally {
    if (!own) {
      kubectl('delete', 'clusterrolebinding', ACCOUNT, '--ignore-not-found')
      kubectl('delete', 'serviceaccount', ACCOUNT, '-n', NAMESPACE, '--ignore-not-found')
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

function said({ error, stderr }) {
  return error ? error.message : stderr.trim()
}

/** The comparison sends plain requests with a token, and a kubeconfig of kind holds a certificate. */
function makeAccount(kubectl) {
  kubectl('create', 'serviceaccount', ACCOUNT, '-n', NAMESPACE)
  const subject = `--serviceaccount=${NAMESPACE}:${ACCOUNT}`
  const bound = kubectl('create', 'clusterrolebinding', ACCOUNT, '--clusterrole=cluster-admin', subject)
  const token = kubectl('create', 'token', ACCOUNT, '-n', NAMESPACE, '--duration=1h')
  return token.status === 0 ? { value: token.stdout.trim() } : { missing: said(bound) || said(token) }
}
