import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fillParams } from '../engine/fill-params'
import { CATALOGUE, operationById } from '../operations/catalogue'
import { compile, compileRunbook } from './compile'
import type { BoundStep, Runbook, Step } from './types'

const lines = (...text: string[]) => text.join('\n')

/** The steps of one fence. */
function steps(code: string, frontMatter = ''): Step[] {
  const text = lines('---', frontMatter, '---', '# T', '## G', '### Card', '```bash', code, '```')
  return compileRunbook({ text, file: 'runbooks/test.md', catalogue: CATALOGUE }).cards[0]?.steps ?? []
}

/** What one line becomes: the operation's id, or `manual`. */
function operationOf(line: string): string {
  const all = steps(line)
  return all.map((step) => (step.kind === 'guide' ? 'manual' : step.operation)).join(' + ')
}

function bound(code: string, frontMatter?: string): BoundStep {
  const [step] = steps(code, frontMatter)
  if (!step || step.kind === 'guide') throw new Error(`${code}: ${step?.reason ?? 'no step'}`)
  return step
}

describe('a line becomes the operation it means', () => {
  it.each([
    ['kubectl get pods -n shop', 'kubernetes.pods'],
    ['kubectl get po -A', 'kubernetes.pods'],
    ['kubectl -n shop get pods -l app=web -o wide', 'kubernetes.pods'],
    ['kubectl get pods -A | grep -v Running', 'kubernetes.pods'],
    ['kubectl get pods -n shop | grep web', 'kubernetes.pods'],
    ['oc get pods -n shop', 'kubernetes.pods'],
    ['kubectl get ep web -n shop', 'kubernetes.endpoints'],
    ['kubectl get endpointslices -n shop -l kubernetes.io/service-name=web', 'kubernetes.endpoints'],
    ['kubectl get svc/web -n shop -oyaml', 'kubernetes.service'],
    ['kubectl describe pod web-0 -n shop', 'kubernetes.describe-pod'],
    ['kubectl describe po web-0 -n shop | grep -A5 Readiness', 'kubernetes.describe-pod'],
    ['kubectl top pods -n shop', 'kubernetes.usage'],
    ['kubectl get secret db -n shop -o yaml', 'kubernetes.secret'],
    ['kubectl get cm settings -n shop -o yaml', 'kubernetes.configmap'],
    ['kubectl get cm settings -n shop -o yaml | grep -A 10 rateLimit', 'kubernetes.configmap'],
    ['kubectl get hpa web -n shop', 'kubernetes.autoscaler'],
    ['kubectl logs deploy/web -n shop --tail=50', 'kubernetes.logs'],
    ['kubectl logs -l app=web -n shop | grep -iE "timeout|refused"', 'kubernetes.logs'],
    ['kubectl rollout status deployment web -n shop', 'kubernetes.rollout-status'],
    ['kubectl exec web-0 -n shop -- free -m', 'kubernetes.memory'],
    ['kubectl exec web-0 -n shop -- cat /sys/fs/cgroup/memory.max', 'kubernetes.memory'],
    ['kubectl rollout restart sts/redis -n shop', 'kubernetes.rollout-restart'],
    ['kubectl rollout undo deploy web -n shop --to-revision=4', 'kubernetes.rollout-undo'],
    ['kubectl scale --replicas=4 deploy/web -n shop', 'kubernetes.scale'],
    ['kubectl delete pods -n shop -l app=web', 'kubernetes.recreate-pods'],
    ['kubectl set selector svc web app=web -n shop', 'kubernetes.set-selector'],
    ['kubectl autoscale deploy web --min=2 --max=6 --cpu-percent=60 -n shop', 'kubernetes.create-autoscaler'],
    [`kubectl patch cm settings -n shop --type=merge -p '{"data":{"A":"1"}}'`, 'kubernetes.edit-configmap'],
    ['kubectl create secret generic jwt --from-literal=key=<new-key> -n shop', 'kubernetes.rotate-secret'],
    ['kubectl exec -it redis-0 -n shop -- redis-cli ping', 'redis.ping'],
    ['kubectl exec redis-0 -n shop -- redis-cli info memory', 'redis.info'],
    ['kubectl exec redis-0 -n shop -- redis-cli FLUSHALL', 'redis.flush'],
    ['kubectl exec redis-0 -n shop -- redis-cli DEL "cart:*"', 'redis.unlink-prefix'],
    ['kubectl exec pg-0 -n shop -- pg_isready -h localhost', 'postgres.ready'],
    [
      'kubectl exec pg-0 -n shop -- psql -U app -c "SELECT * FROM pg_stat_replication"',
      'postgres.replication',
    ],
    ['kubectl exec pg-0 -n shop -- psql -c "SELECT count(*) FROM pg_stat_activity;"', 'postgres.connections'],
    [
      `kubectl exec pg-0 -n shop -- psql -c "ALTER SYSTEM SET log_statement = 'all'"`,
      'postgres.log-statement',
    ],
    [
      `kubectl exec pg-0 -n shop -- psql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"`,
      'postgres.terminate-idle',
    ],
    ['kubectl exec pg-0 -n shop -- pg_dump -Fc -f /backup/a.dump shop', 'postgres.dump'],
    [
      'kubectl exec kafka-0 -n shop -- kafka-topics.sh --list --bootstrap-server localhost:9092',
      'kafka.topics',
    ],
    [
      'kubectl exec kafka-0 -n shop -- kafka-consumer-groups.sh --describe --all-groups --bootstrap-server localhost:9092',
      'kafka.consumer-lag',
    ],
    ['kubectl exec kong-<id> -n edge -- curl http://localhost:8001/status', 'kong.status'],
    ['kubectl exec kong-<id> -n edge -- kong reload', 'kong.reload'],
    ['curl -s http://web.shop:8080/healthz', 'http.get'],
    ['curl -H "Authorization: Bearer <token>" http://web.shop/me', 'http.token'],
    ['kubectl exec web-0 -n shop -- curl -X POST http://localhost:8080/cache/refresh', 'http.refresh'],
    ['curl http://prometheus.obs:9090/api/v1/targets', 'prometheus.targets'],
    ["curl 'http://prometheus.obs:9090/api/v1/query?query=up'", 'prometheus.query'],
  ])('%s → %s', (line, operation) => {
    expect(operationOf(line)).toBe(operation)
  })
})

