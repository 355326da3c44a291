import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CATALOGUE, operationById } from '@/lib/operations/catalogue'
import { compile } from '@/lib/runbooks/compile'
import { printedText } from '@/lib/runbooks/filters/printed'
import { type Cluster, connectCluster } from '@/lib/targets/cluster/connect'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'

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
// Later ones leave equal rows in another order (see go-sort.ts).
const found = version !== undefined && /^v1\.(2[89]|3[0-2])\./.test(version)
if (!found)
  console.warn(
    `kubectl 1.28 to 1.32 was not found (${version ?? 'none'}), so texts are not compared with it.`,
  )

/** Ages may turn between two looks: so often both are asked again. */
const LOOKS = 5

const LINES: Record<string, string[]> = {
  'tables, sorted': [
    'get events -A --sort-by=.lastTimestamp',
    'get events -n storage --sort-by=.metadata.creationTimestamp',
    'get events -n storage --sort-by={.lastTimestamp} -o wide',
    'get pods -A --sort-by=.status.containerStatuses[0].restartCount',
    'get pods -A --sort-by=.metadata.creationTimestamp --no-headers',
    'get pods -A --sort-by=.status.phase -o wide --show-labels',
    'get pods -A --sort-by=.spec.nodeName',
    'get pods -A --sort-by=metadata.name',
    'get pods -A --sort-by=.status.podIP',
    'get pods -A --sort-by=.metadata.labels.app',
    'get pods -A --sort-by=.spec.containers[0].resources.requests.memory',
    'get pods -A --sort-by=.spec.containers[0].ports[0].containerPort',
    'get pods -A --sort-by=.metadata.labels.role',
    'get pods -n storage --sort-by=.status.containerStatuses[0].restartCount -L app',
    'get pod redis-0 -n storage --sort-by=.nope',
    'get deployments -A --sort-by=.status.readyReplicas',
    'get configmaps,services -n backend-services -o json --sort-by=.metadata.name',
    'get pods -A -o name --sort-by=.spec.nodeName',
    'get deployments -n backend-services -o yaml --show-managed-fields',
    'get pods -n storage -o jsonpath={.items[0].metadata.name} --allow-missing-template-keys=false',
  ],
  tables: [
    'get pods -A -L app,app.kubernetes.io/name',
    'get pods -n storage --label-columns=app --label-columns example.com/Tier --no-headers',
    'get pods -n storage -L app --show-labels -o wide',
    'get pods,services -n storage',
    'get pods,services,ingresses -A -o wide',
    'get pods,services -n storage --no-headers',
    'get nodes,pods -A --show-labels',
    'get nodes -A -o wide',
    'get pods -n storage --show-kind',
    'get deployments,events -n api-gateway --show-kind -o wide',
    'get ingresses,secrets,endpoints -A',
    'get pod redis-0 postgresql-primary-0 -n storage',
    'get pod/redis-0 service/redis pod/postgresql-primary-0 -n storage',
    'get pod redis-0 nothing -n storage',
    'get pods/redis-0 svc/nothing -n storage',
    'get all -n api-gateway',
    'get all -A',
    'get pdb,hpa,sts,ds,quota,limits -A',
    'get ns',
    'get pods -l app=nothing -n storage',
    'get pods -A --field-selector=status.phase!=Running',
  ],
  usage: [
    'top pods -A',
    'top pods -n storage',
    'top pod -n storage --no-headers',
    'top pods -A --sort-by=cpu',
    'top pods -A --sort-by=memory --no-headers',
    'top pods -A --containers',
    'top pods -n storage --containers --sort-by=memory',
    'top pods -n storage --sum',
    'top pods -A --containers --sum',
    'top pods -A --sum --no-headers',
    'top pod redis-0 -n storage --containers',
    'top pods -A -l app=redis',
    'top nodes',
    'top node node-b',
    'top nodes --no-headers --sort-by=memory',
    'top nodes --sort-by=cpu --show-capacity',
  ],
  events: [
    'events -A',
    'events -n storage --no-headers',
    'events -n storage --for pod/redis-0',
    'events --for=deployment/kong -n api-gateway',
    'events -A --types=Warning',
    'events -A --types=normal,Warning',
  ],
  rollouts: [
    'rollout status deployment/kong -n api-gateway',
    'rollout status deployment/kong -n api-gateway --watch=false',
    'rollout status statefulset redis -n storage',
    'rollout history deployment/kong -n api-gateway',
    'rollout history deploy backend-api -n backend-services',
  ],
  'what the API server serves': [
    'api-resources',
    'api-resources -o wide',
    'api-resources -o name',
    'api-resources --verbs=list --namespaced -o name',
    'api-resources --verbs=get,list --namespaced=false',
    'api-resources --api-group=apps --no-headers',
    'api-resources --api-group= -o name',
    'api-resources --sort-by=name',
    'api-resources --sort-by=kind --categories=all',
    'api-versions',
    'auth can-i list pods -n storage',
    'auth can-i delete deployments.apps/kong -n api-gateway',
    'auth can-i get pods --subresource=log -A',
    'auth can-i get /healthz',
  ],
}

describe.skipIf(!found)('what kubectl prints (skipped where no such kubectl is installed)', () => {
  let sandbox: RunningSandbox
  let cluster: Cluster
  let folder: string

  beforeAll(async () => {
    sandbox = await startSandbox({ world: createWorld({ settle: true }) })
    const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
    if (!connected.ok) throw new Error(connected.error.message)
    cluster = connected.value
    folder = mkdtempSync(join(tmpdir(), 'crashcart-texts-'))
    writeFileSync(join(folder, 'config'), sandbox.kubeconfig)
  }, 60_000)
  afterAll(async () => {
    await sandbox.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Standard output; what it prints beside an error counts too. */
  async function kubectl(words: string[]): Promise<string> {
    const env = { ...process.env, HOME: folder, KUBECONFIG: join(folder, 'config') }
    return run('kubectl', words, { env, timeout: 20_000, maxBuffer: 16 << 20 }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout?: string }) => stdout ?? '',
    )
  }

  /** What the pipe behind a line is given to read here. */
  async function ours(line: string): Promise<string | { refused: string }> {
    const text = ['# T', '', '### Card', '', '```bash', `kubectl ${line} | cut -c1-9`, '```', ''].join('\n')
    const { runbook } = compile({ text, file: 'a.md', catalogue: CATALOGUE })
    const [step] = runbook.cards.flatMap((card) => card.steps)
    if (step?.kind !== 'check') return { refused: step?.kind === 'guide' ? step.reason : 'no check' }
    const { operation: id, params } = step.printed ?? step
    const operation = operationById(id)
    if (operation?.effect !== 'read') throw new Error(id)
    const context = {
      cluster: cluster.reader,
      signal: AbortSignal.timeout(30_000),
      now: () => new Date(),
      secrets: {},
    }
    const printed = printedText(await operation.run(context, operation.params.parse(params)))
    return 'failed' in printed ? { refused: printed.failed } : printed.text
  }

  it.each(Object.keys(LINES))('%s', { timeout: 180_000 }, async (about) => {
    const wrong: object[] = []
    for (const line of LINES[about] ?? []) {
      let last: object | undefined
      for (let look = 0; look < LOOKS; look++) {
        const words = line.split(' ')
        const [expected, got] = await Promise.all([kubectl(words), ours(line)])
        last = expected === got ? undefined : { line, expected, got }
        if (!last || typeof got !== 'string') break
      }
      if (last) wrong.push(last)
    }
    expect(wrong).toEqual([])
  })
})
