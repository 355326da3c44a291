import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import type { Cluster } from '../../../targets/cluster/connect'
import { RESOURCE } from '../../../targets/resource-types'
import { isComplete } from '../../../verdicts/rollout'
import { type LinesAtHand, linesAtHand, operationFor } from './testing'

let at: LinesAtHand
let sandbox: RunningSandbox
let cluster: Cluster

beforeAll(async () => {
  sandbox = await startSandbox({ world: createWorld({ settle: true }) })
  at = linesAtHand(sandbox.kubeconfig)
  cluster = at.cluster
}, 60_000)

afterAll(() => sandbox.stop())

const look = (line: string) => at.look(line)
const press = (line: string) => at.press(line)

describe('looking', () => {
  it.each([
    ['kubectl get statefulsets -n storage', 'kubernetes.read', 'pass'],
    ['kubectl get nodes -o wide', 'kubernetes.read', 'pass'],
    ['kubectl describe node node-a', 'kubernetes.read', undefined],
    ['kubectl describe deployment kong -n api-gateway', 'kubernetes.read', 'pass'],
    ['kubectl get all -n api-gateway', 'kubernetes.read', 'pass'],
    ['kubectl events -n storage', 'kubernetes.read', 'pass'],
    ['kubectl logs -f deployment/kong -n api-gateway', 'kubernetes.logs-as-typed', undefined],
    ['kubectl top nodes', 'kubernetes.top', undefined],
    ['kubectl auth can-i list pods -n storage', 'kubernetes.rights', 'pass'],
    ['kubectl api-resources', 'kubernetes.served', 'pass'],
    ['kubectl rollout history deployment/kong -n api-gateway', 'kubernetes.progress', 'pass'],
    ['kubectl wait --for=condition=Available deployment/kong -n api-gateway', 'kubernetes.progress', 'pass'],
  ])('%s', async (line, id, verdict) => {
    expect(operationFor(line).operation.id).toBe(id)
    const result = await look(line)
    expect(result.summary).not.toMatch(/broke/)
    if (verdict) expect(result.verdict, result.summary).toBe(verdict)
  })

  it('says that something is absent, and that a resource is not served', async () => {
    expect(await look('kubectl get deployment nowhere -n storage')).toMatchObject({
      verdict: 'fail',
      summary: 'Deployment nowhere in storage does not exist',
    })
    expect(await look('kubectl get widgets.example.org -n storage')).toMatchObject({ verdict: 'unknown' })
  })

  it('never shows what is in a secret', async () => {
    const secret = await cluster.reader.get(RESOURCE.Secret, 'jwt-secret', 'backend-services')
    if (!secret.ok) throw new Error(secret.error.message)
    const value = Object.values(secret.value.data as Record<string, string>)[0] ?? ''
    const result = await look('kubectl describe secret jwt-secret -n backend-services')
    expect(value.length).toBeGreaterThan(4)
    expect(JSON.stringify(result)).not.toContain(value)
  })

  it('does not take a program that could change something for a look', () => {
    const id = (line: string) => operationFor(line).operation.id
    expect(id('kubectl exec redis-0 -n storage -- df -h')).toBe('kubernetes.exec-read')
    expect(id('kubectl exec redis-0 -n storage -- rm -rf /data')).toBe('kubernetes.exec-as-typed')
    expect(id(`kubectl exec redis-0 -n storage -- sh -c 'df -h | grep data'`)).toBe('kubernetes.exec-read')
    expect(id(`kubectl exec redis-0 -n storage -- sh -c 'rm -rf /data'`)).toBe('kubernetes.exec-as-typed')
    expect(() => id(`kubectl exec redis-0 -n storage -- python3 -c 'x(<y>)'`)).toThrow(/nothing stands for/)
    expect(() => id('kubectl exec redis-0 -n storage -- env')).toThrow(/nothing stands for/)
  })
})

