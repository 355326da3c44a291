import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../targets/types'
import { isComplete, judgeRollout } from './rollout'

const deployment = (spec: object, status: object, generation = 2): KubeObject =>
  ({
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', generation },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: generation, replicas: 3, updatedReplicas: 3, readyReplicas: 3, ...status },
  }) as KubeObject

const judge = (spec: object, status: object) =>
  judgeRollout(deployment(spec, status), 0).map((one) => `${one.severity} ${one.code}: ${one.title}`)

describe('a workload', () => {
  it('is well when all its pods are new and ready', () => {
    expect(judge({}, {})).toEqual([])
    expect(isComplete(deployment({}, {}))).toBe(true)
  })

  it('scaled to zero fails and is to be scaled', () => {
    const [finding] = judgeRollout(deployment({ replicas: 0 }, { replicas: 0, readyReplicas: 0 }), 0)
    expect(finding).toMatchObject({
      severity: 'fail',
      code: 'workload.scaled-to-zero',
      remedies: [
        { operation: 'kubernetes.scale', params: { namespace: 'shop', workload: 'deployment/web' } },
      ],
    })
  })

  it('without a ready pod fails, with some it warns', () => {
    expect(judge({}, { readyReplicas: 0 })).toEqual(['fail workload.none-ready: 0 of 3 pods of web ready'])
    expect(judge({}, { readyReplicas: undefined })).toEqual([
      'fail workload.none-ready: 0 of 3 pods of web ready',
    ])
    expect(judge({}, { readyReplicas: 2 })).toEqual(['warn workload.some-ready: 2 of 3 pods of web ready'])
  })

  it('in a rollout that is not finished says how far it is', () => {
    expect(judge({}, { replicas: 4, updatedReplicas: 1 })).toEqual([
      'warn workload.rolling: A rollout of web is not finished: 1 of 3 updated, 4 pods in all',
    ])
    expect(isComplete(deployment({}, { replicas: 4 }))).toBe(false)
  })

  it('that is paused is told', () => {
    expect(judge({ paused: true }, {})).toEqual(['warn workload.paused: The rollout of web is paused'])
  })

  it('is not complete before its controller has seen the newest spec', () => {
    expect(isComplete(deployment({}, { observedGeneration: 1 }))).toBe(false)
  })

  it('is counted by nodes when it is a DaemonSet', () => {
    const daemon = (ready: number) =>
      ({
        kind: 'DaemonSet',
        metadata: { name: 'fluentd', namespace: 'obs', generation: 1 },
        spec: {},
        status: {
          observedGeneration: 1,
          desiredNumberScheduled: 4,
          updatedNumberScheduled: 4,
          currentNumberScheduled: 4,
          numberReady: ready,
        },
      }) as KubeObject
    expect(judgeRollout(daemon(4), 0)).toEqual([])
    expect(judgeRollout(daemon(3), 0)[0]?.title).toBe('3 of 4 pods of fluentd ready')
  })
})
