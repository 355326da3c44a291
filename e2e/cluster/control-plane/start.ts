/** etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok and metrics-server as processes of this test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeApi, until } from '../kube-api'
import { CONTROL_PLANE_IP, SERVICE_CIDR } from '../node/network'

/** Who may call the API server: user → groups. `crashcart` is what the dashboard runs as. */
const USERS: Record<string, string> = {
  admin: 'system:masters',
  crashcart: 'system:masters',
  'controller-manager': 'system:masters',
  scheduler: 'system:masters',
  kwok: 'system:masters',
  node: 'system:masters',
  'metrics-server': 'system:masters',
  limited: 'limited',
}

export type User = keyof typeof USERS

export interface ControlPlane {
  server: string
  /** As `admin`. */
  api: KubeApi
  /** A kubeconfig (YAML) of one of the users, context `test`. */
  kubeconfig(user: string): string
  /** The same as a file. */
  kubeconfigFile(user: string): string
  /** The API server's own record of requests, one JSON object a line. */
  auditLog: string
  /** Ends the API server and starts it again; resolves when it is ready. `whileDown` runs in between. */
  restartApiServer(whileDown?: () => Promise<void>): Promise<void>
  /** Makes etcd forget every revision before the present one, as the API server does every five minutes. */
  compact(): Promise<void>
  /** kwok, which keeps the nodes alive, and their kubelet towards the API server. kwok's types must exist. */
  startNodes(): void
  startMetricsServer(): void
  stop(): Promise<void>
}

const KUBELET_PORT = 10250
const ETCD = 'http://127.0.0.1:2379'

const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    users: [controller-manager, scheduler, kwok, node, metrics-server, "system:apiserver"]
  - level: Metadata
    resources: [{group: "", resources: [secrets]}]
  - level: Request