describe('a line that asks for more than an operation does is not given to it', () => {
  it.each([
    'kubectl --context=production rollout restart deploy/web -n shop',
    'kubectl get pods -n shop --kubeconfig other.yaml',
    'kubectl get pods -n shop --as=admin',
    'kubectl scale deploy/web --replicas=0 -n shop --dry-run=client',
    'kubectl scale deploy/web --replicas=3 --current-replicas=2 -n shop',
    'kubectl delete pod -l app=web -A',
    'kubectl create secret generic db --from-file=password.txt -n shop',
    'kubectl create secret generic db --from-literal=a=1 --from-literal=a=2 -n shop',
    'kubectl create secret generic db --from-literal=password=hunter2 --append-hash -n shop',
    'kubectl exec web-0 -n shop -- python3 -c "print(<what>)"',
    'kubectl exec web-0 -n shop -- env',
    "kubectl exec web-0 -n shop -- sh -c 'rm -rf <folder>'",
    'curl -X DELETE http://web.shop/orders/1',
    'helm upgrade web ./chart',
    'rm -rf /var/lib/web',
  ])('%s stays with a person', (line) => {
    expect(operationOf(line)).toBe('manual')
  })

  it.each([
    'kubectl create secret generic aws --from-literal=ROLE_ARN=<your-role-arn> -n shop',
    'kubectl create secret generic aws --from-literal=ROLE_ARN=$ROLE_ARN -n shop',
    'kubectl create secret generic db --from-literal=password=hunter2 -n shop',
    'kubectl create secret docker-registry r --docker-username=u --docker-password=hunter2 -n shop',
  ])('%s asks for the value at the press and keeps none', (line) => {
    const step = bound(line)
    expect(step.operation).toBe('kubernetes.create-secret')
    expect(step.inputs).toEqual([])
    expect(JSON.stringify([step.params, step.kubectl])).not.toMatch(/hunter2|your-role-arn|<role-arn>/)
  })

  it.each([
    ['kubernetes.change-object', 'kubectl scale deploy a b --replicas=3 -n shop'],
    ['kubernetes.change-object', 'kubectl rollout restart deploy/a deploy/b -n shop'],
    ['kubernetes.stop', 'kubectl scale deploy a --replicas=00 -n shop'],
    ['kubernetes.stop-objects', 'kubectl scale deploy a b --replicas=0 -n shop'],
    [
      'kubernetes.change-object',
      `kubectl patch deploy web -n shop -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"web:2"}]}}}}'`,
    ],
    ['kubernetes.delete-object', 'kubectl delete pod -l app=web -n shop --force --grace-period=0'],
    ['kubernetes.delete-object', 'kubectl delete pod --all -n shop'],
    ['kubernetes.delete-object', 'kubectl delete deployment web -n shop'],
    ['kubernetes.top', 'kubectl top pods -A'],
    ['kubernetes.logs-as-typed', 'kubectl logs -f deploy/web -n shop'],
  ])('%s takes %s as it is typed', (operation, line) => {
    expect(operationOf(line)).toBe(operation)
  })

  it.each([
    'kubectl exec redis-0 -n shop -- redis-cli -h other FLUSHALL',
    'kubectl exec redis-0 -n shop -- redis-cli CONFIG SET maxmemory 1gb',
    'kubectl exec redis-0 -n shop -- redis-cli KEYS "*"',
    'kubectl exec pg-0 -n shop -- psql -h other -c "SELECT * FROM pg_stat_replication"',
    'kubectl exec pg-0 -n shop -- psql -f drop.sql',
    'kubectl exec pg-0 -n shop -- psql -c "DROP TABLE users"',
    'kubectl exec pg-0 -n shop -- psql -c "SELECT 1 FROM pg_stat_activity; DROP TABLE users"',
    `kubectl exec pg-0 -n shop -- psql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND usename = 'batch'"`,
    `kubectl exec pg-0 -n shop -- psql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' OR true"`,
    'kubectl exec kafka-0 -n shop -- kafka-topics.sh --delete --topic a --bootstrap-server localhost:9092',
    'kubectl exec web-0 -n shop -- curl -X POST -d all=true http://localhost:8080/cache/refresh',
    'kubectl exec web-0 -n shop -- curl -X POST http://other:8080/cache/refresh',
  ])('%s waits for a second person, word by word', (line) => {
    expect(bound(line)).toMatchObject({ operation: 'kubernetes.exec-as-typed', kind: 'fix', risk: 'high' })
  })

  it('says why, and on which line', () => {
    const [step] = steps('# Remove it\nkubectl edit deployment web -n shop')
    expect(step).toMatchObject({
      kind: 'guide',
      title: 'Remove it',
      commands: ['kubectl edit deployment web -n shop'],
      reason: expect.stringMatching(/^Line 9: kubectl edit opens an editor/),
    })
  })

  it('leaves a word in a status column to the check, which finds such pods by itself', () => {
    expect(bound('kubectl get pods -A | grep CrashLoop').params).toEqual({})
    expect(bound('kubectl get pods -n shop | grep -i crashloopbackoff').params).toEqual({ namespace: 'shop' })
  })
})

