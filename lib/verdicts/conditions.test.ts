import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../targets/types'
import { judgeEvents, judgeObjects, stateOf, troubleOf } from './conditions'

const deployment = (status: object, spec: object = {}, generation = 2): KubeObject => ({
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', generation },
  spec: { replicas: 3, ...spec },
  status,
})
const codes = (object: KubeObject) => troubleOf(object).map((one) => one.code)

describe('a workload', () => {
  it('whose pods are all new and ready has no trouble', () => {
    expect(
      codes(deployment({ observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 3 })),
    ).toEqual([])
  })

  it('of whose last change its controller knows nothing is not well yet, however ready the old pods are', () => {
    expect(
      codes(deployment({ observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 3 })),
    ).toEqual(['not-observed'])
  })

  it('whose old pods still serve beside new ones is not at its end', () => {
    expect(
      codes(deployment({ observedGeneration: 2, replicas: 4, updatedReplicas: 1, readyReplicas: 3 })),
    ).toEqual(['workload.rolling'])
  })

  it('that is scaled to zero is as somebody wanted it, once its pods are gone', () => {
    expect(codes(deployment({ observedGeneration: 2, replicas: 2 }, { replicas: 0 }))).toEqual([
      'workload.rolling',
    ])
    expect(codes(deployment({ observedGeneration: 2 }, { replicas: 0 }))).toEqual([])
  })
})

const custom = (status: object): KubeObject => ({ kind: 'Widget', metadata: { name: 'a' }, status })

it.each<[string, object, string[]]>([
  ['Ready is False', { conditions: [{ type: 'Ready', status: 'False', reason: 'NoDisk' }] }, ['fail']],
  ['Degraded is True', { conditions: [{ type: 'Degraded', status: 'True' }] }, ['fail']],
  ['Available is Unknown', { conditions: [{ type: 'Available', status: 'Unknown' }] }, ['warn']],
  ['a condition nobody knows', { conditions: [{ type: 'Shiny', status: 'False' }] }, []],
  ['a phase that means failure', { phase: 'Failed' }, ['fail']],
  ['a phase that means waiting', { phase: 'Pending' }, ['warn']],
  ['conditions that are no list', { conditions: 'none' }, []],
])('%s', (_what, status, severities) => {
  expect(troubleOf(custom(status)).map((one) => one.severity)).toEqual(severities)
})

it('shows what is unwell first', () => {
  const { findings, view } = judgeObjects(
    [
      { kind: 'Widget', metadata: { name: 'well' }, status: { phase: 'Bound' } },
      { kind: 'Widget', metadata: { name: 'ill' }, status: { phase: 'Lost' } },
    ],
    0,
  )
  expect(findings.map((one) => one.title)).toEqual(['Widget ill is Lost'])
  expect(view.type === 'table' && view.rows.map((row) => row.name?.text)).toEqual(['ill', 'well'])
  expect(stateOf(custom({ phase: 'Lost' }))).toEqual({ text: 'Lost', tone: 'fail' })
})

it('counts warnings of the last hour by their reason', () => {
  const event = (reason: string, minutesAgo: number): KubeObject => ({
    kind: 'Event',
    metadata: { name: reason },
    type: 'Warning',
    reason,
    message: 'x',
    involvedObject: { kind: 'Pod', name: 'a' },
    lastTimestamp: new Date(3_600_000 * 10 - minutesAgo * 60_000).toISOString(),
  })
  const findings = judgeEvents([event('BackOff', 2), event('BackOff', 3), event('Old', 90)], 3_600_000 * 10)
  expect(findings.map((one) => one.title)).toEqual([
    '2 warnings BackOff in the last hour, the newest 2 min ago',
  ])
})

it('says of a certificate request that nobody has decided on it', () => {
  const request = (...types: string[]): KubeObject => ({
    kind: 'CertificateSigningRequest',
    metadata: { name: 'node-a' },
    spec: { username: 'node-a', signerName: 'kubernetes.io/kubelet-serving' },
    ...(types.length > 0 ? { status: { conditions: types.map((type) => ({ type, status: 'True' })) } } : {}),
  })
  expect(troubleOf(request())).toMatchObject([
    {
      severity: 'warn',
      title: 'CertificateSigningRequest node-a waits for somebody to approve or deny it',
      evidence: ['node-a asks kubernetes.io/kubelet-serving for it'],
    },
  ])
  for (const type of ['Approved', 'Denied']) expect(troubleOf(request(type))).toEqual([])
  expect(troubleOf(request('Approved', 'Failed'))).toHaveLength(1)
})
