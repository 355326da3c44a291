import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import { RESOURCE } from '../../../targets/resource-types'
import type { KubeObject } from '../../../targets/types'
import { type LinesAtHand, linesAtHand } from './testing'

let at: LinesAtHand
let sandbox: RunningSandbox

beforeAll(async () => {
  sandbox = await startSandbox({ world: createWorld({ settle: true }) })
  at = linesAtHand(sandbox.kubeconfig)
}, 60_000)

afterAll(() => sandbox.stop())

type Kind = 'ConfigMap' | 'Deployment' | 'Node'

async function object(kind: Kind, name: string, namespace?: string): Promise<KubeObject> {
  const found = await at.cluster.reader.get(RESOURCE[kind], name, namespace)
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}

describe('a change of a typed line', () => {
  it.each<[string, Kind, string, string | undefined]>([
    [
      'kubectl label configmap backend-api-config -n backend-services tier=gold',
      'ConfigMap',
      'backend-api-config',
      'backend-services',
    ],
    [
      `kubectl patch configmap backend-api-config -n backend-services --type=merge -p '{"data":{"EXTRA":"1","LOG_LEVEL":null}}'`,
      'ConfigMap',
      'backend-api-config',
      'backend-services',
    ],
    ['kubectl cordon node-b', 'Node', 'node-b', undefined],
    ['kubectl taint nodes node-b maintenance=yes:NoSchedule', 'Node', 'node-b', undefined],
    ['kubectl set env deployment/kong -n api-gateway EXTRA=1', 'Deployment', 'kong', 'api-gateway'],
  ])('is put back: %s', async (line, kind, name, namespace) => {
    const before = await object(kind, name, namespace)
    const made = await at.press(line)
    expect(made).toMatchObject({ said: 'done', plan: { ok: true, value: { undo: { possible: true } } } })
    const changed = await object(kind, name, namespace)
    expect([changed.spec, changed.data, changed.metadata.labels]).not.toEqual([
      before.spec,
      before.data,
      before.metadata.labels,
    ])
    expect((await at.takeBack(line, made.plan)).said).toBe('done')
    const after = await object(kind, name, namespace)
    expect([after.spec, after.data, after.metadata.labels ?? {}]).toEqual([
      before.spec,
      before.data,
      before.metadata.labels ?? {},
    ])
  })

  it('is not put back over what somebody else made of it since', async () => {
    const line = 'kubectl label configmap backend-api-config -n backend-services owner=a'
    const made = await at.press(line)
    await at.press('kubectl label configmap backend-api-config -n backend-services owner=b --overwrite')
    expect((await at.takeBack(line, made.plan)).said).toMatch(/changed again since/)
    expect((await object('ConfigMap', 'backend-api-config', 'backend-services')).metadata.labels?.owner).toBe(
      'b',
    )
  })

  it('that was confirmed before somebody else changed the object is not sent', async () => {
    const line = `kubectl patch configmap backend-api-config -n backend-services --type=merge -p '{"data":{"WORD":"mine"}}'`
    const shown = await at.plan(line)
    await at.press(
      `kubectl patch configmap backend-api-config -n backend-services --type=merge -p '{"data":{"WORD":"theirs"}}'`,
    )
    const now = await at.plan(line)
    expect(shown.ok && now.ok && now.value.bindings).not.toEqual(shown.ok && shown.value.bindings)
  })

  it('that also changes finalizers has no way back, since a part of one would be taken for all', async () => {
    const { plan } = await at.press(
      `kubectl patch configmap backend-api-config -n backend-services --type=merge -p '{"metadata":{"finalizers":["example.com/hold"],"labels":{"held":"yes"}}}'`,
    )
    expect(plan).toMatchObject({ ok: true, value: { undo: { possible: false } } })
    await at.press(
      `kubectl patch configmap backend-api-config -n backend-services --type=merge -p '{"metadata":{"finalizers":null}}'`,
    )
  })

  it('of two objects, of which one is back already, is gone on with', async () => {
    const line = 'kubectl label configmap backend-api-config kube-root-ca.crt -n backend-services half=yes'
    const made = await at.press(line)
    await at.press('kubectl label configmap kube-root-ca.crt -n backend-services half-')
    expect((await at.takeBack(line, made.plan)).said).toBe('done')
    expect(
      (await object('ConfigMap', 'backend-api-config', 'backend-services')).metadata.labels ?? {},
    ).not.toHaveProperty('half')
    expect((await at.takeBack(line, made.plan)).said).toBe('Everything is as it was already.')
  })

  it.each([
    ['kubectl cordon node-c', 'kubernetes.put-back-approved'],
    ['kubectl annotate node node-c word=x', 'kubernetes.put-back'],
  ])('takes a second person back where it took one before: %s', async (line, operation) => {
    const made = await at.press(line)
    expect(at.undoFor(line, made.plan)).toMatchObject({ operation })
    expect((await at.takeBack(line, made.plan)).said).toBe('done')
  })

  it('is put back beside other changes made since', async () => {
    const line = 'kubectl annotate configmap backend-api-config -n backend-services note=a'
    const made = await at.press(line)
    await at.press('kubectl annotate configmap backend-api-config -n backend-services other=b')
    expect((await at.takeBack(line, made.plan)).said).toBe('done')
    const { annotations } = (await object('ConfigMap', 'backend-api-config', 'backend-services')).metadata
    expect(annotations).toMatchObject({ other: 'b' })
    expect(annotations).not.toHaveProperty('note')
  })

  it('has no way back where what is kept of it lacks a secret', async () => {
    await at.press('kubectl set env deployment/kong -n api-gateway API_TOKEN=abcdefgh12345678ABCDEFGH')
    const { plan } = await at.press('kubectl set env deployment/kong -n api-gateway EXTRA=2')
    expect(plan).toMatchObject({ ok: true, value: { undo: { possible: false } } })
    expect(JSON.stringify(plan.ok && plan.value.payload)).not.toContain('"back"')
  })

  it('leaves nothing behind that was not there, and shows no mark of its own', async () => {
    const line = 'kubectl label configmap kube-root-ca.crt -n cms word=x'
    const before = (await object('ConfigMap', 'kube-root-ca.crt', 'cms')).metadata.labels
    const made = await at.press(line)
    const back = await at.takeBack(line, made.plan)
    expect(back.said).toBe('done')
    expect(JSON.stringify(back.plan)).not.toContain('crashcart.dev/run')
    expect((await object('ConfigMap', 'kube-root-ca.crt', 'cms')).metadata.labels).toEqual(before)
  })

  it.each(['kubectl rollout restart deployment -n api-gateway', 'kubectl create namespace drill-2'])(
    'says where none is known: %s',
    async (line) => {
      const { plan } = await at.press(line)
      expect(plan).toMatchObject({ ok: true, value: { undo: { possible: false } } })
      expect((await at.takeBack(line, plan)).said).toMatch(/stands in the journal/)
    },
  )
})
