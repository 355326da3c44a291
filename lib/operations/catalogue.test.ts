import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Command } from '../runbooks/command'
import { compileRunbook } from '../runbooks/compile'
import { candidates } from '../runbooks/language/recognise'
import { parseDocument } from '../runbooks/parse-document'
import type { BoundStep } from '../runbooks/types'
import { parseCommandLine } from '../runbooks/words'
import { CATALOGUE, operationById } from './catalogue'
import type { Operation, RecogniseHints } from './types'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Modules in the folders of operations, tests and listings left out. */
function modules(folder = HERE, inside = false): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return modules(path, true)
    return inside && /^(?!index\.ts$).*(?<!\.test)\.ts$/.test(entry.name) ? [path] : []
  })
}

function isOperation(value: unknown): value is Operation {
  return (
    typeof value === 'object' && value !== null && 'recognise' in value && 'effect' in value && 'id' in value
  )
}

describe('the catalogue', () => {
  it('holds every operation that a file exports', async () => {
    const files = modules()
    expect(files.length).toBeGreaterThan(30)
    const exported = await Promise.all(files.map(async (file) => Object.values<unknown>(await import(file))))
    const found = exported.flat().filter(isOperation)
    expect(found.length).toBeGreaterThan(40)
    expect(found.filter((operation) => !CATALOGUE.includes(operation)).map((one) => one.id)).toEqual([])
  })

  it('names each operation once, by target and act', () => {
    const ids = CATALOGUE.map((operation) => operation.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const operation of CATALOGUE) {
      expect(operation.id).toMatch(/^[a-z]+\.[a-z-]+$/)
      expect(operation.title, operation.id).toMatch(/^[A-Z]/)
      expect(operationById(operation.id)).toBe(operation)
    }
  })

  it('has for each fix who may press it, how risky it is, and a preview', () => {
    for (const operation of CATALOGUE) {
      if (operation.effect === 'read') continue
      expect(['low', 'medium', 'high'], operation.id).toContain(operation.risk)
      expect(operation.needs, operation.id).toMatch(/^fix:/)
      expect(
        [operation.plan, operation.apply, operation.verify].every((one) => typeof one === 'function'),
      ).toBe(true)
    }
  })

  it('does not know an operation by a name of Object', () => {
    for (const id of ['constructor', '__proto__', 'toString', '']) expect(operationById(id)).toBeUndefined()
  })
})

/** What a line means on its own: by the same words as in a runbook without front matter. */
function readBack(kubectl: string, hints: Pick<RecogniseHints, 'stepTitle' | 'cardTitle'>) {
  const commands = kubectl
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => {
      const read = parseCommandLine(line)
      if ('manual' in read) throw new Error(`${line}: ${read.manual}`)
      return read.commands
    })
  for (const operation of CATALOGUE) {
    const params = operation.recognise(commands, { ...hints, attributes: {}, placeholders: {} })
    if (params) return { operation: operation.id, params }
  }
  return undefined
}

describe('an operation says truly how what it recognises begins', () => {
  // The compiler shows a line only to the operations that say so: what they deny here would never be theirs.
  const hints = { attributes: {}, stepTitle: '', cardTitle: '', placeholders: {} }
  const denied = (commands: readonly Command[]) =>
    CATALOGUE.filter((one) => one.recognise(commands, hints))
      .filter((one) => !candidates(commands[0] as Command, commands.length > 1, CATALOGUE).includes(one))
      .map((one) => one.id)

  it.each(['backend-services', 'ai-services'])('on every line and step of %s', (name) => {
    const text = readFileSync(join(HERE, `../../runbooks/${name}.md`), 'utf8')
    const steps = parseDocument(text).cards.flatMap((card) => card.steps)
    const lines = steps.map((step) =>
      step.commands.flatMap((line) => {
        const read = parseCommandLine(line.text)
        return 'commands' in read ? read.commands : []
      }),
    )
    const groups = [...lines, ...lines.flat().map((one) => [one])].filter((group) => group.length > 0)
    expect(groups.length).toBeGreaterThan(50)
    for (const group of groups) expect(denied(group), group.map((one) => one.text).join('; ')).toEqual([])
  })
})

