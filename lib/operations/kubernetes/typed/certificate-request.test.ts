/** Yes and no to certificate requests, on a cluster that keeps them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import { type LinesAtHand, linesAtHand, operationFor } from './testing'

const TYPE = {
  group: 'certificates.k8s.io',
  version: 'v1',
  plural: 'certificatesigningrequests',
  kind: 'CertificateSigningRequest',
  namespaced: false,
}

let sandbox: RunningSandbox
let at: LinesAtHand

beforeAll(async () => {
  sandbox = await startSandbox({ world: createWorld({ settle: true }) })
  at = linesAtHand(sandbox.kubeconfig)
  for (const name of ['node-a', 'node-b', 'jane', 'eve'])
    await at.cluster.writer.create(TYPE, undefined, {
      metadata: { name },
      spec: {
        request: 'LS0tLS1CRUdJTg==',
        signerName: 'kubernetes.io/kube-apiserver-client',
        username: `${name}@shop`,
        usages: ['client auth'],
      },
    })
}, 60_000)
afterAll(() => sandbox.stop())

async function decisionOn(name: string): Promise<string[]> {
  const found = await at.cluster.reader.get(TYPE, name)
  if (!found.ok) throw new Error(found.error.message)
  return (found.value.status?.conditions ?? []).map((one: { type: string }) => one.type)
}

describe('a certificate request', () => {
  it('is approved once, with a second person, and says whom it lets in', async () => {
    const line = 'kubectl certificate approve <name>'
    const { operation } = operationFor(line)
    expect([operation.id, operation.effect === 'write' && operation.risk]).toEqual([
      'kubernetes.decide-certificate',
      'high',
    ])
    const made = await at.press(line, { name: 'jane' })
    expect([made.said, await decisionOn('jane')]).toEqual(['done', ['Approved']])
    expect(made.plan).toMatchObject({
      value: {
        act: 'Decide on CertificateSigningRequest jane',
        warnings: [
          {
            level: 'danger',
            text: 'jane@shop asked for a certificate of a name that cannot be read: kubernetes.io/kube-apiserver-client signs it for client auth. Nobody can take that back.',
          },
        ],
        undo: { possible: false },
      },
    })
    expect((await at.press('kubectl certificate deny jane')).said).toBe('jane is approved already.')
  }, 60_000)

  it('is not approved when another one came under its name', async () => {
    const line = 'kubectl certificate approve node-c'
    const make = (username: string) =>
      at.cluster.writer.create(TYPE, undefined, {
        metadata: { name: 'node-c' },
        spec: { request: 'LS0tLS1CRUdJTg==', signerName: 'kubernetes.io/kubelet-serving', username },
      })
    await make('node-c')
    const plan = await at.plan(line)
    await at.cluster.writer.remove(TYPE, 'node-c', undefined, {})
    await make('eve')
    expect(await at.send(line, plan)).toMatch(/Precondition|modified|immutable/i)
    expect(await decisionOn('node-c')).toEqual([])
  }, 60_000)

  it('is denied', async () => {
    const made = await at.press('kubectl certificate deny csr/eve')
    expect(made.said).toBe('done')
    expect(made.plan).toMatchObject({
      value: { warnings: [{ text: expect.stringContaining('it is refused') }] },
    })
    expect(await decisionOn('eve')).toEqual(['Denied'])
  }, 60_000)

  it.each([
    'kubectl certificate approve',
    'kubectl certificate approve pod/web',
    'kubectl certificate sign x',
  ])('has to be one: %s', (line) => {
    expect(() => operationFor(line)).toThrow()
  })

  it('is approved with the others that a line prints', async () => {
    const line = `oc get csr -o name | grep node- | xargs oc adm certificate approve`
    expect(operationFor(line).operation.id).toBe('kubernetes.change-each')
    expect((await at.press(line)).said).toBe('done')
    expect([await decisionOn('node-a'), await decisionOn('node-b')]).toEqual([['Approved'], ['Approved']])
  }, 60_000)
})