describe('steps', () => {
  it('joins the lines of one step when an operation means both', () => {
    const both = lines(
      '# Set the pool',
      `kubectl patch cm settings -n shop --type merge -p '{"data":{"POOL":"5"}}'`,
      'kubectl rollout restart deploy/web -n shop',
    )
    expect(steps(both)).toHaveLength(1)
    expect(bound(both)).toMatchObject({
      operation: 'kubernetes.edit-configmap',
      params: { name: 'settings', data: { POOL: '5' }, restart: 'deployment/web' },
      kind: 'fix',
      needs: 'fix:run',
    })
  })

  it('shows beside the first step what the runbook shows beside its lines', () => {
    const text = [
      '### Pods are missing',
      '',
      '```console',
      '$ kubectl get pods -n shop',
      'NAME    READY   STATUS',
      'web-0   0/1     Pending',
      '```',
      '',
      '```yaml',
      'kind: Pod',
      '```',
    ].join('\n')
    const [step, ...more] = steps(text)
    expect(more).toEqual([])
    expect(step?.shown).toEqual([
      { kind: 'output', lang: '', text: 'NAME    READY   STATUS\nweb-0   0/1     Pending' },
      { kind: 'block', lang: 'yaml', text: 'kind: Pod' },
    ])
  })

  it('does not join lines that mean different namespaces or workloads', () => {
    const bounce = (second: string) =>
      steps(lines('# Bounce', 'kubectl scale deploy/web --replicas=0 -n shop', second)).map((step) =>
        step.kind === 'guide' ? 'manual' : step.operation,
      )
    expect(bounce('kubectl scale deploy/web --replicas=2 -n shop')).toEqual(['kubernetes.bounce'])
    expect(bounce('kubectl scale deploy/web --replicas=2 -n other')).toEqual([
      'kubernetes.stop',
      'kubernetes.scale',
    ])
    expect(bounce('kubectl scale sts/web --replicas=2 -n shop')).toEqual([
      'kubernetes.stop',
      'kubernetes.scale',
    ])
  })

  it('tells the lines of a step that stay apart by what they do, each with an id of its own', () => {
    const both = steps('# Look\nkubectl get pods -n a\nkubectl get pods -n b\n# Look\nkubectl get pods -n c')
    expect(both.map((step) => [step.id, step.title])).toEqual([
      ['card/look-1-of-2', 'Look: get pods -n a'],
      ['card/look-2-of-2', 'Look: get pods -n b'],
      ['card/look', 'Look'],
    ])
    expect(steps('# A\nkubectl get pods -n a\n# A\nkubectl get pods -n b').map((step) => step.id)).toEqual([
      'card/a',
      'card/a-2',
    ])
  })

  it('names a step by its command where only the heading of the part would, and says what before where', () => {
    const titles = (...lines: string[]) => {
      const blocks = lines.map((line) => `\`\`\`bash\n${line}\n\`\`\`\n`).join('\n')
      const text = `# T\n\n## Card\n\n### Diagnosis\n\n${blocks}`
      const runbook = compileRunbook({ text, file: 'runbooks/test.md', catalogue: CATALOGUE })
      return runbook.cards[0]?.steps.map(({ title }) => title)
    }
    expect(
      titles('kubectl -n shop get pods # all of them', 'kubectl -n shop exec redis-0 -- redis-cli PING'),
    ).toEqual(['Diagnosis: get pods -n shop', 'Diagnosis: exec redis-0 -- redis-cli PING'])
    expect(titles('# Look at the pods\nkubectl get pods -n shop')).toEqual(['Look at the pods'])
  })

  it('says of a sentence above several lines that it is about all of them', () => {
    const both = steps(
      '# Delete the pod so that it is made again, or roll back\nkubectl delete pod web-0 -n shop\nkubectl rollout undo deploy/web -n shop',
    )
    expect(both.map(({ title, note }) => [title, note])).toEqual([
      ['Delete pod web-0 -n shop', 'Delete the pod so that it is made again, or roll back'],
      ['Rollout undo deploy/web -n shop', 'Delete the pod so that it is made again, or roll back'],
    ])
  })

  it('takes its id from the file where none is written', () => {
    const id = (file: string) => compileRunbook({ text: '# T', file, catalogue: CATALOGUE }).id
    expect(['runbooks/web-shop.md', 'KubePodCrashLooping.md', 'Störung im Netz.markdown'].map(id)).toEqual([
      'web-shop',
      'kube-pod-crash-looping',
      'storung-im-netz',
    ])
  })

  it('keeps a comment without commands as something a person does', () => {
    expect(steps('# Phone somebody\n# The list hangs on the wall.')).toMatchObject([
      { kind: 'guide', title: 'Phone somebody', reason: 'The list hangs on the wall.', commands: [] },
    ])
  })
})

