import { describe, expect, it } from 'vitest'
import { fail, ok } from '@/lib/core/result'
import { captureFor, performChecks } from '@/lib/engine/perform-check'
import { CATALOGUE } from '@/lib/operations/catalogue'
import { compile } from '@/lib/runbooks/compile'
import { oddObjects } from '@/lib/runbooks/printers/describe/testing'
import type { BoundStep } from '@/lib/runbooks/types'
import type { Cluster } from '@/lib/targets/cluster/connect'
import type { ClusterReader, KubeObject, ListOptions, ResourceType } from '@/lib/targets/types'
import { fieldMatcher, labelMatcher } from '@/sandbox/api/selectors'
import { read } from './read'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const OBJECTS = oddObjects(NOW)

/** A cluster of these objects; lists of the kinds in `broken` fail, and so do reads of them by name. */
function reader(objects: readonly KubeObject[], broken: readonly string[] = []): ClusterReader {
  const no = (kind: string) => fail('forbidden', `${kind.toLowerCase()} is forbidden`)
  const of = (type: ResourceType, namespace: string | undefined) =>
    objects.filter((one) => one.kind === type.kind && (!namespace || one.metadata.namespace === namespace))
  return {
    info: { name: 'odd', practice: false },
    list: async (type: ResourceType, options: ListOptions = {}) => {
      if (broken.includes(type.kind)) return no(type.kind)
      const labels = labelMatcher(options.labelSelector)
      const fields = fieldMatcher(options.fieldSelector, type.kind)
      return ok(
        of(type, options.namespace).filter(
          (one) => labels(one.metadata.labels ?? {}) && fields(one as never),
        ),
      )
    },
    get: async (type: ResourceType, name: string, namespace?: string) => {
      if (broken.includes(type.kind)) return no(type.kind)
      const found = of(type, namespace).find((one) => one.metadata.name === name)
      return found ? ok(found) : fail('not_found', `${type.plural} "${name}" not found`)
    },
  } as unknown as ClusterReader
}

async function look(line: string, cluster = reader(OBJECTS)) {
  const context = { cluster, signal: AbortSignal.timeout(5_000), now: () => new Date(NOW), secrets: {} }
  return read.run(context, { words: `describe ${line}`.split(' ') })
}

const first = async (line: string, cluster?: ClusterReader) => (await look(line, cluster)).raw[0]

