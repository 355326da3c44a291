import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from './server'
import { createSmallWorld } from './small-world'
import type { RunningSandbox } from './types'

const run = promisify(execFile)

function kubectlVersion(): string | undefined {
  try {
    const text = execFileSync('kubectl', ['version', '--client', '-o', 'json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return JSON.parse(text.toString()).clientVersion.gitVersion
  } catch {
    return undefined
  }
}

const version = kubectlVersion()
const suitable = version !== undefined && /^v1\.(2[89]|3[0-3])\./.test(version)
if (!suitable)
  console.warn(
    `kubectl 1.28 to 1.33 was not found (${version ?? 'none'}), so the practice cluster is not tried with it.`,
  )

describe.skipIf(!suitable)('a real kubectl on the practice cluster', () => {
  let sandbox: RunningSandbox
  let folder: string

  beforeAll(async () => {
    sandbox = await startSandbox({ world: createSmallWorld() })
    folder = mkdtempSync(join(tmpdir(), 'crashcart-kubectl-'))
    writeFileSync(join(folder, 'config'), sandbox.kubeconfig)
  })
  afterAll(async () => {
    await sandbox.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function kubectl(...args: string[]): Promise<{ out: string; err: string; code: number }> {
    const env = { ...process.env, KUBECONFIG: join(folder, 'config'), HOME: folder }
    try {
      const { stdout, stderr } = await run('kubectl', args, { env, timeout: 30_000 })
      return { out: stdout, err: stderr, code: 0 }
    } catch (cause) {
      const failed = cause as { stdout?: string; stderr?: string; code?: number }
      return { out: failed.stdout ?? '', err: failed.stderr ?? '', code: failed.code ?? -1 }
    }
  }

  /** A pod that is not on its way out: a rollout counts as done while the old ones still end. */
  async function stayingPod(): Promise<string> {
    const { out } = await kubectl('get', 'pods', '-n', 'demo', '-l', 'app=echo', '-o', 'json')
    const { items } = JSON.parse(out) as {
      items: { metadata: { name: string; deletionTimestamp?: string } }[]
    }
    return items.find((one) => !one.metadata.deletionTimestamp)?.metadata.name ?? ''
  }

  /** What a watch prints within some milliseconds. */
  async function watch(ms: number): Promise<string> {
    const env = { ...process.env, KUBECONFIG: join(folder, 'config'), HOME: folder }
    const failed = await run('kubectl', ['get', 'pods', '-n', 'demo', '-w'], { env, timeout: ms }).catch(
      (cause) => cause,
    )
    return String(failed.stdout)
  }

  it('gets tables, wide, by label, in all namespaces, as YAML and JSON', async () => {
    expect((await kubectl('get', 'pods', '-n', 'demo')).out).toMatch(
      /NAME +READY +STATUS +RESTARTS +AGE\necho-\S+ +1\/1 +Running +0 +\d+d/,
    )
    expect((await kubectl('get', 'pods', '-A')).out).toContain('kube-system')
    expect((await kubectl('get', 'pods', '-n', 'demo', '-o', 'wide', '-l', 'app=echo')).out).toMatch(
      /node-[ab]/,
    )
    expect((await kubectl('get', 'pods', '-n', 'demo', '-l', 'app=none')).err).toContain('No resources found')
    expect((await kubectl('get', 'configmap', 'settings', '-n', 'demo', '-o', 'yaml')).out).toContain(
      'mode: calm',
    )
    const service = JSON.parse((await kubectl('get', 'service', 'echo', '-n', 'demo', '-o', 'json')).out)
    expect(service.spec.selector).toEqual({ app: 'echo' })
    expect((await kubectl('get', 'pods', 'nothing', '-n', 'demo')).err).toContain('pods "nothing" not found')
  })

  it('describes, reads logs, and runs a program with its exit code', async () => {
    const described = await kubectl('describe', 'pod', '-n', 'demo', '-l', 'app=echo')
    expect(described.out).toContain('Readiness:    http-get http://:http/ready')
    expect((await kubectl('logs', 'deployment/echo', '-n', 'demo')).out).toContain('INFO started')
    expect((await kubectl('exec', 'deploy/echo', '-n', 'demo', '--', 'echo', 'hello')).out).toBe(
      'echo hello\n',
    )
    const failed = await kubectl('exec', 'deploy/echo', '-n', 'demo', '--', 'false')
    expect(failed.code).toBe(3)
  })

  it('shows usage and rights', async () => {
    expect((await kubectl('top', 'pods', '-n', 'demo')).out).toMatch(/echo-\S+ +120m +200Mi/)
    expect((await kubectl('auth', 'can-i', 'delete', 'pods')).out.trim()).toBe('yes')
  })

  it('scales and rolls a deployment, and takes it back', async () => {
    await kubectl('scale', 'deployment', 'echo', '-n', 'demo', '--replicas=4')
    expect(
      (await kubectl('rollout', 'status', 'deployment/echo', '-n', 'demo', '--timeout=20s')).out,
    ).toContain('successfully rolled out')
    const before = JSON.parse(
      (await kubectl('get', 'pods', '-n', 'demo', '-l', 'app=echo', '-o', 'json')).out,
    ).items
    expect(before).toHaveLength(4)
    await kubectl('rollout', 'restart', 'deployment/echo', '-n', 'demo')
    await kubectl('rollout', 'status', 'deployment/echo', '-n', 'demo', '--timeout=30s')
    const after = JSON.parse(
      (await kubectl('get', 'pods', '-n', 'demo', '-l', 'app=echo', '-o', 'json')).out,
    ).items.filter((pod: { metadata: { deletionTimestamp?: string } }) => !pod.metadata.deletionTimestamp)
    const uids = new Set(before.map((pod: { metadata: { uid: string } }) => pod.metadata.uid))
    expect(after.filter((pod: { metadata: { uid: string } }) => uids.has(pod.metadata.uid))).toEqual([])
    expect((await kubectl('rollout', 'undo', 'deployment/echo', '-n', 'demo')).out).toContain('rolled back')
    expect((await kubectl('rollout', 'history', 'deployment/echo', '-n', 'demo')).out).toMatch(
      /2 +<none>\n3 +<none>/,
    )
  })

  it('patches in three ways and refuses what is invalid', async () => {
    await kubectl(
      'patch',
      'cm',
      'settings',
      '-n',
      'demo',
      '--type',
      'merge',
      '-p',
      '{"data":{"mode":"merged"}}',
    )
    await kubectl(
      'patch',
      'cm',
      'settings',
      '-n',
      'demo',
      '--type',
      'json',
      '-p',
      '[{"op":"add","path":"/data/more","value":"x"}]',
    )
    const map = JSON.parse((await kubectl('get', 'cm', 'settings', '-n', 'demo', '-o', 'json')).out)
    expect(map.data).toEqual({ mode: 'merged', more: 'x' })
    const limits = (memory: string) =>
      JSON.stringify({
        spec: { template: { spec: { containers: [{ name: 'echo', resources: { limits: { memory } } }] } } },
      })
    await kubectl('patch', 'deployment', 'echo', '-n', 'demo', '-p', limits('512Mi'))
    const deployment = JSON.parse(
      (await kubectl('get', 'deployment', 'echo', '-n', 'demo', '-o', 'json')).out,
    )
    expect(deployment.spec.template.spec.containers[0].resources.limits).toEqual({
      cpu: '500m',
      memory: '512Mi',
    })
    const refused = await kubectl('patch', 'deployment', 'echo', '-n', 'demo', '-p', limits('1Mi'))
    expect(refused.err).toContain('must be less than or equal to memory limit of 1Mi')
  })

  it('creates and applies, once', async () => {
    expect(
      (await kubectl('create', 'secret', 'generic', 'key', '-n', 'demo', '--from-literal=a=b')).out,
    ).toContain('secret/key created')
    expect(
      (await kubectl('create', 'secret', 'generic', 'key', '-n', 'demo', '--from-literal=a=b')).err,
    ).toContain('secrets "key" already exists')
    const file = join(folder, 'map.yaml')
    writeFileSync(
      file,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied, namespace: demo}\ndata: {a: "1"}\n',
    )
    expect((await kubectl('apply', '-f', file)).out).toContain('configmap/applied created')
    expect((await kubectl('apply', '-f', file)).out).toContain('configmap/applied unchanged')
    const dry = await kubectl(
      'patch',
      'cm',
      'applied',
      '-n',
      'demo',
      '--type',
      'merge',
      '-p',
      '{"data":{"a":"2"}}',
      '--dry-run=server',
      '-o',
      'json',
    )
    expect(JSON.parse(dry.out).data.a).toBe('2')
    expect(JSON.parse((await kubectl('get', 'cm', 'applied', '-n', 'demo', '-o', 'json')).out).data.a).toBe(
      '1',
    )
  })

  it('answers 409 to a stale replace and 429 to an eviction that a budget forbids', async () => {
    const file = join(folder, 'stale.json')
    const map = JSON.parse((await kubectl('get', 'cm', 'settings', '-n', 'demo', '-o', 'json')).out)
    await kubectl(
      'patch',
      'cm',
      'settings',
      '-n',
      'demo',
      '--type',
      'merge',
      '-p',
      '{"data":{"mode":"newer"}}',
    )
    writeFileSync(file, JSON.stringify(map))
    expect((await kubectl('replace', '-f', file)).err).toContain('the object has been modified')
    await kubectl('scale', 'deployment', 'echo', '-n', 'demo', '--replicas=3')
    await kubectl('rollout', 'status', 'deployment/echo', '-n', 'demo', '--timeout=30s')
    const pod = await stayingPod()
    const evicted = await fetch(`${sandbox.url}/api/v1/namespaces/demo/pods/${pod}/eviction`, {
      method: 'POST',
      body: '{}',
    })
    expect(evicted.status).toBe(429)
  })

  it('deletes pods, which come back, and watches them', async () => {
    const name = await stayingPod()
    expect((await kubectl('delete', 'pod', name, '-n', 'demo')).out).toContain('deleted')
    expect(
      (await kubectl('wait', '--for=condition=Available', 'deployment/echo', '-n', 'demo', '--timeout=20s'))
        .out,
    ).toContain('condition met')
    const watched = await watch(2_000)
    expect(watched).toContain('echo-')
  })
})
