/** Which pods and objects a line means: never others than kubectl would touch. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import { compiled } from '../runbooks/language/testing'
import { type Cluster, connectCluster } from '../targets/cluster/connect'
import { RESOURCE } from '../targets/resource-types'
import { resolvePods } from './resolve-pods'

let sandbox: RunningSandbox
let cluster: Cluster

beforeAll(async () => {
  sandbox = await startSandbox({ world: createWorld({ settle: true }) })
  const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
  if (!connected.ok) throw new Error(connected.error.message)
  cluster = connected.value
}, 60_000)
afterAll(() => sandbox.stop())

/** Operation and parameters of the only step of a line. */
function stepOf(line: string): [string | undefined, unknown] {
  const [step] = compiled(line).bound
  return [step?.operation, step?.params]
}

describe('a selector', () => {
  const podsOf = async (selector: string) => {
    const found = await resolvePods({ cluster: cluster.reader }, { namespace: 'storage', selector })
    return found.ok ? found.value.pods.map((pod) => pod.metadata.name) : found.error.code
  }

  it.each([
    ['app=redis', (one: Labels) => one.app === 'redis'],
    ['app==redis', (one: Labels) => one.app === 'redis'],
    ['app!=redis', (one: Labels) => one.app !== 'redis'],
    ['app in (redis,kafka)', (one: Labels) => one.app === 'redis'],
    ['app notin (redis)', (one: Labels) => one.app !== 'redis'],
    ['role', (one: Labels) => one.role !== undefined],
    ['!role', (one: Labels) => one.role === undefined],
    ['role,role!=primary', (one: Labels) => one.role !== undefined && one.role !== 'primary'],
  ])('%s means what the API server says', async (selector, means) => {
    const all = await cluster.reader.list(RESOURCE.Pod, { namespace: 'storage' })
    if (!all.ok) throw new Error(all.error.message)
    const wanted = all.value.filter((pod) => means(pod.metadata.labels ?? {}))
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.length).toBeLessThan(all.value.length)
    expect(await podsOf(selector)).toEqual(wanted.map((pod) => pod.metadata.name))
  })

  it('that is none means no pod', async () => {
    expect(await podsOf('app in redis')).toBe('invalid_input')
  })
})
type Labels = Record<string, string>

describe('a name with something to fill in', () => {
  it.each([
    ['kubectl logs <cluster>-0 -n shop', { words: ['logs', '<cluster>-0', '-n', 'shop'] }],
    ['kubectl logs <CLUSTER>-<N> -n shop', { words: ['logs', '<cluster>-<n>', '-n', 'shop'] }],
    ['kubectl logs etcd-<node> -n shop', { words: ['logs', 'etcd-<node>', '-n', 'shop'] }],
    [
      'kubectl describe pod <cluster>-<n> -n shop',
      { words: ['describe', 'pod', '<cluster>-<n>', '-n', 'shop'] },
    ],
    ['kubectl logs web-<pod-id> -n shop', { namespace: 'shop', prefix: 'web-' }],
    ['kubectl logs web-<hash> -n shop', { namespace: 'shop', prefix: 'web-' }],
  ])('%s', (line, params) => {
    expect(stepOf(line)[1]).toEqual(params)
  })
})

describe('several objects', () => {
  it.each([
    ['kubectl delete pods,services -l name=web -n shop', 'kubernetes.delete-object'],
    [`kubectl patch cm/a cm/b -n shop -p '{"data":{"x":"y"}}'`, 'kubernetes.change-object'],
    ['kubectl rollout status deploy/a deploy/b -n shop', 'kubernetes.progress'],
    ['kubectl rollout restart deploy/a deploy/b -n shop', 'kubernetes.change-object'],
    ['kubectl scale deploy/a deploy/b --replicas=2 -n shop', 'kubernetes.change-object'],
    ['kubectl describe pod a b -n shop', 'kubernetes.read'],
    ['kubectl describe pods,pvc -l app=x -n shop', 'kubernetes.read'],
    ['kubectl describe pods -l app=x -A', 'kubernetes.read'],
    ['kubectl get hpa -A', 'kubernetes.read'],
    ['kubectl get cm -l app=x -n shop', 'kubernetes.read'],
    ['kubectl get cm a b -n shop', 'kubernetes.read'],
    ['kubectl get secret a b -n shop', 'kubernetes.read'],
  ])('%s keeps all of its words', (line, operation) => {
    expect(stepOf(line)).toEqual([operation, { words: expect.any(Array) }])
  })

  it('are left to a person where no operation takes all of them', () => {
    expect(stepOf('kubectl rollout undo deploy/a deploy/b -n shop')[0]).toBeUndefined()
    expect(stepOf('kubectl autoscale deploy/a deploy/b --max=2 --cpu-percent=50')[0]).toBeUndefined()
  })
})

