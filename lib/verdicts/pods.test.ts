import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../targets/types'
import { isPodReady, judgePods, podTable, workloadOf } from './pods'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

interface Shape {
  name?: string
  ready?: boolean
  phase?: string
  state?: object
  last?: object
  restarts?: number
  ageSeconds?: number
  reason?: string
  message?: string
  node?: string | null
  deleting?: boolean
  namespace?: string
}

function pod(shape: Shape = {}): KubeObject {
  const { name = 'web-7c9-aaaaa', ready = true, phase = 'Running' } = shape
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace: shape.namespace ?? 'shop',
      uid: `uid-${name}`,
      creationTimestamp: ago(shape.ageSeconds ?? 3_600),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7c9', uid: 'rs', controller: true },
      ],
      ...(shape.deleting ? { deletionTimestamp: ago(3) } : {}),
    },
    spec: { ...(shape.node === null ? {} : { nodeName: 'node-1' }), containers: [{ name: 'web' }] },
    status: {
      phase,
      ...(shape.reason ? { reason: shape.reason, message: shape.message } : {}),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [
        {
          name: 'web',
          ready,
          restartCount: shape.restarts ?? 0,
          state: shape.state ?? { running: { startedAt: ago(3_500) } },
          ...(shape.last ? { lastState: { terminated: shape.last } } : {}),
        },
      ],
    },
  } as KubeObject
}

function warning(of: KubeObject, reason: string, message: string, count = 1, secondsAgo = 5): KubeObject {
  return {
    kind: 'Event',
    metadata: { name: `event-${reason}` },
    type: 'Warning',
    reason,
    message,
    count,
    involvedObject: { uid: of.metadata.uid, name: of.metadata.name },
    lastTimestamp: ago(secondsAgo),
  } as KubeObject
}

const judge = (...pods: KubeObject[]) => judgePods(pods, [], NOW)

describe('pods that are well', () => {
  it('have no findings', () => {
    expect(judge(pod(), pod({ name: 'web-7c9-bbbbb' }))).toEqual([])
  })

  it('may have completed, be going away, or have only just started', () => {
    expect(
      judge(
        pod({
          phase: 'Succeeded',
          ready: false,
          state: { terminated: { reason: 'Completed', exitCode: 0 } },
        }),
      ),
    ).toEqual([])
    expect(judge(pod({ ready: false, deleting: true }))).toEqual([])
    expect(judge(pod({ ready: false, ageSeconds: 4 }))).toEqual([])
  })

  it('may have restarted long ago', () => {
    const last = { reason: 'Error', exitCode: 1, finishedAt: ago(2 * 86_400) }
    expect(judge(pod({ restarts: 4, last }))).toEqual([])
  })
})

