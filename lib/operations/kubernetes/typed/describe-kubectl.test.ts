import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readKubectl } from '@/lib/runbooks/kubectl'
import { typeOfManifest } from '@/lib/runbooks/kubectl-resources'
import { oddObjects } from '@/lib/runbooks/printers/describe/testing'
import { type Cluster, connectCluster } from '@/lib/targets/cluster/connect'
import { fieldMatcher, labelMatcher } from '@/sandbox/api/selectors'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import { read } from './read'

const run = promisify(execFile)

function versionOfKubectl(): string | undefined {
  try {
    const text = execFileSync('kubectl', ['version', '--client', '-o', 'json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return JSON.parse(text.toString()).clientVersion.gitVersion
  } catch {
    return undefined
  }
}

const version = versionOfKubectl()
const suitable = version !== undefined && /^v1\.3[12]\./.test(version)
if (!suitable)
  console.warn(
    `kubectl 1.31 or 1.32 was not found (${version ?? 'none'}), so describe is not compared with it.`,
  )

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crashcart-describe-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What kubectl prints; it fails with what kubectl says of errors when it prints nothing. */
async function real(config: string, words: readonly string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: config, HOME: folder, TZ: 'UTC' }
  const { stdout } = await run('kubectl', ['describe', ...words], {
    env,
    timeout: 60_000,
    maxBuffer: 1 << 24,
  }).catch((cause: { stdout?: string; stderr?: string }) => {
    if (!cause.stdout) throw new Error(`kubectl describe ${words.join(' ')}: ${cause.stderr}`)
    return { stdout: cause.stdout }
  })
  return stdout
}

async function ours(cluster: Cluster, words: readonly string[], now: number): Promise<string> {
  const argv = ['describe', ...words]
  if ('manual' in readKubectl(argv)) throw new Error(`not read: ${words.join(' ')}`)
  const context = {
    cluster: cluster.reader,
    signal: AbortSignal.timeout(60_000),
    now: () => new Date(now),
    secrets: {},
  }
  const { raw, summary } = await read.run(context, { words: argv })
  const [first] = raw
  return first && !first.failed ? first.text : `${first?.label ?? 'no text'} (${summary})`
}

/** Lines that kubectl 1.32 writes in an order left to chance, in one that is not. */
function withoutChance(text: string): string {
  const [head = '', data] = text.split(/(?<=\nData\n====\n)/)
  return data === undefined ? text : head + data.split('\n').sort().join('\n')
}

/** Both texts, alike when kubectl took its ages at some moment of its run. */
async function compare(cluster: Cluster, config: string, words: readonly string[]) {
  let pair = { words, real: '', ours: '' }
  for (let tries = 0; tries < 4; tries++) {
    const start = Date.now()
    const expected = withoutChance(await real(config, words))
    for (let at = start; at <= Date.now() + 1_000; at += 500) {
      pair = { words, real: expected, ours: withoutChance(await ours(cluster, words, at)) }
      if (pair.ours === pair.real) return undefined
    }
  }
  return pair
}

describe.skipIf(!suitable)('describe prints what kubectl prints, of odd objects', () => {
  const objects = oddObjects(Date.now())
  let server: Server
  let cluster: Cluster
  let config: string

  beforeAll(async () => {
    server = createServer((request, response) => {
      const answer = answerOf(new URL(request.url ?? '/', 'http://odd'))
      response.writeHead(answer.code ?? 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const kubeconfig = [
      'apiVersion: v1',
      'kind: Config',
      `clusters: [{name: odd, cluster: {server: "http://127.0.0.1:${port}", insecure-skip-tls-verify: true}}]`,
      'users: [{name: odd, user: {}}]',
      'contexts: [{name: odd, context: {cluster: odd, user: odd}}]',
      'current-context: odd',
    ].join('\n')
    config = join(folder, 'odd.yaml')
    writeFileSync(config, kubeconfig)
    const connected = connectCluster({ kubeconfig, practice: true })
    if (!connected.ok) throw new Error(connected.error.message)
    cluster = connected.value
  })
  afterAll(() => server.close())

  const types = new Map(
    objects.map(({ apiVersion = '', kind = '' }) => {
      const type = typeOfManifest(apiVersion, kind)
      return [`${apiVersion} ${kind}`, { ...type, apiVersion, custom: undefined }] as const
    }),
  )

  function answerOf({ pathname, searchParams }: URL): { code?: number; [key: string]: unknown } {
    const groups = [...new Set(objects.map(({ apiVersion = '' }) => apiVersion))].filter(
      (one) => one !== 'v1',
    )
    if (pathname === '/api') return { kind: 'APIVersions', versions: ['v1'] }
    if (pathname === '/apis') {
      const named = groups.map((groupVersion) => {
        const [name, one] = groupVersion.split('/')
        const versions = [{ groupVersion, version: one }]
        return { name, versions, preferredVersion: versions[0] }
      })
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: named }
    }
    const [, groupVersion = '', rest] = /^\/apis?\/(v1|[^/]+\/[^/]+)(?:\/(.*))?$/.exec(pathname) ?? []
    const served = [...types.values()].filter(({ apiVersion }) => apiVersion === groupVersion)
    if (rest === undefined) {
      const resources = served.map(({ plural, kind, namespaced }) => ({
        name: plural,
        singularName: kind.toLowerCase(),
        kind,
        namespaced,
        verbs: ['get', 'list'],
      }))
      return { kind: 'APIResourceList', groupVersion, resources }
    }
    const [, namespace, plural = '', name] =
      /^(?:namespaces\/([^/]+)\/)?([^/]+)(?:\/([^/]+))?$/.exec(rest) ?? []
    const type = served.find((one) => one.plural === plural)
    const labels = labelMatcher(searchParams.get('labelSelector'))
    const fields = fieldMatcher(searchParams.get('fieldSelector'), type?.kind)
    const found = objects.filter(
      (one) =>
        one.kind === type?.kind &&
        (!namespace || one.metadata.namespace === namespace) &&
        (name ? one.metadata.name === name : labels(one.metadata.labels ?? {}) && fields(one as never)),
    )
    if (!name) return { kind: `${type?.kind}List`, apiVersion: groupVersion, metadata: {}, items: found }
    return (
      found[0] ?? {
        kind: 'Status',
        apiVersion: 'v1',
        code: 404,
        status: 'Failure',
        reason: 'NotFound',
        message: `${plural}${groupVersion.includes('/') ? `.${groupVersion.split('/')[0]}` : ''} "${name}" not found`,
      }
    )
  }

  it.each([
    'pod odd-pod',
    'pod odd-ending odd-guaranteed',
    'pod odd-pod --show-events=false',
    'pods -l app=odd',
    'pods -A',
    'pod odd',
    'deployment odd',
    'replicasets',
    'statefulset/odd-set',
    'daemonset odd-agents',
    'job odd-job',
    'cronjob odd-nightly',
    'service odd-service odd-headless',
    'ingress',
    'persistentvolumeclaims',
    'configmap settings nothing',
    'secret db',
    'serviceaccounts',
    'horizontalpodautoscaler odd-scale',
    'node odd-node',
    'namespace default',
    'widget gear',
    'lease odd-node -n kube-node-lease',
    'persistentvolumes',
    'storageclass fast slow',
    'poddisruptionbudgets',
    'priorityclass high',
    'clusterrole reader',
    'role none',
    'rolebinding readers',
    'networkpolicies',
    'ingressclass edge',
    'endpoints',
    'endpointslices',
    'resourcequotas',
    'limitranges',
    'events',
    'deployment/odd service/odd-headless',
  ])('%s', { timeout: 60_000 }, async (line) => {
    const differs = await compare(cluster, config, line.split(' '))
    expect(differs?.ours).toEqual(differs?.real)
  })
})

describe.skipIf(!suitable)('describe prints what kubectl prints, of the practice cluster', () => {
  let sandbox: RunningSandbox
  let cluster: Cluster
  let config: string

  beforeAll(async () => {
    sandbox = await startSandbox({ world: createWorld({ settle: true }) })
    config = join(folder, 'practice.yaml')
    writeFileSync(config, sandbox.kubeconfig)
    const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
    if (!connected.ok) throw new Error(connected.error.message)
    cluster = connected.value
  }, 60_000)
  afterAll(() => sandbox.stop())

  it.each([
    'node node-a',
    'nodes',
    'pods -n backend-services',
    'pods -n storage -l app=redis',
    'pod backend-api -n backend-services',
    'deployment backend-api -n backend-services',
    'deployments -n ai-services',
    'rs -n cms',
    'sts -n storage',
    'ds fluentd -n observability',
    'svc -n backend-services',
    'svc -n messaging',
    'pvc -n storage',
    'hpa backend-api -n backend-services',
    'ingress public-api -n api-gateway',
    'ns storage',
    'cm fluentd-config -n observability',
    'cm backend-api-config -n backend-services',
    'secret jwt-secret -n backend-services',
    'pdb -n backend-services',
    'endpoints -n cms',
    'endpointslices -n messaging',
    'job,limits,quota,sa -n cms',
  ])('%s', { timeout: 60_000 }, async (line) => {
    const differs = await compare(cluster, config, line.split(' '))
    expect(differs?.ours).toEqual(differs?.real)
  })
})
