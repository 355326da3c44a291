import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../targets/types'
import { judgeSecret, lastWrite, secretKeys } from './secret'

const VALUE = 'correct-horse-battery-staple-0123456789'

function secret(data: Record<string, string>, written?: string, name = 'jwt-secret'): KubeObject {
  return {
    kind: 'Secret',
    metadata: {
      name,
      namespace: 'shop',
      creationTimestamp: '2026-02-01T00:00:00Z',
      ...(written
        ? {
            managedFields: [
              { manager: 'helm', time: '2026-02-01T00:00:00Z' },
              { manager: 'vault-sync', time: written },
            ],
          }
        : {}),
    },
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  } as KubeObject
}

function pod(name: string, startTime: string): KubeObject {
  return {
    metadata: {
      name,
      namespace: 'shop',
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7c9', uid: 'x', controller: true },
      ],
    },
    spec: { containers: [{ envFrom: [{ secretRef: { name: 'jwt-secret' } }] }] },
    status: { phase: 'Running', startTime },
  } as KubeObject
}

const judge = (object: KubeObject, pods: KubeObject[] = []) => judgeSecret(object, secretKeys(object), pods)

describe('a secret', () => {
  it('is well with a long key that its pods have read', () => {
    expect(
      judge(secret({ secret: VALUE }, '2026-02-10T00:00:00Z'), [pod('web-1', '2026-02-10T00:10:00Z')]),
    ).toEqual([])
  })

  it('is known by key names and lengths, never by values', () => {
    const keys = secretKeys(secret({ secret: VALUE, url: 'x' }))
    expect(keys).toEqual([
      { name: 'secret', bytes: VALUE.length },
      { name: 'url', bytes: 1 },
    ])
    const said = JSON.stringify(
      judge(secret({ secret: 'short', a: '' }), [pod('web-1', '2026-01-01T00:00:00Z')]),
    )
    expect(said).not.toContain('short')
    expect(said).not.toContain(Buffer.from('short').toString('base64'))
  })

  it('with a short signing key is to be rotated', () => {
    expect(judge(secret({ secret: 'x'.repeat(31) }))).toMatchObject([
      {
        code: 'secret.weak-key',
        title: 'The signing key in jwt-secret has 31 bytes; HS256 needs at least 32',
      },
    ])
    expect(judge(secret({ secret: 'x'.repeat(32) }))).toEqual([])
    expect(judge(secret({ secret: 'x' }, undefined, 'db'))).toEqual([])
  })

  it('without keys, or with empty ones, fails', () => {
    expect(judge(secret({})).map((one) => one.code)).toEqual(['secret.empty'])
    expect(judge(secret({ secret: VALUE, a: '', b: '' }))[0]?.title).toBe('jwt-secret: a, b are empty')
  })

  it('that changed after its pods started names the change and the restart', () => {
    const findings = judge(secret({ secret: VALUE }, '2026-02-20T10:00:00Z'), [
      pod('web-1', '2026-02-19T00:00:00Z'),
      pod('web-2', '2026-02-20T11:00:00Z'),
    ])
    expect(findings).toMatchObject([
      {
        severity: 'fail',
        code: 'secret.pods-older',
        title:
          '1 of 2 pods started before jwt-secret was last changed by vault-sync and still use the former value',
        remedies: [{ operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/web' } }],
      },
    ])
  })

  it('is not blamed on pods that do not use it', () => {
    const other = pod('db-1', '2026-01-01T00:00:00Z')
    other.spec = { containers: [{ envFrom: [{ secretRef: { name: 'db-secret' } }] }] }
    expect(judge(secret({ secret: VALUE }, '2026-02-20T10:00:00Z'), [other])).toEqual([])
  })

  it('was last written when its newest manager wrote', () => {
    expect(lastWrite(secret({}, '2026-02-20T10:00:00Z'))).toEqual({
      at: Date.parse('2026-02-20T10:00:00Z'),
      by: 'vault-sync',
    })
    expect(lastWrite(secret({}))).toEqual({ at: Date.parse('2026-02-01T00:00:00Z') })
  })
})