describe('what is taken for what it is not', () => {
  it.each([
    ['curl -k https://kubernetes.default.svc.cluster.local/healthz', undefined],
    ['curl https://prometheus.monitoring:9090/api/v1/targets', undefined],
    ['curl http://web.shop:8080/health', 'http.get'],
    ['kubectl cluster-info dump', undefined],
    ['kubectl cluster-info dump --output-directory=/tmp/state', undefined],
    ['kubectl cluster-info', 'kubernetes.served'],
    ['kubectl top pod a b -n shop', undefined],
  ])('%s', (line, operation) => {
    expect(stepOf(line)[0]).toBe(operation)
  })

  it('a setting by part of a word, or outside the settings', () => {
    const ruleOf = (line: string) => (stepOf(line)[1] as { rule?: string }).rule
    expect(ruleOf('kubectl get configmap cattle-controllers -n kube-system')).toBeUndefined()
    expect(ruleOf('kubectl get configmap token-lifetime -n shop')).toBe('ttl')
    expect(ruleOf('kubectl get configmap web -n shop -o yaml | grep -A 10 DB_POOL')).toBe('pool')
    expect(stepOf("kubectl get configmap web -n shop -o jsonpath='{.metadata.annotations}'")[0]).toBe(
      'kubernetes.read',
    )
  })

  it('an autoscaler without a measure is one for CPU, as the API server makes it', () => {
    expect(stepOf('kubectl autoscale deploy web --min=2 --max=10 -n shop')).toEqual([
      'kubernetes.create-autoscaler',
      { namespace: 'shop', workload: 'deployment/web', min: 2, max: 10, cpuPercent: 80 },
    ])
  })
})

describe('a container by its name', () => {
  it('is the one that is read, and the one in which a program runs', () => {
    expect(stepOf('kubectl logs web-0 -c istio-proxy -n shop')).toEqual([
      'kubernetes.logs',
      { namespace: 'shop', pod: 'web-0', container: 'istio-proxy' },
    ])
    expect(stepOf('kubectl logs web-0 istio-proxy -n shop')[1]).toMatchObject({ container: 'istio-proxy' })
    for (const line of [
      'kubectl exec pg-0 -c postgres -n shop -- psql -c "SELECT * FROM pg_stat_replication"',
      'kubectl exec redis-0 -c redis -n shop -- redis-cli INFO memory',
      'kubectl exec redis-0 -c redis -n shop -- redis-cli FLUSHALL',
    ])
      expect(stepOf(line)[1], line).toEqual({ words: expect.arrayContaining(['-c']) })
  })

  it('whose log is asked for in another way is read so', () => {
    for (const flag of ['--previous', '-p', '--since=1h', '--all-containers'])
      expect(stepOf(`kubectl logs web-0 ${flag} -n shop`)[0], flag).toBe('kubernetes.logs-as-typed')
  })
})

it('a URL of the own machine is a person’s', () => {
  for (const url of ['http://localhost:9090/api/v1/targets', 'http://127.0.0.1:8080/health'])
    expect(compiled(`curl ${url}`).lines[0]?.reason).toBe(
      `It asks the machine of the person who types it (${url}).`,
    )
  expect(stepOf('kubectl exec web-0 -n shop -- curl http://localhost:8080/health')[0]).toBe('http.get')
})

describe('a workload', () => {
  it.each([
    ['kubectl scale rollout/cms-web --replicas=3 -n cms', 'kubernetes.change-object'],
    ['kubectl scale rs cms-web --replicas=3 -n cms', 'kubernetes.change-object'],
    ['kubectl scale <kind>/cms-web --replicas=3 -n cms', 'kubernetes.change-object'],
    ['kubectl rollout restart <type>/<name> -n cms', 'kubernetes.change-object'],
    ['kubectl scale deploy cms-web --replicas=3 -n cms', 'kubernetes.scale'],
  ])('%s is of its own kind', (line, operation) => {
    expect(stepOf(line)[0]).toBe(operation)
  })

  it.each([
    'kubectl scale deploy web --replicas=3 --replicas=0 -n shop',
    `kubectl patch deploy web -n shop -p '{"spec":{"replicas":0}}'`,
    `kubectl patch sts web -n shop --type=merge -p 'spec: {replicas: 0}'`,
    `kubectl patch deploy web -n shop --type=json -p '[{"op":"replace","path":"/spec/replicas","value":0}]'`,
  ])('%s stops it, which takes a second person', (line) => {
    expect(stepOf(line)[0]).toBe('kubernetes.stop-objects')
  })
})

describe('who picks a pod', () => {
  it('is the person where it matters which', () => {
    expect(stepOf('kubectl exec redis-<shard-id> -n shop -- redis-cli FLUSHALL')[1]).toHaveProperty('words')
    expect(stepOf('kubectl logs web-<tenant-id> -n shop')[1]).toHaveProperty('words')
  })

  it('and a container is told apart from a namespace of its name', () => {
    expect(stepOf('kubectl exec -n redis redis-0 -c redis -- redis-cli FLUSHALL')[1]).toHaveProperty('words')
  })
})

it('no more objects are named than a person could look through', () => {
  const many = `kubectl delete ${'pod,'.repeat(1_000)}svc ${'a '.repeat(1_000)}`
  const started = performance.now()
  expect(compiled(many).lines[0]?.reason).toBe('It names more than 200 objects.')
  expect(performance.now() - started).toBeLessThan(1_000)
})