`

/** Starts everything in `folder` and waits until the API server is ready. `podsFolder` is where
 * the node agent writes what runs in each pod. */
export async function startControlPlane(options: {
  programs: Record<string, string>
  folder: string
  podsFolder: string
}): Promise<ControlPlane> {
  const { programs, folder, podsFolder } = options
  const place = (name: string) => join(folder, name)
  for (const name of ['logs', 'etcd', 'certificates', 'kubeconfigs'])
    mkdirSync(place(name), { recursive: true })
  const children = new Map<string, ChildProcess>()
  const run = (name: string, args: string[]) => {
    const program = programs[name]
    if (!program) throw new Error(`There is no program ${name}.`)
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: folder },
    })
    const log = createWriteStream(place(`logs/${name}.log`), { flags: 'a' })
    child.stdout?.pipe(log)
    child.stderr?.pipe(log)
    child.on('error', (cause) => log.write(`${cause}\n`))
    children.set(name, child)
    return child
  }
  const end = async (name: string, signal: NodeJS.Signals = 'SIGTERM') => {
    const child = children.get(name)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    const killed = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await gone
    clearTimeout(killed)
  }

  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(
    place('certificates/service-account.key'),
    keys.privateKey.export({ type: 'pkcs1', format: 'pem' }),
    {
      mode: 0o600,
    },
  )
  writeFileSync(
    place('certificates/service-account.pub'),
    keys.publicKey.export({ type: 'spki', format: 'pem' }),
  )
  const tokens = Object.fromEntries(
    Object.keys(USERS).map((user) => [user, randomBytes(24).toString('base64url')]),
  )
  writeFileSync(
    place('tokens.csv'),
    Object.entries(USERS)
      .map(([user, group]) => `${tokens[user]},${user},${user},"${group}"\n`)
      .join(''),
    { mode: 0o600 },
  )
  writeFileSync(place('audit-policy.yaml'), AUDIT_POLICY)

  run('etcd', [
    '--data-dir',
    place('etcd'),
    '--unsafe-no-fsync',
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    '--listen-peer-urls=http://127.0.0.1:2380',
    '--initial-advertise-peer-urls=http://127.0.0.1:2380',
    '--initial-cluster=default=http://127.0.0.1:2380',
    '--log-level=warn',
  ])
  const server = `https://${CONTROL_PLANE_IP}:6443`
  const startApiServer = () =>
    run('kube-apiserver', [
      `--etcd-servers=${ETCD}`,
      `--service-cluster-ip-range=${SERVICE_CIDR}`,
      '--secure-port=6443',
      '--bind-address=0.0.0.0',
      `--advertise-address=${CONTROL_PLANE_IP}`,
      `--cert-dir=${place('certificates')}`,
      `--token-auth-file=${place('tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${place('certificates/service-account.pub')}`,
      `--service-account-signing-key-file=${place('certificates/service-account.key')}`,
      '--kubelet-preferred-address-types=InternalIP',
      `--audit-policy-file=${place('audit-policy.yaml')}`,
      `--audit-log-path=${place('audit.log')}`,
      '--audit-log-mode=blocking',
      '--enable-aggregator-routing=true',
      '--shutdown-delay-duration=0s',
    ])
  startApiServer()
  await until(
    () => readFileSync(place('certificates/apiserver.crt'), 'utf8').includes('END CERTIFICATE'),
    'the API server has made its certificate',
  )
  // Self-signed: the certificate is its own authority.
  const certificateAuthority = readFileSync(place('certificates/apiserver.crt'), 'utf8')
  const kubeconfig = (user: string) =>
    `apiVersion: v1
kind: Config
current-context: test
clusters:
  - name: test
    cluster:
      server: ${server}
      certificate-authority-data: ${Buffer.from(certificateAuthority).toString('base64')}
contexts:
  - name: test
    context: { cluster: test, user: ${user} }
users:
  - name: ${user}
    user: { token: ${tokens[user]} }
`
  const kubeconfigFile = (user: string) => {
    const file = place(`kubeconfigs/${user}.yaml`)
    writeFileSync(file, kubeconfig(user), { mode: 0o600 })
    return file
  }
  const api = new KubeApi({ server, certificateAuthority, token: tokens.admin ?? '' })
  const ready = () =>
    until(async () => (await api.send('GET', '/readyz')).status === 200, 'the API server is ready', 120_000)
  await ready()

  run('kube-controller-manager', [
    `--kubeconfig=${kubeconfigFile('controller-manager')}`,
    `--service-account-private-key-file=${place('certificates/service-account.key')}`,
    `--root-ca-file=${place('certificates/apiserver.crt')}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    // The autoscaler looks twice a minute by default, which a test would wait for.
    '--horizontal-pod-autoscaler-sync-period=5s',
  ])
  run('kube-scheduler', [
    `--kubeconfig=${kubeconfigFile('scheduler')}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
  ])
  kubeconfigFile('node')
  return {
    server,
    api,
    kubeconfig,
    kubeconfigFile,
    auditLog: place('audit.log'),
    async restartApiServer(whileDown) {
      await end('kube-apiserver', 'SIGKILL')
      await whileDown?.()
      startApiServer()
      await ready()
    },
    async compact() {
      const etcd = async (path: string, question: object) => {
        const answer = await fetch(`${ETCD}${path}`, {
          method: 'POST',
          body: JSON.stringify(question),
          signal: AbortSignal.timeout(10_000),
        })
        if (!answer.ok) throw new Error(`etcd: ${path}: ${await answer.text()}`)
        return answer.json()
      }
      const { header } = await etcd('/v3/kv/range', { key: Buffer.from('/').toString('base64') })
      await etcd('/v3/kv/compaction', { revision: header.revision, physical: true })
    },
    async stop() {
      await Promise.all(
        [...children.keys()]
          .filter((name) => name !== 'etcd' && name !== 'kube-apiserver')
          .map((n) => end(n)),
      )
      await end('kube-apiserver')
      await end('etcd')
    },
    startNodes() {
      run('kubelet', [`--address=${CONTROL_PLANE_IP}:${KUBELET_PORT}`, `--pods=${podsFolder}`])
      run('kwok', [
        `--kubeconfig=${kubeconfigFile('kwok')}`,
        '--manage-all-nodes=true',
        `--node-ip=${CONTROL_PLANE_IP}`,
        `--node-port=${KUBELET_PORT}`,
        '--server-address=127.0.0.1:10247',
        '--cidr=10.245.0.0/16',
        '--enable-crds=Stage',
        // Without a lease the nodes would be taken for lost after 50 s.
        '--node-lease-duration-seconds=40',
      ])
    },
    startMetricsServer() {
      run('metrics-server', [
        `--kubeconfig=${kubeconfigFile('metrics-server')}`,
        `--authentication-kubeconfig=${kubeconfigFile('metrics-server')}`,
        `--authorization-kubeconfig=${kubeconfigFile('metrics-server')}`,
        '--secure-port=4443',
        `--cert-dir=${place('certificates/metrics-server')}`,
        '--kubelet-insecure-tls',
        '--kubelet-use-node-status-port',
        '--kubelet-preferred-address-types=InternalIP',
        // The aggregator of this test has no client certificate to show when it asks what is served.
        '--authorization-always-allow-paths=/healthz,/readyz,/livez,/apis/*,/openapi/*',
        '--metric-resolution=10s',
        '--kubelet-request-timeout=5s',
      ])
    },
  }
}