describe('the text of a describe', () => {
  it('parts objects by two blank lines', async () => {
    const text = (await first('pod odd-pod odd-guaranteed'))?.text ?? ''
    const parts = text.split(/(?<=\n)\n\n(?=Name:)/)
    expect(parts.map((part) => part.split('\n')[0])).toEqual([
      'Name:                 odd-pod',
      'Name:         odd-guaranteed',
    ])
  })

  it('takes a name that nothing has as the beginning of one, as kubectl does', async () => {
    const found = await look('pod odd-g')
    expect(found.raw[0]?.text).toMatch(/^Name: +odd-guaranteed\n/)
    expect(found.findings.map(({ code }) => code)).not.toContain('absent')
    const absent = await look('pod/odd-g')
    expect([absent.raw, absent.summary]).toEqual([[], 'Pod odd-g in default does not exist'])
  })

  it('has the events only when they are asked for', async () => {
    expect((await first('pod odd-pod'))?.text).toContain('140m (x5 over 9h)')
    expect((await first('pod odd-pod --show-events=false'))?.text).not.toContain('Events')
  })

  it.each([
    ['pod odd-pod', 'Event', 'its events: event is forbidden'],
    ['deployment odd', 'ReplicaSet', 'replicaset is forbidden'],
    ['statefulset odd-set', 'Pod', 'pod is forbidden'],
    ['service odd-service', 'EndpointSlice', 'endpointslice is forbidden'],
    ['ingress odd-way', 'Service', 'service is forbidden'],
    ['node odd-node', 'Lease', 'lease is forbidden'],
    ['namespace default', 'ResourceQuota', 'resourcequota is forbidden'],
    ['serviceaccount robot', 'Secret', 'secret is forbidden'],
    ['pvc data', 'Pod', 'pod is forbidden'],
  ])('of %s is none when %s cannot be read beside it', async (line, kind, why) => {
    const { raw } = await look(line, reader(OBJECTS, [kind]))
    expect(raw[0]).toMatchObject({ label: `Not printed: ${why}`, text: '', failed: true })
    // The object itself stays there to be looked at, but no pipe reads it.
    expect(raw.slice(1).every(({ aside }) => aside)).toBe(true)
  })

  it('says of a node without a lease what the server says', async () => {
    const cluster = reader(OBJECTS.filter(({ kind }) => kind !== 'Lease'))
    expect((await first('node odd-node', cluster))?.text).toContain(
      'Lease:              Failed to get lease: leases "odd-node" not found\n',
    )
  })

  it('has the keys of a secret and how long they are, never a value', async () => {
    expect((await first('secret db'))?.text).toBe(
      [
        'Name:         db',
        'Namespace:    default',
        'Labels:       <none>',
        'Annotations:  meta.helm.sh/release-name: db',
        '',
        'Type:  Opaque',
        '',
        'Data',
        '====',
        'password:  7 bytes',
        '',
      ].join('\n'),
    )
    expect(await first('secret robot-token')).toMatchObject({ text: '', failed: true })
    const copied = OBJECTS.map((one) =>
      one.kind === 'Secret'
        ? { ...one, metadata: { ...one.metadata, annotations: { copy: 'password: hunter2' } } }
        : one,
    )
    const { raw } = await look('secret db', reader(copied))
    expect(raw[0]).toMatchObject({ text: '', failed: true })
    expect(JSON.stringify(raw)).not.toMatch(/hunter2|aHVudGVyMg/)
  })

  it('is not made of more objects than anybody reads', async () => {
    const many = Array.from({ length: 201 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c${index}`, namespace: 'default', uid: `c${index}` },
    }))
    expect((await first('configmaps', reader(many)))?.label).toBe(
      'Not printed: these are 201 objects, and at most 200 are described.',
    )
    const text = (await first('configmaps', reader(many.slice(1))))?.text ?? ''
    expect(text.match(/^Events: {2}<none>$/gm)).toHaveLength(200)
  })
})

describe('a line that describes', () => {
  function compiled(...lines: string[]) {
    const text = ['# Shop', '', '### Card', '', '```bash', ...lines, '```', ''].join('\n')
    const { runbook } = compile({ text, file: 'shop.md', catalogue: CATALOGUE })
    return { runbook, steps: runbook.cards.flatMap(({ steps }) => steps) }
  }
  const cluster = { reader: reader(OBJECTS), requests: () => 0 } as unknown as Cluster

  async function filtered(line: string) {
    const { runbook, steps } = compiled(line)
    const stepIds = steps.map(({ id }) => id)
    const signal = AbortSignal.timeout(5_000)
    const { results } = await performChecks({ runbook, stepIds, cluster, signal })
    return results[0]?.result.raw[0]?.text
  }

  it('has its text read by its pipe', async () => {
    expect(await filtered("kubectl describe deployment odd | grep -A 2 'Limits:' | head -3")).toBe(
      '    Limits:\n      cpu:     2\n      memory:  2Gi\n',
    )
    expect(await filtered('kubectl describe node odd-node | grep -A 2 Conditions | tail -1')).toMatch(
      /^ {2}---- +------ +-----------------/,
    )
    expect(await filtered("kubectl describe pod odd-pod -n default | grep -A 3 'Events:' | wc -l")).toBe(
      '4\n',
    )
    expect(await filtered("oc describe deployment odd | grep POD: | awk '{print $2}'")).toBe(
      '(v1:metadata.name)\n',
    )
  })

  it('gives a parameter its value', async () => {
    const { runbook, steps } = compiled(
      "NODE=$(kubectl describe pod odd-pod | grep Node: | awk '{print $2}' | cut -d/ -f1)",
      'kubectl cordon $NODE',
    )
    const fix = steps.find(({ kind }) => kind === 'fix') as BoundStep
    const signal = AbortSignal.timeout(5_000)
    expect(await captureFor(fix, { runbook, cluster, signal })).toEqual({
      ok: true,
      value: { node: 'odd-node\n' },
    })
  })

  it.each([
    ['kubectl describe widgets.example.com gear | grep Ready', 'check'],
    ['kubectl describe pods -l app=odd | grep -i error', 'check'],
    ['kubectl describe pvc,pv -n shop | grep Status', 'check'],
    ['kubectl describe csr x | grep Status', 'guide'],
    ['oc describe route.route.openshift.io web | grep Host', 'guide'],
    ['kubectl describe all -n shop | grep Image', 'guide'],
  ])('with a pipe is a step that runs where its words are known: %s', (line, kind) => {
    expect(compiled(line).steps[0]?.kind).toBe(kind)
  })
})
