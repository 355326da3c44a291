import { describe, expect, it, vi } from 'vitest'
import { ok } from '../core/result'
import { CATALOGUE } from '../operations/catalogue'
import { compile } from '../runbooks/compile'
import type { Cluster } from '../targets/cluster/connect'
import { performChecks } from './perform-check'

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

async function run(command: string) {
  const text = `# Shop\n\n## Common issues\n\n### Pods are sick\n\n\`\`\`bash\n# Look\n${command}\n\`\`\`\n`
  const { runbook } = compile({ text, file: 'shop.md', catalogue: CATALOGUE })
  const list = vi.fn(async (type: { kind: string }) =>
    ok(type.kind === 'Pod' ? ['api-1', 'api-2'].map(pod) : []),
  )
  const table = async () =>
    ok({
      columns: ['Name', 'Ready', 'Status', 'Restarts', 'Age'].map((name) => ({ name, priority: 0 })),
      rows: ['api-1', 'api-2'].map((name) => ({
        cells: [name, '1/1', 'Running', '0', '5m'],
        namespace: 'shop',
        labels: { app: name },
      })),
      cutShort: false,
    })
  const cluster = { reader: { list, table }, requests: () => 0 } as unknown as Cluster
  const stepIds = runbook.cards.flatMap((card) => card.steps.map((step) => step.id))
  const { results } = await performChecks({ runbook, stepIds, cluster, signal: new AbortController().signal })
  return results[0]?.result
}

describe('a check with filters', () => {
  it('shows what they make of its output first', async () => {
    const result = await run("kubectl get pods -n shop | awk 'NR>1{print $1}' | sort -r")
    expect(result?.raw[0]).toEqual({
      label: "| awk 'NR>1{print $1}' | sort -r",
      text: 'api-2\napi-1\n',
      truncatedBytes: 0,
    })
  })

  it('reads what kubectl prints, not what Crashcart shows', async () => {
    const [bare, headed] = [
      await run('kubectl get pods -n shop --no-headers | wc -l'),
      await run("kubectl get pods -n shop | awk '{print $1, $3}'"),
    ]
    expect(bare?.raw[0]?.text.trim()).toBe('2')
    expect(headed?.raw[0]?.text).toBe('NAME STATUS\napi-1 Running\napi-2 Running\n')
  })

  it('shows labels as kubectl prints them, where the line asks for them', async () => {
    const result = await run('kubectl get pods -n shop --show-labels')
    expect(result?.summary).toBe('2 of 2 pods ready')
    expect(result?.raw[0]?.text).toMatch(/^NAME .* LABELS\napi-1 .* app=api-1\napi-2 .* app=api-2\n$/)
    // A word is looked for in the labels, too.
    const found = await run('kubectl get pods -n shop --show-labels | grep app')
    expect(found?.raw[0]?.text).toContain('api-1')
  })

  it('keeps the verdict of the operation, whatever the filters leave', async () => {
    const [plain, filtered] = [
      await run('kubectl get pods -n shop'),
      await run('kubectl get pods -n shop | head -n 0'),
    ]
    expect(filtered?.raw[0]?.text).toBe('')
    expect(filtered?.verdict).toBe(plain?.verdict)
    expect(filtered?.summary).toBe(plain?.summary)
  })

  it('says so where a filter fails', async () => {
    const result = await run("kubectl get pods -n shop | awk '{print 1/($2-$2)}'")
    expect(result?.raw[0]?.text).toBe('Not filtered: awk divides by zero.')
    expect(result?.verdict).toBe('pass')
  })
})
