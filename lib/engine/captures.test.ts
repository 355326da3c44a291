import { describe, expect, it, vi } from 'vitest'
import { ok } from '../core/result'
import { CATALOGUE } from '../operations/catalogue'
import { compile } from '../runbooks/compile'
import type { BoundStep } from '../runbooks/types'
import type { Cluster } from '../targets/cluster/connect'
import { fillFilters, fillParams } from './fill-params'
import { captureFor, performChecks } from './perform-check'

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid: name, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { containers: [{ name: 'app' }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'app', ready: true, restartCount: 0 }],
  },
})

function shop(...commands: string[]) {
  const text = ['# Shop', '', '### Card', '', '```bash', ...commands, '```', ''].join('\n')
  const { runbook } = compile({ text, file: 'shop.md', catalogue: CATALOGUE })
  const list = vi.fn(async () => ok(['api-1', 'api-2'].map(pod)))
  const table = async () =>
    ok({
      columns: ['Name', 'Ready', 'Status', 'Restarts', 'Age'].map((name) => ({ name, priority: 0 })),
      rows: ['api-1', 'api-2'].map((name) => ({
        cells: [name, '1/1', 'Running', '0', '5m'],
        namespace: 'shop',
        labels: {},
      })),
      cutShort: false,
    })
  const cluster = { reader: { list, table }, requests: () => 0 } as unknown as Cluster
  const steps = runbook.cards
    .flatMap((card) => card.steps)
    .filter((step): step is BoundStep => step.kind !== 'guide')
  const check = async (step: BoundStep | undefined, inputs?: Record<string, string>) => {
    const { results } = await performChecks({
      runbook,
      stepIds: [step?.id ?? ''],
      cluster,
      signal: new AbortController().signal,
      ...(inputs ? { inputs } : {}),
    })
    return results[0]?.result
  }
  return { runbook, cluster, list, steps, check }
}

const POD = "POD=$(kubectl get pods -n shop | awk 'NR>1{print $1}' | sort | head -1)"

describe('a value that is captured', () => {
  it('is what the step printed after its filters', async () => {
    const { runbook, cluster, steps } = shop(POD, 'kubectl delete pod $POD -n shop')
    const fix = steps.find(({ kind }) => kind === 'fix') as BoundStep
    const values = await captureFor(fix, { runbook, cluster, signal: new AbortController().signal })
    expect(values).toEqual({ ok: true, value: { pod: 'api-1\n' } })
    const filled = fillParams(fix, {}, values.ok ? values.value : {})
    expect(filled.ok && JSON.stringify(filled.value)).toContain('"api-1"')
    expect(fillParams(fix, {})).toMatchObject({
      ok: false,
      error: { message: 'pod is what line 6 prints, and there is no output of it.' },
    })
  })

  it('reaches the pipe of a later step, and is looked at once for several', async () => {
    const { steps, check } = shop(POD, 'kubectl get pods -n shop | grep $POD | wc -l')
    const result = await check(steps.at(-1))
    expect(result?.raw[0]?.text.trim()).toBe('1')
    expect(result?.raw[0]?.label).toBe('| grep api-1 | wc -l')
  })

  it.each([
    ['nothing', 'POD=$(kubectl get pods -n shop | grep nobody)', 'it printed nothing'],
    ['more than a name', 'POD=$(kubectl get pods -n shop | head -2)', 'no single name'],
  ])('of %s blocks the step', async (_, capture, why) => {
    const { steps, check } = shop(capture, 'kubectl get pods -n shop | grep $POD')
    const result = await check(steps.at(-1))
    expect(result?.verdict).toBe('unknown')
    expect(JSON.stringify(result)).toContain(why)
  })

  it('gives way to what a person fills in', async () => {
    const { steps, check } = shop(POD, 'kubectl get pods -n shop | grep $POD')
    const result = await check(steps.at(-1), { pod: 'api-2' })
    expect(result?.raw[0]?.label).toBe('| grep api-2')
  })
})

describe('values', () => {
  it('of a pipe are plain words', () => {
    const [step] = shop('kubectl get pods -n shop | grep $WHAT').steps
    expect(fillFilters(step as BoundStep, { what: 'api-1' }).ok).toBe(true)
    for (const value of ['a|b', '.*', "x' -f /etc/passwd", '$(id)'])
      expect(fillFilters(step as BoundStep, { what: value }), value).toMatchObject({
        ok: false,
        error: { message: 'what must be one plain word: it becomes part of what the pipe looks for.' },
      })
  })

  it('of a path are names, so that none of them leads elsewhere', () => {
    const [step] = shop('kubectl get --raw /api/v1/namespaces/$TEAM/pods').steps
    expect(fillParams(step as BoundStep, { team: 'shop' }).ok).toBe(true)
    for (const value of ['shop/services/http:api:80/proxy/admin?x=', '..', 'a%2fb', 'a?b'])
      expect(fillParams(step as BoundStep, { team: value }), value).toMatchObject({ ok: false })
  })

  it('never begin a word with a dash, which would make them a flag', () => {
    const [step] = shop('kubectl get deploy $APP -n shop').steps
    expect(step?.params.words).toContain('<app>')
    expect(fillParams(step as BoundStep, { app: '--all-namespaces' })).toMatchObject({ ok: false })
    expect(fillParams(step as BoundStep, { app: 'web' }).ok).toBe(true)
  })

  it('that nobody can know block the step', async () => {
    const { list, steps, check } = shop('kubectl describe pod web-... -n shop')
    const result = await check(steps[0])
    expect(result?.verdict).toBe('unknown')
    expect(JSON.stringify(result)).toContain('leaves \\"web-...\\" open')
    expect(list).not.toHaveBeenCalled()
  })
})