describe('changing', () => {
  it('labels, and refuses to do it twice', async () => {
    const line = 'kubectl label configmap backend-api-config -n backend-services tier=gold'
    const first = await press(line)
    expect(first.said).toBe('done')
    expect(first.plan).toMatchObject({
      ok: true,
      value: { changes: [{ after: expect.stringContaining('tier: gold') }] },
    })
    expect((await press(line)).said).toBe('It is so already; nothing would change.')
    const kept = await cluster.reader.get(RESOURCE.ConfigMap, 'backend-api-config', 'backend-services')
    expect(kept).toMatchObject({ ok: true, value: { metadata: { labels: { tier: 'gold' } } } })
  })

  it('patches, with what would change shown by the server', async () => {
    const made = await press(
      `kubectl patch configmap backend-api-config -n backend-services --type=merge -p '{"data":{"EXTRA":"1"}}'`,
    )
    expect(made.said).toBe('done')
  })

  it('patches a status as what it is: high risk, shown with the status, and nothing else is changed', async () => {
    const line = `kubectl patch deployment kong -n api-gateway --subresource=status --type=merge -p '{"status":{"observedGeneration":4711},"spec":{"replicas":9}}'`
    const { operation } = operationFor(line)
    expect(operation).toMatchObject({ id: 'kubernetes.change-status', risk: 'high' })
    const before = await cluster.reader.get(RESOURCE.Deployment, 'kong', 'api-gateway')
    expect((await press(line)).plan).toMatchObject({
      ok: true,
      value: {
        changes: [{ after: expect.stringContaining('observedGeneration: 4711') }],
        warnings: [{ level: 'danger' }],
      },
    })
    const after = await cluster.reader.get(RESOURCE.Deployment, 'kong', 'api-gateway')
    expect(after.ok && before.ok && after.value.spec).toEqual(before.ok && before.value.spec)
  })

  it('creates a namespace and applies a manifest, changing it where it is there', async () => {
    expect((await press('kubectl create namespace drill')).said).toBe('done')
    const manifest = (value: string) =>
      `kubectl apply -f - <<EOF\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: note\n  namespace: drill\ndata:\n  word: ${value}\nEOF`
    expect((await press(manifest('one'))).said).toBe('done')
    const second = await press(manifest('two'))
    expect(second.said).toBe('done')
    expect(second.plan).toMatchObject({
      ok: true,
      value: {
        changes: [
          { before: expect.stringContaining('word: one'), after: expect.stringContaining('word: two') },
        ],
      },
    })
  })

  it('deletes what a selector finds, and only after showing it', async () => {
    const made = await press('kubectl delete configmap note -n drill')
    expect(made.said).toBe('done')
    expect((await press('kubectl delete configmaps -l app=nobody -n storage')).said).toBe(
      'There is no such ConfigMap now.',
    )
  })

  it('changes each object that a line prints, and only after showing it', async () => {
    const labelled = await press(
      `kubectl get pods -n cms --no-headers | awk '/Running/{print $1}' | xargs -I{} kubectl label pod {} drill=yes -n cms`,
    )
    expect(labelled.said).toBe('done')
    const pods = await cluster.reader.list(RESOURCE.Pod, { namespace: 'cms', labelSelector: 'drill=yes' })
    const names = pods.ok ? pods.value.map((one) => one.metadata.name) : []
    expect(names.length).toBeGreaterThan(0)
    expect(labelled.plan).toMatchObject({ value: { touches: names.map((name) => `Pod ${name} in cms`) } })
    const deleted = await press(
      'kubectl get pods -n cms -l drill=yes -o name | head -1 | xargs -r kubectl delete -n cms',
    )
    expect(deleted.plan).toMatchObject({ value: { act: `Delete Pod ${names[0]} in cms` } })
    expect(deleted.said).toBe('done')
    const none = await press('kubectl get pods -n cms -l drill=nobody -o name | xargs kubectl delete -n cms')
    expect(none.said).toBe('The line prints nothing now, so there is nothing to change.')
  }, 60_000)

  it('restarts each workload that a line prints, and nothing that cannot be restarted', async () => {
    const line = (kind: string) =>
      `kubectl get ${kind} -n cms -o name | head -1 | xargs -I % kubectl rollout restart % -n cms`
    expect(await at.plan(line('deploy'))).toMatchObject({
      value: { touches: [expect.stringMatching(/^Deployment \S+ in cms$/)] },
    })
    expect((await press(line('pods'))).said).toMatch(/takes Deployment, DaemonSet or StatefulSet/)
  }, 60_000)

  it('takes no flag out of what a line prints', async () => {
    const made = await press(
      `kubectl get pods -n cms --no-headers | awk '{print "--all"}' | xargs kubectl delete pod -n cms`,
    )
    expect(made.said).toBe('The text holds "--all", which is no plain name.')
  })

  it('looks at each object that a line prints', async () => {
    const seen = await look(
      'kubectl get statefulsets -n storage -o name | xargs -I{} kubectl get {} -n storage',
    )
    const sets = await look('kubectl get statefulsets -n storage')
    const [table] = seen.views
    expect(table?.type === 'table' && table.rows.length).toBeGreaterThan(1)
    expect(seen.verdict).toBe(sets.verdict)
  })

  it('reads the logs of each pod that a line prints, wherever the namespace stands', async () => {
    const seen = await look(
      'kubectl get pods -n cms -o name | head -1 | xargs -I{} kubectl -n cms logs {} --tail=5',
    )
    expect(seen.summary).toMatch(/line/)
    expect(seen.views.some((view) => view.type === 'histogram') || seen.raw.length > 0).toBe(true)
    expect(seen.summary).not.toMatch(/pod, none says/)
  })

  it('looks at everything of a namespace, type by type as the API server serves them', async () => {
    const everything = await look(
      'kubectl api-resources --verbs=list --namespaced -o name | xargs -n 1 kubectl get --show-kind --ignore-not-found -n cms',
    )
    expect(everything.verdict).toBe('pass')
    expect(everything.summary).toMatch(/; and \d+ more without trouble$/)
    const [table, ...more] = everything.views
    if (table?.type !== 'table' || more.length > 0) throw new Error('That is not one table.')
    expect(table.columns[0]).toEqual({ key: 'kind', label: 'Kind' })
    const kinds = table.rows.map((row) => row.kind?.text)
    expect(kinds).toEqual(expect.arrayContaining(['Deployment', 'Service', 'Pod', 'ConfigMap']))
  })

  it('says that a rollout is done when its new pods serve, not while the old ones do', async () => {
    const made = await press('kubectl set env deployment/kong DRILL=1 -n api-gateway')
    expect(made.said).toBe('done')
    const kong = await cluster.reader.get(RESOURCE.Deployment, 'kong', 'api-gateway')
    expect(kong.ok && isComplete({ ...kong.value, kind: 'Deployment' })).toBe(true)
  }, 60_000)

  it('closes a node to new pods', async () => {
    const [node] = await cluster.reader.list(RESOURCE.Node).then((all) => (all.ok ? all.value : []))
    const name = node?.metadata.name ?? ''
    expect((await press(`kubectl cordon ${name}`)).said).toBe('done')
    expect((await press(`kubectl uncordon ${name}`)).said).toBe('done')
    const selected = await press(`kubectl cordon -l kubernetes.io/hostname=${name}`)
    expect(selected.plan).toMatchObject({ value: { touches: [`Node ${name}`] } })
    expect((await press(`kubectl uncordon -l kubernetes.io/hostname=${name}`)).said).toBe('done')
  })

  it('takes a taint off a node that has it', async () => {
    expect((await press('kubectl taint nodes node-a drill=yes:NoSchedule')).said).toBe('done')
    expect((await press('kubectl taint nodes node-a drill:NoSchedule-')).said).toBe('done')
    expect((await press('kubectl taint nodes node-a drill-')).said).toBe('The node has no taint drill.')
  })

  it('restarts all workloads of a kind, shown one by one', async () => {
    const made = await press('kubectl rollout restart deployment -n cms')
    expect(made.plan).toMatchObject({ value: { touches: ['Deployment cms-web in cms'] } })
    expect(made.said).toBe('done')
  }, 60_000)

  it('applies what another command would create', async () => {
    const made = await press(
      'kubectl create configmap drill --from-literal=a=1 -n cms --dry-run=client -o yaml | kubectl apply -f -',
    )
    expect(made.said).toBe('done')
    const seen = await cluster.reader.get(RESOURCE.ConfigMap, 'drill', 'cms')
    expect(seen.ok && seen.value.data).toEqual({ a: '1' })
  })

  it('leaves values of secrets that nobody is asked for to a person', () => {
    expect(() => operationFor(`kubectl patch secret s -p '{"stringData":{"a":"b"}}'`)).toThrow(
      /nothing stands for/,
    )
    expect(() => operationFor('kubectl create secret generic s --from-file=a=key.pem')).toThrow()
  })

  it('puts a Service before what a Deployment selects', async () => {
    expect((await press('kubectl expose deployment cms-web -n cms --name=cms-copy --port=8081')).said).toBe(
      'done',
    )
    const made = await cluster.reader.get(RESOURCE.Service, 'cms-copy', 'cms')
    expect(made.ok && made.value.spec).toMatchObject({
      selector: { app: 'cms-web' },
      ports: [{ port: 8081, protocol: 'TCP', targetPort: 8081 }],
    })
  })

  it('asks the API server itself', async () => {
    const ready = await look("kubectl get --raw '/readyz?verbose'")
    expect([ready.verdict, ready.summary]).toEqual(['pass', 'The API server answers 200 to /readyz'])
    expect(ready.raw[0]?.text).toContain('[+]etcd ok')
    const gone = await look('kubectl get --raw /apis/nobody.example.com/v1')
    expect([gone.verdict, gone.summary]).toEqual([
      'fail',
      'The API server answers 404 to /apis/nobody.example.com/v1',
    ])
    expect(() => operationFor('kubectl get --raw /api/v1/namespaces/cms/secrets')).toThrow(
      /nothing stands for/,
    )
  })

  it('lists the rights of its account', async () => {
    const all = await look('kubectl auth can-i --list -n cms')
    expect([all.verdict, all.summary]).toEqual(['pass', '1 rule in cms'])
    expect(JSON.stringify(all.views)).toContain('*')
  })

  it('asks for the right of another account', async () => {
    const own = await look('kubectl auth can-i delete pods -n cms')
    const other = await look('kubectl auth can-i delete pods -n cms --as=system:serviceaccount:cms:default')
    expect([own.verdict, other.verdict]).toEqual(['pass', 'fail'])
    expect(other.summary).toContain('system:serviceaccount:cms:default may not delete pods')
    const odd = await look('kubectl auth can-i delete pods --as="a b"')
    expect(odd.verdict).toBe('unknown')
  })
})

