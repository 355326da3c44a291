import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import { RESOURCE } from '../resource-types'
import { type Cluster, connectCluster } from './connect'
import { leadsAstray } from './transport'

const NAMESPACE = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false }
let sandbox: RunningSandbox
let cluster: Cluster

beforeAll(async () => {
  sandbox = await startSandbox({ world: createWorld({ settle: true }) })
  const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
  if (!connected.ok) throw new Error(connected.error.message)
  cluster = connected.value
}, 60_000)
afterAll(() => sandbox.stop())

it.each([
  ['/api/v1/namespaces/shop/pods/..', true],
  ['/api/v1/namespaces/../pods', true],
  ['/api/v1/namespaces/shop/pods/%2E%2e/log', true],
  ['/api/v1/namespaces/shop/pods/.?x=1', true],
  ['/api/v1/namespaces/shop/pods/a%2Fb', true],
  ['/api/v1/namespaces/shop/pods/web:8080/proxy/../../secrets', true],
  ['/api/v1/namespaces/shop/pods/web:8080/proxy/a%2Fb', false],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode', false],
  ['/api/v1/namespaces/shop/pods/web..a?fieldSelector=a%2Fb', false],
])('%s', (path, astray) => {
  expect(leadsAstray(path)).toBe(astray)
})

it('a name that walks up reads, changes and removes nothing', async () => {
  const read = await cluster.reader.list(RESOURCE.Pod, { namespace: '..' })
  const one = await cluster.reader.get(RESOURCE.Pod, '..', 'cms')
  const log = await cluster.reader.logs({ namespace: '..', pod: '..', container: 'a' })
  const labelled = await cluster.writer.patch(RESOURCE.Pod, '..', 'cms', 'merge', {
    metadata: { labels: { cold: 'yes' } },
  })
  const removed = await cluster.writer.remove(RESOURCE.Pod, '..', 'cms', {})
  for (const answer of [read, one, log, labelled, removed])
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  const ran = await cluster.writer.execTyped({ namespace: '..', pod: '..', argv: ['true'] })
  expect(ran).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  const there = await cluster.reader.get(NAMESPACE, 'cms')
  expect(there.ok && there.value.metadata.labels?.cold).toBeUndefined()
  expect(there.ok).toBe(true)
})