describe('the line shown for a step of runbooks/backend-services.md', () => {
  const file = 'runbooks/backend-services.md'
  const text = readFileSync(join(HERE, '../..', file), 'utf8')
  const steps = compileRunbook({ text, file, catalogue: CATALOGUE }).cards.flatMap((card) =>
    card.steps
      .filter((step): step is BoundStep => step.kind !== 'guide')
      .map((step) => ({ step, cardTitle: card.title })),
  )

  // Said in words that only a person can follow: no value to show, or a count that is known when it runs.
  const ONLY_SHOWN = new Set(['kubernetes.rotate-secret', 'kubernetes.bounce'])
  // A pod's name stands for any pod of the workload.
  const ANY_POD = new Set(['kubernetes.describe-pod'])
  const checked = steps.filter(({ step }) => !ONLY_SHOWN.has(step.operation))

  it('is there for each', () => {
    expect(checked.length).toBeGreaterThan(90)
    for (const { step } of steps) expect(step.kubectl, step.id).toMatch(/^(# .*\n)?(kubectl|curl) /)
  })

  it.each(checked.map(({ step, cardTitle }) => [step.id, step, cardTitle] as const))(
    '%s',
    (_id, step, cardTitle) => {
      const again = readBack(step.kubectl, { stepTitle: step.title, cardTitle })
      expect(again?.operation).toBe(step.operation)
      if (!ANY_POD.has(step.operation)) expect(again?.params).toEqual(step.params)
    },
  )
})

describe('the line shown for other parameters means the same again', () => {
  it.each([
    'kubectl get pods -A -l app=web --field-selector status.phase!=Running',
    'kubectl get pods -n shop | grep web',
    'kubectl get cm settings -n shop -o yaml | grep -A 10 rateLimit',
    'kubectl logs -l app=web -n shop --tail=50 | grep -i -E "timeout|refused"',
    'kubectl logs web-0 -n shop | grep WARN',
    'kubectl describe pod web-0 -n shop | grep -A 5 Limits',
    'kubectl rollout undo deploy/web -n shop --to-revision=4',
    'kubectl exec pg-0 -n shop -- psql -d shop -c "SELECT * FROM pg_stat_replication"',
    'kubectl exec pg-1 -n shop -- psql -d shop -c "SELECT pg_last_wal_receive_lsn()"',
    'kubectl exec pg-0 -n shop -- psql -d shop -c "SELECT count(*) FROM pg_stat_activity"',
    `kubectl exec pg-0 -n shop -- psql -c "ALTER SYSTEM RESET log_statement" -c "SELECT pg_reload_conf()"`,
    'kubectl exec redis-0 -n shop -- redis-cli INFO memory',
    'kubectl exec redis-0 -n shop -- redis-cli DEL "cart:*"',
    'kubectl exec web-0 -n shop -- curl http://localhost:8080/metrics | grep breaker',
    'kubectl exec kong-<id> -n edge -- curl http://localhost:8001/services',
    "curl 'http://prometheus.obs:9090/api/v1/query?query=sum(rate(x[5m]))'",
    `kubectl patch deploy web -n shop -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","resources":{"limits":{"memory":"2Gi"},"requests":{"memory":"1Gi"}}}]}}}}'`,
    'kubectl set selector svc web app=web,tier=front -n shop',
  ])('%s', (line) => {
    const hints = { stepTitle: '', cardTitle: '' }
    const first = readBack(line, hints)
    if (!first) throw new Error('not recognised')
    expect(readBack(operationById(first.operation)?.kubectl(first.params) ?? '', hints)).toEqual(first)
  })
})
