import { describe, expect, it } from 'vitest'
import { ok } from '@/lib/core/result'
import { CATALOGUE } from '@/lib/operations/catalogue'
import type { Fix, Plan, WriteContext } from '@/lib/operations/types'
import { compile } from '@/lib/runbooks/compile'
import type { BoundStep, Step } from '@/lib/runbooks/types'
import type { ExecAnswer } from '@/lib/targets/types'
import { execAsTyped } from './exec'

/** The steps that a line becomes. */
function stepsOf(line: string): Step[] {
  const text = `---\nid: x\ntitle: X\n---\n### Card\n\n\`\`\`bash\n${line}\n\`\`\`\n`
  return compile({ text, file: 'x.md', catalogue: CATALOGUE }).runbook.cards[0]?.steps ?? []
}

const last = (line: string) => stepsOf(line).at(-1) as Step
const filtersOf = (step: Step) => (step.kind === 'guide' ? [] : step.filters?.map(({ argv }) => argv))

describe('looking into a container', () => {
  it.each([
    [
      `oc exec -n openshift-etcd <etcd-pod> -c etcd -- etcdctl --command-timeout=160s get / --prefix --keys-only |sed '/^$/d' | cut -d/ -f3,4 | sort | uniq -c | sort -rn |head`,
      6,
    ],
    [
      'oc exec -it prometheus-k8s-0 -n monitoring -- curl -k --key /etc/prometheus/secrets/tls.key --cert /etc/prometheus/secrets/tls.crt --cacert /etc/prometheus/ca.crt $scrape_url | wc --bytes',
      1,
    ],
    ['kubectl exec -it <virt-launcher> -n <namespace> -c compute -- virsh list --all | grep <vm-name>', 1],
    ['kubectl exec web-0 -n shop -- top -b -n 1 | head -20', 1],
    ['oc exec pod/$POD -c dns -n dns -- dig -q $DOMAIN @$SERVER', 0],
    ['kubectl exec web-0 -n shop -- nslookup <service>.<namespace>.svc.cluster.local', 0],
    ['kubectl exec web-0 -n shop -- nc -zv <service>.<namespace> 5432', 0],
  ])('is a check: %s', (line, pipes) => {
    const step = last(line)
    expect(step).toMatchObject({ kind: 'check', operation: 'kubernetes.exec-read' })
    expect(filtersOf(step) ?? []).toHaveLength(pipes)
  })

  it('takes its pod from another command', () => {
    const steps = stepsOf(
      'kubectl exec -n {namespace} $(kubectl get pod -n {namespace} -l app={app_name} -o jsonpath="{.items[0].metadata.name}") -- nc -zv {db_host} {db_port}',
    )
    expect(steps.map((step) => step.kind !== 'guide' && step.operation)).toEqual([
      expect.stringMatching(/^kubernetes\./),
      'kubernetes.exec-read',
    ])
    const [pod, probe] = steps as BoundStep[]
    expect(pod?.feeds).toBeDefined()
    expect(probe?.parameters?.map(({ name, provenance }) => [name, provenance.kind])).toContainEqual([
      pod?.feeds,
      'captured',
    ])
  })

  it.each([
    // What is filled in would decide what is done, or whom curl asks.
    'ss -<flags>',
    'ss <what>',
    'etcdctl <verb> list',
    'etcdctl get / --prefix <more>',
    'virsh <verb> vm',
    'curl <url>',
    'curl http://<host>/',
    'curl -k <options> http://localhost/',
    'cat <file>',
    'cat /var/log/<file>',
    'ip addr <what>',
    'amtool alert <what>',
    'mysqladmin <what>',
    'ping -c <n> web',
  ])('is no check: %s', (words) => {
    expect(last(`kubectl exec web-0 -n shop -- ${words}`)).not.toMatchObject({ kind: 'check' })
  })

  it.each(['kubectl exec -it web-0 -- top', 'oc rsh web-0 top', 'kubectl exec web-0 -- top -b'])(
    'has no end with %s, and says what has one',
    (line) => {
      expect(last(line)).toMatchObject({
        kind: 'guide',
        reason: expect.stringContaining(
          'top draws on a terminal until somebody stops it; `top -b -n 1` prints it once.',
        ),
      })
    },
  )
})

