import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../targets/types'
import { bytes, count, howLong } from './durations'
import { parseQuantity } from './quantity'
import { judgeUsage, usageOf, usageViews } from './usage'

const pod = (name: string, limits?: Record<string, string>): KubeObject =>
  ({
    metadata: {
      name,
      namespace: 'shop',
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7c9', uid: 'x', controller: true },
      ],
    },
    spec: { containers: [{ name: 'c', ...(limits ? { resources: { limits } } : {}) }] },
  }) as KubeObject

const metric = (name: string, cpu: string, memory: string): KubeObject =>
  ({
    metadata: { name, namespace: 'shop' },
    containers: [{ name: 'c', usage: { cpu, memory } }],
  }) as KubeObject

const LIMITS = { cpu: '500m', memory: '1Gi' }
const judge = (cpu: string, memory: string, limits?: Record<string, string>) =>
  judgeUsage(usageOf([pod('web-1', limits)], [metric('web-1', cpu, memory)]))

describe('usage against limits', () => {
  it('is well below 85 %', () => {
    expect(judge('100m', '500Mi', LIMITS)).toEqual([])
  })

  it('warns from 85 % and fails from 95 %', () => {
    expect(judge('100m', '880Mi', LIMITS)).toMatchObject([
      { severity: 'warn', code: 'usage.memory', title: 'web-1 uses 86 % of its memory limit' },
    ])
    expect(judge('495m', '100Mi', LIMITS)).toMatchObject([
      {
        severity: 'fail',
        code: 'usage.cpu',
        title: 'web-1 uses 99 % of its CPU limit',
        remedies: [
          { operation: 'kubernetes.set-resources', params: { workload: 'deployment/web' } },
          { operation: 'kubernetes.scale' },
        ],
      },
    ])
  })

  it('says nothing of pods without a limit', () => {
    expect(judge('4', '9Gi')).toEqual([])
  })

  it('names the fullest pod and counts the others', () => {
    const rows = usageOf(
      [pod('a', LIMITS), pod('b', LIMITS), pod('c', LIMITS)],
      [metric('a', '0', '900Mi'), metric('b', '0', '1000Mi'), metric('c', '0', '1Mi')],
    )
    expect(judgeUsage(rows)[0]?.title).toBe('b uses 98 % of its memory limit, 1 more above 85 %')
  })

  it('without figures could not be looked at', () => {
    expect(judgeUsage([])).toMatchObject([{ severity: 'unknown', code: 'usage.none' }])
    expect(usageOf([pod('web-1')], [metric('gone', '1', '1Gi')])).toEqual([])
  })

  it('shows the fullest pod as a gauge', () => {
    const [gauge] = usageViews(usageOf([pod('a', LIMITS)], [metric('a', '0', '1000Mi')]))
    expect(gauge).toMatchObject({ type: 'gauge', value: 1000, max: 1024, unit: 'MiB', tone: 'fail' })
  })
})

describe('quantities', () => {
  it.each<[string | undefined, number | undefined]>([
    ['1', 1],
    ['500m', 0.5],
    ['250000000n', 0.25],
    ['1.5', 1.5],
    ['2Gi', 2 * 2 ** 30],
    ['512Mi', 512 * 2 ** 20],
    ['1k', 1_000],
    ['1e3', 1_000],
    ['', undefined],
    [undefined, undefined],
    ['lots', undefined],
    ['1.2.3', undefined],
    ['5 Gi', undefined],
  ])('%s', (text, value) => {
    expect(parseQuantity(text)).toBe(value)
  })
})

describe('figures in words', () => {
  it('are short', () => {
    expect([42_000, 180_000, 5 * 3_600_000, 12 * 86_400_000, -5].map(howLong)).toEqual([
      '42 s',
      '3 min',
      '5 h',
      '12 days',
      '0 s',
    ])
    expect([12, 2_048, 61 * 2 ** 20, 1.4 * 2 ** 30].map(bytes)).toEqual([
      '12 B',
      '2 KiB',
      '61 MiB',
      '1.4 GiB',
    ])
    expect([count(1, 'pod'), count(3, 'pod'), count(2, 'index', 'indexes')]).toEqual([
      '1 pod',
      '3 pods',
      '2 indexes',
    ])
  })
})