describe('placeholders', () => {
  const PATCH = `kubectl patch cm settings -n shop --type merge -p '{"data":{"POOL":"<size>"}}'`

  it('become inputs, with what the front matter says of them', () => {
    const front = lines(
      'placeholders:',
      '  size: { label: Pool size, type: integer, default: 20, min: 1, max: 100, help: For each pod }',
    )
    expect(bound(PATCH, front).inputs).toEqual([
      {
        name: 'size',
        label: 'Pool size',
        type: 'integer',
        required: true,
        help: 'For each pod · 1 to 100',
        default: '20',
        min: 1,
        max: 100,
      },
    ])
  })

  it('are plain text fields that must be filled in when nothing is said', () => {
    expect(bound(PATCH).inputs).toEqual([{ name: 'size', label: 'Size', type: 'text', required: true }])
  })

  it('for a pod mean the pods of a workload, and ask nobody', () => {
    const front = 'placeholders: { web-pod: { kind: pod, namespace: shop, workload: deployment/web } }'
    const step = bound('kubectl exec <web-pod> -n shop -- curl http://localhost:8080/health', front)
    expect(step.params.pods).toEqual({ namespace: 'shop', workload: 'deployment/web' })
    expect(step.inputs).toEqual([])
  })

  it('for a secret are made, so that no field and no value appears', () => {
    const line = 'kubectl create secret generic jwt --from-literal=key=<signing-key> -n shop'
    expect(bound(line).operation).toBe('kubernetes.create-secret')
    const known = line.replace('signing-key', 'new-key')
    expect(bound(known).operation).toBe('kubernetes.rotate-secret')
    // Somebody is to fill it in, so it is not made up here.
    const filled = bound(known, 'placeholders: { new-key: { label: Key } }')
    expect(filled.operation).toBe('kubernetes.create-secret')
    const step = bound(line, 'placeholders: { signing-key: { kind: generated-secret } }')
    expect(step.operation).toBe('kubernetes.rotate-secret')
    expect(step.inputs).toEqual([])
  })
})