describe('any other program', () => {
  it('may have a pipe that runs here, on what it printed', () => {
    const step = last('kubectl exec web-0 -n shop -- appctl --list <what> | grep <what> | wc -l')
    expect(step).toMatchObject({ kind: 'fix', risk: 'high', operation: 'kubernetes.exec-as-typed' })
    expect(filtersOf(step)).toEqual([
      ['grep', '<what>'],
      ['wc', '-l'],
    ])
    expect(step.kind === 'fix' && step.kubectl).toBe(
      "kubectl exec web-0 -n shop -- appctl --list <what> | grep '<what>' | wc -l",
    )
  })

  it.each([
    'appctl --list | tee /tmp/x',
    'appctl --list | xargs rm',
    'appctl --list | kubectl delete -f -',
    // A fix of its own, whose output is not shown.
    'redis-cli FLUSHALL | grep OK',
  ])('stays with a person: %s', (words) => {
    expect(last(`kubectl exec web-0 -n shop -- ${words}`).kind).toBe('guide')
  })

  const pressed = async (answer: Partial<ExecAnswer>, more: { tty?: boolean; filters?: string[][] } = {}) => {
    const { tty = false, filters = [] } = more
    const payload = {
      namespace: 'shop',
      pod: 'web-0',
      container: 'web',
      argv: ['appctl', 'dump'],
      tty,
      filters: filters.map((argv) => ({ program: argv[0] ?? '', argv })),
    }
    const sent: unknown[] = []
    const execTyped = async (request: unknown) => {
      sent.push(request)
      return ok({ stdout: '', stderr: '', exitCode: 0, truncatedBytes: 0, ms: 1, ...answer })
    }
    const context = { cluster: { execTyped }, now: () => new Date() } as unknown as WriteContext
    const plan = { payload } as unknown as Plan
    const applied = await execAsTyped.apply(context, plan)
    if (!applied.ok) throw new Error(applied.error.message)
    const states: string[] = []
    for await (const one of (execAsTyped as Fix<unknown>).verify(context, plan, applied.value))
      states.push(`${one.state}: ${one.message}`)
    return { output: applied.value.output ?? [], sent, states }
  }

  it('shows both streams, and a failure with them', async () => {
    const { output, states, sent } = await pressed({ stdout: 'one\n', stderr: 'no disk\n', exitCode: 3 })
    expect(output.map(({ label, text }) => [label, text])).toEqual([
      ['appctl dump', 'one\n'],
      ['appctl dump (errors)', 'no disk\n'],
    ])
    expect(states).toEqual(['failed: appctl ended with code 3'])
    expect(sent).toEqual([{ namespace: 'shop', pod: 'web-0', container: 'web', argv: ['appctl', 'dump'] }])
  })

  it('hides secrets before a pipe could part them from their names', async () => {
    const filters = [['cut', '-d=', '-f2']]
    const { output } = await pressed({ stdout: 'DB_PASSWORD=hunter2\nmode=fast\n' }, { filters })
    expect(output[0]).toMatchObject({ label: '| cut -d= -f2', text: '[redacted]\nfast\n' })
    expect(JSON.stringify(output)).not.toContain('hunter2')
    const decoded = await pressed(
      { stdout: Buffer.from('DB_PASSWORD=hunter2\n').toString('base64') },
      { filters: [['base64', '-d']] },
    )
    expect(decoded.output[0]?.text).toBe('DB_PASSWORD=[redacted]\n')
  })

  it('keeps so much of it as a run may carry, and says what is missing', async () => {
    const { output } = await pressed({ stdout: 'é'.repeat(20_000), truncatedBytes: 7 })
    expect(output[0]?.text).toHaveLength(16_000)
    expect(output[0]?.truncatedBytes).toBe(8_007)
  })

  it('gives a pipe what kubectl would: errors only from a terminal', async () => {
    const answer = { stdout: 'one\n', stderr: 'two\n' }
    const filters = [['wc', '-l']]
    expect((await pressed(answer, { filters })).output[0]?.text).toBe('1\n')
    expect((await pressed(answer, { filters, tty: true })).output[0]?.text).toBe('2\n')
    expect((await pressed(answer, { filters: [['nosuch']] })).output[0]?.text).toMatch(/^Not filtered: /)
  })
})
