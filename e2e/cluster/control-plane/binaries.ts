/**
 * The programs of a control plane, built from the modules pinned in e2e/cluster/go.mod and kept between runs.
 * It runs before the test's own network exists, since building needs the network.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Name of the program → the package it is built from. */
const PACKAGES: Record<string, string> = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  kwok: 'sigs.k8s.io/kwok/cmd/kwok',
  'metrics-server': 'sigs.k8s.io/metrics-server/cmd/metrics-server',
  kubelet: './kubelet',
}

/** Where programs and jars are kept between runs; safe to delete. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'crashcart', 'cluster')
}

function goVersion(): string | undefined {
  const asked = spawnSync('go', ['version'], { encoding: 'utf8' })
  return asked.status === 0 ? asked.stdout.trim() : undefined
}

/**
 * Path of each program, built or found. `KUBEBUILDER_ASSETS` serves those that it has (etcd, kube-apiserver, kubectl);
 * the others are built. `{ missing }` says in a sentence why one cannot be had.
 */
export function controlPlanePrograms(
  say: (text: string) => void,
): { programs: Record<string, string> } | { missing: string } {
  const assets = process.env.KUBEBUILDER_ASSETS
  const programs: Record<string, string> = {}
  const toBuild: string[] = []
  for (const name of Object.keys(PACKAGES)) {
    const given = assets ? join(assets, name) : undefined
    if (given && existsSync(given)) programs[name] = given
    else toBuild.push(name)
  }
  const pins = createHash('sha256').update(readFileSync(join(HERE, 'go.sum')))
  pins.update(readFileSync(join(HERE, 'go.mod'))).update(process.arch)
  const folder = join(cacheFolder(), pins.digest('hex').slice(0, 16))
  const ours = createHash('sha256').update(readFileSync(join(HERE, 'kubelet', 'main.go')))
  // Our own program changes without a change of the pins, so its name carries what it was built from.
  const kept: Record<string, string> = { kubelet: `kubelet-${ours.digest('hex').slice(0, 12)}` }
  const placeOf = (name: string) => join(folder, kept[name] ?? name)
  const missing = toBuild.filter((name) => !existsSync(placeOf(name)))
  if (missing.length > 0) {
    const go = goVersion()
    if (!go)
      return {
        missing: `Go is not installed, so ${missing.join(', ')} cannot be built; install Go.`,
      }
    mkdirSync(folder, { recursive: true })
    say(`Building ${missing.join(', ')} with ${go} (once; this can take a quarter of an hour) …`)
    for (const name of missing) {
      const half = join(folder, `${name}.part`)
      const built = spawnSync(
        'go',
        ['build', '-trimpath', '-ldflags', '-s -w', '-o', half, PACKAGES[name] ?? ''],
        {
          cwd: HERE,
          stdio: ['ignore', 2, 2],
        },
      )
      if (built.status !== 0) {
        rmSync(half, { force: true })
        return { missing: `${name} could not be built; what go said stands above.` }
      }
      // Renamed when whole: a build that was ended half-way must not be taken for a program.
      renameSync(half, placeOf(name))
      say(`  built ${name}`)
    }
  }
  for (const name of toBuild) programs[name] = placeOf(name)
  return { programs }
}
