import { describe, expect, it } from 'vitest'
import { fail, ok } from '../core/result'
import type { ClusterReader, KubeObject } from '../targets/types'
import { describePod } from './kubernetes/checks/describe-pod'
import { logs } from './kubernetes/checks/logs'
import { operationFor } from './kubernetes/typed/testing'
import { info } from './redis/info'
import { unlinkPrefix } from './redis/unlink-prefix'
import type { Check, Plan, ReadContext } from './types'

const NOW = new Date('2026-03-01T12:00:00Z')
const pod = {
  kind: 'Pod',
  metadata: { name: 'redis-0', namespace: 'shop', uid: 'u1' },
  spec: { containers: [{ name: 'redis', readinessProbe: { httpGet: { port: 80 } } }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'redis', state: { running: {} } }] },
} as unknown as KubeObject

/** A cluster with one pod; only what a test names answers otherwise. */
function context(answers: Partial<ClusterReader>): ReadContext {
  const refuse = async () => fail('forbidden', 'not for you')
  const cluster: ClusterReader = {
    info: { name: 'nowhere', practice: false },
    list: async (type) => (type.kind === 'Pod' ? ok([pod]) : refuse()),
    get: refuse,
    logs: refuse,
    recentLines: refuse,
    podGet: refuse,
    serviceGet: refuse,
    rawGet: refuse,
    exec: refuse,
    kafka: refuse,
    table: refuse,
    types: refuse,
    rules: refuse,
    canI: refuse,
    groupVersions: refuse,
    ...answers,
  }
  return { cluster, signal: new AbortController().signal, now: () => NOW, secrets: {} }
}
const says = (stdout: string): Partial<ClusterReader> => ({
  exec: async () => ok({ stdout, stderr: '', exitCode: 0, ms: 1, truncatedBytes: 0 }),
})

describe('what was not seen is not well', () => {
  it('probes without the events in which their failures stand', async () => {
    const result = await describePod.run(context({}), {
      namespace: 'shop',
      pod: 'redis-0',
      section: 'readiness',
    })
    expect(result.verdict).toBe('unknown')
  })

  it('a Redis that asks for a password', async () => {
    const result = await info.run(context(says('NOAUTH Authentication required.\n')), {
      namespace: 'shop',
      pod: 'redis-0',
    })
    expect(result).toMatchObject({ verdict: 'unknown', summary: expect.stringContaining('NOAUTH') })
  })

  it('a log without a line', async () => {
    const empty: Partial<ClusterReader> = { recentLines: async () => ok([]) }
    const result = await logs.run(context(empty), { namespace: 'shop', pod: 'redis-0', tail: 100 })
    expect(result).toMatchObject({ verdict: 'fail', summary: 'redis-0 has written nothing' })
  })

  it('a container beside the one that was asked for', async () => {
    const asked: unknown[] = []
    const listen: Partial<ClusterReader> = {
      recentLines: async (request) => {
        asked.push(request.container)
        return ok([])
      },
    }
    await logs.run(context(listen), { namespace: 'shop', pod: 'redis-0', container: 'exporter' })
    await logs.run(context(listen), { namespace: 'shop', pod: 'redis-0' })
    expect(asked).toEqual(['exporter', 'redis'])
  })

  it('keys of which none was removed', async () => {
    const plan = {
      payload: { namespace: 'shop', pod: 'redis-0', container: 'redis', pattern: 'a:*', found: 2 },
    } as unknown as Plan
    const seen = []
    for await (const one of unlinkPrefix.verify(context(says('a:1\na:2\n')), plan, {
      summary: '',
      at: '',
      payload: { removed: 0 },
    }))
      seen.push(one.state)
    expect(seen).toEqual(['failed'])
  })
})

describe('events of one object', () => {
  const event = (kind: string) => ({
    kind: 'Event',
    metadata: { name: kind },
    type: 'Warning',
    message: `of ${kind}`,
    reason: 'Failed',
    count: 9,
    involvedObject: { kind, name: 'web' },
    lastTimestamp: NOW.toISOString(),
  })

  it('are found whatever way a custom resource writes its kind, and are no other object’s', async () => {
    const asked: unknown[] = []
    const list: ClusterReader['list'] = async (_, options) => {
      asked.push(options?.fieldSelector)
      return ok([event('HelmRelease'), event('Deployment')] as unknown as KubeObject[])
    }
    const look = (line: string) => {
      const { operation, params } = operationFor(line)
      return (operation as Check<unknown>).run(context({ list }), params)
    }
    const looked = await look('kubectl events --for helmrelease/web')
    expect(JSON.stringify(looked)).toContain('of HelmRelease')
    expect(JSON.stringify(looked)).not.toContain('of Deployment')
    await look('kubectl events --for deploy/web')
    expect(asked).toEqual([
      'involvedObject.name=web',
      'involvedObject.kind=Deployment,involvedObject.apiVersion=apps/v1,involvedObject.name=web',
    ])
  })
})
