import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../targets/types'
import { judgeLimits, judgeProbes, limitsTable, probeFacts } from './pod-spec'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

function pod(
  name: string,
  options: { memory?: string; killed?: number; probe?: boolean; ready?: boolean } = {},
): KubeObject {
  const { memory = '1Gi', killed, probe = true, ready = true } = options
  return {
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7c9', uid: 'x', controller: true },
      ],
    },
    spec: {
      containers: [
        {
          name: 'web',
          ...(memory ? { resources: { limits: { memory, cpu: '1' } } } : {}),
          ...(probe ? { readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 } } : {}),
        },
      ],
    },
    status: {
      qosClass: 'Burstable',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [
        {
          name: 'web',
          ...(killed === undefined
            ? {}
            : { lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: ago(killed) } } }),
        },
      ],
    },
  } as KubeObject
}

const metric = (name: string, memory: string): KubeObject =>
  ({ metadata: { name }, containers: [{ usage: { memory } }] }) as KubeObject

describe('limits', () => {
  const codes = (pods: KubeObject[], metrics: KubeObject[] = []) =>
    judgeLimits(pods, metrics, NOW).map((one) => `${one.severity} ${one.code}`)

  it('with room are well', () => {
    expect(codes([pod('web-1')], [metric('web-1', '400Mi')])).toEqual([])
  })

  it('that were hit lately fail; an hour ago is over', () => {
    expect(judgeLimits([pod('web-1', { killed: 60 }), pod('web-2')], [], NOW)).toMatchObject([
      {
        severity: 'fail',
        code: 'limits.oom-killed',
        title: '1 of 2 pods killed for memory in the last hour (OOMKilled); the limit is 1Gi',
        remedies: [
          {
            operation: 'kubernetes.set-resources',
            params: { namespace: 'shop', workload: 'deployment/web' },
          },
        ],
      },
    ])
    expect(codes([pod('web-1', { killed: 4_000 })])).toEqual([])
  })

  it('that are near or not set warn', () => {
    expect(codes([pod('web-1')], [metric('web-1', '1000Mi')])).toEqual(['warn limits.near'])
    expect(codes([pod('web-1', { memory: '' })], [metric('web-1', '1000Mi')])).toEqual(['warn limits.none'])
  })

  it('are shown with the last end of each container', () => {
    const view = limitsTable([pod('web-1', { killed: 60 })])
    expect(view).toMatchObject({
      rows: [{ limits: { text: '1 · 1Gi' }, last: { text: 'OOMKilled, exit code 137' } }],
    })
  })
})

describe('probes', () => {
  const failure = (name: string, seconds: number): KubeObject =>
    ({
      metadata: { name: 'e' },
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
      count: 6,
      firstTimestamp: ago(60),
      lastTimestamp: ago(seconds),
      involvedObject: { uid: `uid-${name}`, name },
    }) as KubeObject
  const codes = (pods: KubeObject[], events: KubeObject[], since?: number) =>
    judgeProbes(pods, 'readiness', events, NOW, since).map((one) => `${one.severity} ${one.code}`)

  it('that are set and quiet are well', () => {
    expect(codes([pod('web-1')], [])).toEqual([])
  })

  it('that are missing warn', () => {
    expect(codes([pod('web-1', { probe: false })], [])).toEqual(['warn probe.readiness-missing'])
  })

  it('that fail now on pods that are not ready say so', () => {
    const sick = pod('web-1', { ready: false })
    expect(codes([sick, pod('web-2')], [failure('web-1', 3)])).toEqual(['warn probe.readiness-failing'])
    expect(codes([sick], [failure('web-1', 3)])).toEqual(['fail probe.readiness-failing'])
  })

  it('that failed before, elsewhere or on a ready pod do not weigh', () => {
    expect(codes([pod('web-1', { ready: false })], [failure('web-1', 400)])).toEqual([])
    // A kubelet tells of a lasting failure every 5 minutes only.
    expect(codes([pod('web-1', { ready: false })], [failure('web-1', 290)])).not.toEqual([])
    expect(codes([pod('web-1', { ready: false })], [failure('other', 3)])).toEqual([])
    expect(codes([pod('web-1')], [failure('web-1', 3)])).toEqual([])
    expect(codes([pod('web-1', { ready: false })], [failure('web-1', 3)], NOW - 1_000)).toEqual([])
  })

  it('are described', () => {
    expect(probeFacts([pod('web-1')], 'readiness')).toMatchObject({
      items: [{ label: 'web', value: 'GET :8080/ready, every 5 s, time-out 1 s, fails after 3' }],
    })
  })
})
