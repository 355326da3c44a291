// npm run test:cluster: the checks and fixes on a real control plane with real programs, and on the practice cluster.
// Building and installing happen here, with the network of the machine; the tests run in a network, process and mount
// namespace of their own, which takes everything with it when it ends.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testGivenCluster } from './given-cluster.mjs'
import { ensureInstalled, ROOT, say } from './setup.mjs'
import { tellReport, tellTable } from './test-report.mjs'

/** "Nothing to run it on", as test drivers say it (automake's exit status for a skipped test). */
const NOTHING_TO_RUN_ON = 77

function cannot(why) {
  say(`npm run test:cluster cannot run here: ${why}`)
  process.exit(NOTHING_TO_RUN_ON)
}

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Debian package → whether what it brings is there. */
const PACKAGES = {
  postgresql: () =>
    existsSync('/usr/lib/postgresql') &&
    readdirSync('/usr/lib/postgresql').some((version) =>
      existsSync(`/usr/lib/postgresql/${version}/bin/initdb`),
    ),
  'redis-server': () => existsSync('/usr/bin/redis-server'),
  prometheus: () => existsSync('/usr/bin/prometheus'),
  iproute2: () => runs('ip', '-V'),
  'util-linux': () => runs('unshare', '--version') && runs('nsenter', '--version'),
  curl: () => existsSync('/usr/bin/curl'),
}

function ensurePackages() {
  const missing = Object.keys(PACKAGES).filter((name) => !PACKAGES[name]())
  if (missing.length === 0) return
  if (process.getuid?.() === 0 && runs('apt-get', '--version')) {
    say(`Installing ${missing.join(', ')} …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
      stdio: ['ignore', 2, 2],
      env,
    })
  }
  const still = missing.filter((name) => !PACKAGES[name]())
  if (still.length > 0) cannot(`install the packages ${still.join(', ')}.`)
}

const context = process.env.CRASHCART_TEST_CONTEXT
if (context) {
  ensureInstalled()
  const told = testGivenCluster(context, process.argv.slice(2))
  if (told.missing) cannot(told.missing)
  process.exit(told.status)
}
if (process.platform !== 'linux') cannot('pods are namespaces of Linux.')
if (process.getuid?.() !== 0)
  cannot('it makes network namespaces, which takes root (or a container that is root).')
ensureInstalled()
ensurePackages()
const { tsImport } = await import('tsx/esm/api')
const { cacheFolder, controlPlanePrograms } = await tsImport(
  '../e2e/cluster/control-plane/binaries.ts',
  import.meta.url,
)
const { kafkaJars } = await tsImport('../e2e/cluster/kafka-jars.ts', import.meta.url)
const built = controlPlanePrograms(say)
if (built.missing) cannot(built.missing)
const jars = await kafkaJars(cacheFolder())
if (jars.missing) cannot(jars.missing)
const own = ['--net', '--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc']
if (!runs('unshare', ...own, 'true')) cannot('this machine does not let it make namespaces (unshare).')

const folder = mkdtempSync(join(tmpdir(), 'crashcart-test-cluster-'))
// The databases run as another user, who passes through here.
chmodSync(folder, 0o711)
const table = join(folder, 'table.jsonl')
const report = join(folder, 'report.json')
writeFileSync(table, '')
const bench = process.argv.includes('--bench')
const program = bench
  ? [process.execPath, '--conditions=react-server', '--import', 'tsx', 'bench/real.ts']
  : [
      process.execPath,
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'e2e/cluster/vitest.config.ts',
      '--reporter=verbose',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ]
// Pods see their own folder there; the empty place for it is made on the machine, and goes again.
const BACKUP = '/backup'
const hadBackup = existsSync(BACKUP)
// Nothing reaches even itself before lo is up. A shell as first process of the namespace, since it reaps what outlives its parent.
const done = spawnSync(
  'unshare',
  [...own, 'sh', '-c', 'ip link set lo up && "$@"; exit $?', 'sh', ...program],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      // Process numbers begin anew in the namespace, so nothing that is named by one may be shared with the outside.
      CRASHCART_HOME: join(folder, 'home'),
      CRASHCART_CLUSTER_PROGRAMS: JSON.stringify(built.programs),
      CRASHCART_KAFKA_CLASS_PATH: jars.classPath,
      CRASHCART_CLUSTER_TABLE: table,
    },
  },
)

tellTable(table)
tellReport(report)
rmSync(folder, { recursive: true, force: true })
if (!hadBackup && existsSync(BACKUP)) rmdirSync(BACKUP)
process.exit(done.status ?? 1)