describe('front matter', () => {
  const text = (front: string) =>
    lines('---', front, '---', '# T', '### A', '```sh', 'kubectl get pods', '```')
  const warnings = (front: string) =>
    compile({ text: text(front), file: 'a.md', catalogue: CATALOGUE }).lines.flatMap((line) =>
      line.warnings.map((one) => `${line.line} ${one.id}: ${one.message}`),
    )

  it('that is not understood is told on line 1', () => {
    expect(warnings('placeholders: { size: { type: integer } }')).toEqual([
      '1 front-matter: The meaning of <size> is not understood, so it stays a plain text field.',
    ])
    expect(warnings('placeholders: [size]')).toEqual([
      '1 front-matter: `placeholders` must be a map of names.',
    ])
    expect(warnings('title: "open')[0]).toMatch(/^1 front-matter: The front matter is not valid YAML/)
  })

  it('that is well says nothing, and gives id and title', () => {
    expect(warnings('placeholders: { size: { label: Size } }')).toEqual([])
    const { runbook } = compile({
      text: text('id: shop\ntitle: The shop'),
      file: 'a.md',
      catalogue: CATALOGUE,
    })
    expect(runbook).toMatchObject({ id: 'shop', title: 'The shop', file: 'a.md' })
    expect(runbook.version).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('runbooks/backend-services.md', () => {
  const file = 'runbooks/backend-services.md'
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const compiled = compile({ text, file, catalogue: CATALOGUE })
  const runbook: Runbook = compiled.runbook
  const all = runbook.cards.flatMap((card) => card.steps)

  it('has 17 cards, each with checks and fixes', () => {
    expect(runbook.cards).toHaveLength(17)
    expect(runbook.cards.map((card) => card.position)).toEqual(Array.from({ length: 17 }, (_, i) => i + 1))
    for (const card of runbook.cards) {
      expect(card.purpose, card.id).not.toBe('')
      expect(card.steps.filter((step) => step.kind === 'check').length, card.id).toBeGreaterThan(0)
      expect(card.steps.filter((step) => step.kind === 'fix').length, card.id).toBeGreaterThan(0)
    }
  })

  it('has no line that is not typed, and no front matter that is not understood', () => {
    expect(compiled.lines.filter((line) => line.outcome !== 'typed')).toEqual([])
    expect(compiled.lines.length).toBeGreaterThan(100)
  })

  it('names each step once', () => {
    expect(new Set(all.map((step) => step.id)).size).toBe(all.length)
    expect(all.every((step) => step.id.startsWith(`${step.cardId}/`))).toBe(true)
  })

  it('gives each step parameters that its operation takes, once inputs have their defaults', () => {
    for (const step of all) {
      if (step.kind === 'guide') continue
      const filled = fillParams(step)
      expect(filled.ok, `${step.id}: ${filled.ok ? '' : filled.error.message}`).toBe(true)
      const read = operationById(step.operation)?.params.safeParse(filled.ok ? filled.value : {})
      expect(read?.success, `${step.id}: ${read?.error?.message}`).toBe(true)
      // What a pod or a secret stands for is no text: no placeholder may be left.
      expect(JSON.stringify(read?.data), step.id).not.toMatch(/<[a-z][\w-]*>/)
    }
  })
})