const WITHOUT = spawnSync('kubectl', ['version', '--client']).error ? ' (skipped: there is no kubectl)' : ''

describe(`what filters and captures read${WITHOUT}`, () => {
  it
    .skipIf(WITHOUT !== '')
    .each([
      'get statefulsets -n storage',
      'get statefulsets -A -o wide',
      'get nodes --no-headers',
      'get deployment kong -n api-gateway',
      `get deployment kong -n api-gateway -o jsonpath={.spec.replicas}`,
      'get statefulsets -n storage -o name',
      'get services -n storage --show-labels',
    ])('is what the real kubectl prints for %s', async (line) => {
    const file = join(mkdtempSync(join(tmpdir(), 'crashcart-typed-')), 'kubeconfig')
    writeFileSync(file, sandbox.kubeconfig)
    // Beside the test's own server, so not in a way that would block it.
    const { stdout } = await promisify(execFile)('kubectl', ['--kubeconfig', file, ...line.split(' ')])
    const result = await look(`kubectl ${line}`)
    // Ages count up between the two.
    const still = (text: string) => text.replace(/\b\d+[smhd](\d+[smh])?\b/g, 'AGE').replace(/ +/g, ' ')
    expect(still(result.raw[0]?.text ?? '').trim()).toBe(still(stdout).trim())
  })
})