describe('pods that are not', () => {
  it('running and not ready, with the reason from the newest event', () => {
    const sick = pod({ ready: false })
    const [finding] = judgePods(
      [sick, pod({ name: 'web-7c9-bbbbb' })],
      [
        warning(sick, 'Unhealthy', 'Readiness probe failed: HTTP 500', 1, 60),
        warning(sick, 'Unhealthy', 'Readiness probe failed: HTTP 503', 12, 5),
      ],
      NOW,
    )
    expect(finding).toMatchObject({
      severity: 'warn',
      code: 'pods.not-ready',
      title: 'web-7c9-aaaaa runs and is not ready: Readiness probe failed: HTTP 503, 12 times',
      remedies: [
        {
          operation: 'kubernetes.rollout-restart',
          params: { namespace: 'shop', workload: 'deployment/web' },
        },
      ],
    })
    expect(finding?.evidence).toHaveLength(2)
  })

  it('is a failure once none of the workload is ready', () => {
    const [finding] = judge(pod({ ready: false }), pod({ name: 'web-7c9-bbbbb', ready: false }))
    expect(finding).toMatchObject({
      severity: 'fail',
      title: '0 of 2 pods of web ready: each runs and is not ready',
    })
  })

  it('crash loop', () => {
    const [finding] = judge(
      pod({
        ready: false,
        restarts: 6,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        last: { reason: 'Error', exitCode: 137, finishedAt: ago(40) },
      }),
      pod({ name: 'web-7c9-bbbbb' }),
    )
    expect(finding).toMatchObject({ code: 'pods.crash-loop', severity: 'warn' })
    expect(finding?.title).toBe('web-7c9-aaaaa keeps crashing (exit code 137), 6 restarts')
    expect(finding?.remedies[0]?.operation).toBe('kubernetes.rollout-undo')
  })

  it.each(['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName'])('%s', (reason) => {
    const [finding] = judge(
      pod({ ready: false, phase: 'Pending', state: { waiting: { reason, message: 'manifest unknown' } } }),
    )
    expect(finding).toMatchObject({ code: 'pods.image', severity: 'fail' })
    expect(finding?.title).toContain(`cannot pull its image (${reason}): manifest unknown`)
    expect(finding?.remedies[0]?.operation).toBe('kubernetes.rollout-undo')
  })

  it('killed for memory, also when it runs again', () => {
    const last = { reason: 'OOMKilled', exitCode: 137, finishedAt: ago(600) }
    const [finding] = judge(pod({ restarts: 1, last }))
    expect(finding).toMatchObject({ code: 'pods.oom-killed', severity: 'warn' })
    expect(finding?.remedies).toEqual([
      { operation: 'kubernetes.set-resources', params: { namespace: 'shop', workload: 'deployment/web' } },
    ])
    expect(judge(pod({ restarts: 1, last: { ...last, finishedAt: ago(7_200) } }))).toEqual([])
  })

  it('pending without a node, in the words of the scheduler', () => {
    const stuck = pod({ ready: false, phase: 'Pending', node: null, state: {} })
    const [finding] = judgePods(
      [stuck],
      [warning(stuck, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient memory.')],
      NOW,
    )
    expect(finding).toMatchObject({ code: 'pods.unschedulable', severity: 'fail' })
    expect(finding?.title).toContain('0/3 nodes are available: 3 Insufficient memory.')
  })

  it('evicted', () => {
    const [finding] = judge(
      pod({ phase: 'Failed', ready: false, reason: 'Evicted', message: 'low on ephemeral-storage' }),
      pod({ name: 'web-7c9-bbbbb' }),
    )
    expect(finding).toMatchObject({ code: 'pods.evicted', severity: 'warn' })
    expect(finding?.title).toContain('was evicted: low on ephemeral-storage')
  })

  it('restarted a moment ago', () => {
    const [finding] = judge(
      pod({ restarts: 1, last: { reason: 'Error', exitCode: 2, finishedAt: ago(300) } }),
    )
    expect(finding).toMatchObject({
      code: 'pods.restarted',
      title: 'web-7c9-aaaaa restarted 5 min ago (exit code 2)',
    })
  })

  it('makes one finding of pods with the same trouble, and keeps namespaces apart', () => {
    const sick = ['a', 'b', 'c'].map((id) => pod({ name: `web-7c9-${id}`, ready: false }))
    const findings = judge(
      ...sick,
      pod({ name: 'web-7c9-d' }),
      pod({ name: 'web-7c9-a', namespace: 'other', ready: false }),
    )
    expect(findings.map((one) => one.title)).toEqual([
      '3 of 4 pods of web: each runs and is not ready',
      '0 of 1 pods of web ready: it runs and is not ready',
    ])
  })
})

describe('the table of pods', () => {
  it('shows the sick ones first, and says how many more there are', () => {
    const many = Array.from({ length: 230 }, (_, i) => pod({ name: `web-${String(i).padStart(3, '0')}` }))
    const view = podTable([...many, pod({ name: 'zzz', ready: false })], NOW)
    if (view.type !== 'table') throw new Error('no table')
    expect(view.rows).toHaveLength(200)
    expect(view.more).toBe(31)
    expect(view.rows[0]?.name?.text).toBe('zzz')
    expect(view.rows[0]?.status).toEqual({ text: 'Running, not ready', tone: 'warn' })
  })
})

describe('who owns a pod', () => {
  it('is the Deployment behind its ReplicaSet, or the owner itself', () => {
    expect(workloadOf(pod())).toBe('deployment/web')
    const own = pod()
    own.metadata.ownerReferences = [
      { kind: 'StatefulSet', name: 'redis', uid: 'x', controller: true },
    ] as never
    expect(workloadOf(own)).toBe('statefulset/redis')
    own.metadata.ownerReferences = []
    expect(workloadOf(own)).toBeUndefined()
    expect(isPodReady(own)).toBe(true)
  })
})

describe('pods that cannot start or end', () => {
  const at = Date.parse('2026-03-01T12:00:00Z')
  const sick = (metadata: object, status: object) =>
    judgePods(
      [
        {
          metadata: {
            name: 'a-1',
            namespace: 'n',
            uid: 'u',
            creationTimestamp: '2026-03-01T11:00:00Z',
            ...metadata,
          },
          spec: { nodeName: 'node-a', containers: [{ name: 'c' }] },
          status: { phase: 'Pending', ...status },
        },
      ] as unknown as Parameters<typeof judgePods>[0],
      [],
      at,
    )
  const waiting = (reason: string, message: string) => [
    { name: 'c', state: { waiting: { reason, message } } },
  ]

  it('names what is missing', () => {
    const status = { containerStatuses: waiting('CreateContainerConfigError', 'secret "x" not found') }
    expect(sick({}, status)).toMatchObject([
      { code: 'pods.cannot-start', title: expect.stringContaining('secret "x" not found') },
    ])
  })

  it('looks into init containers', () => {
    const status = {
      initContainerStatuses: waiting('CrashLoopBackOff', ''),
      containerStatuses: waiting('PodInitializing', ''),
    }
    expect(sick({}, status)).toMatchObject([{ code: 'pods.crash-loop' }])
  })

  it('notices one that should have ended long ago, and waits for one that is ending', () => {
    const running = { phase: 'Running', containerStatuses: [{ name: 'c', state: { running: {} } }] }
    expect(sick({ deletionTimestamp: '2026-03-01T11:30:00Z' }, running)).toMatchObject([
      { code: 'pods.stuck-terminating' },
    ])
    expect(sick({ deletionTimestamp: '2026-03-01T12:00:05Z' }, running)).toEqual([])
  })
})

describe('a whole cluster in trouble', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => {
    const crashing = pod({
      name: `svc-${i}`,
      ready: i % 5 !== 0 && i % 5 !== 1,
      ...(i % 5 === 0 || i % 5 === 1 ? { state: { waiting: { reason: 'CrashLoopBackOff' } } } : {}),
    })
    const owner = crashing.metadata.ownerReferences?.[0]
    // Every fifth workload has no ready pod; every other fifth has one that crashes beside ready ones.
    if (owner) owner.name = i % 5 === 0 ? `down-${i}-7c9` : `part-${Math.floor(i / 50)}-7c9`
    return crashing
  })

  it('names the worst workloads and counts the others', () => {
    const findings = judgePods(many, [], NOW)
    expect(findings).toHaveLength(31)
    expect(new Set(findings.map((one) => one.severity))).toEqual(new Set(['fail']))
    expect(findings.at(-1)).toMatchObject({
      severity: 'fail',
      code: 'pods.more',
      title: '1070 more workloads have pods in trouble, 970 of them without a ready pod',
    })
  })

  it('finds its warnings without looking through all of them for each pod', () => {
    const events = many.flatMap((one) => [warning(one, 'BackOff', 'a'), warning(one, 'Unhealthy', 'b')])
    const began = performance.now()
    judgePods(many, events, NOW)
    // Some milliseconds; with a look at every event for every pod it was many seconds.
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})
