import { describe, expect, it } from 'vitest'
import type { DiscoveredType, KubeObject } from '../../targets/types'
import { age, since } from './age'
import { apiResourcesText } from './api-text'
import { eventsText } from './events-text'
import { rolloutHistory, rolloutStatus } from './rollout-text'
import { nodesTopText, podsTopText } from './top-text'

describe('usage', () => {
  const pod = (
    namespace: string,
    name: string,
    ...containers: [name: string, cpu: string, memory: string][]
  ) => ({
    metadata: { name, namespace },
    containers: containers.map(([own, cpu, memory]) => ({ name: own, usage: { cpu, memory } })),
  })
  const PODS = [
    pod('b', 'web', ['app', '1500001n', '2Mi'], ['side', '250m', '1048575']),
    pod('a', 'web', ['app', '3', '10Gi']),
  ]
  const OPTIONS = { allNamespaces: false, containers: false, noHeaders: false, sum: false }

  it('of pods is rounded up to thousandths of a core, and down to Mi', () => {
    expect(podsTopText(PODS, { ...OPTIONS, allNamespaces: true })).toBe(
      [
        'NAMESPACE   NAME   CPU(cores)   MEMORY(bytes)   ',
        'a           web    3000m        10240Mi         ',
        'b           web    252m         2Mi             ',
        '',
      ].join('\n'),
    )
  })

  it('of containers stands beside their pod, with a sum below', () => {
    expect(podsTopText(PODS.slice(0, 1), { ...OPTIONS, containers: true, sortBy: 'cpu', sum: true })).toBe(
      [
        'POD   NAME   CPU(cores)   MEMORY(bytes)   ',
        'web   side   250m         0Mi             ',
        'web   app    2m           2Mi             ',
        '             ________     ________        ',
        '             252m         2Mi             ',
        '',
      ].join('\n'),
    )
    expect(podsTopText([], OPTIONS)).toBe('')
  })

  it('of nodes is a share of what they can give; one without metrics comes last', () => {
    const node = (name: string, cpu: string) => ({
      metadata: { name },
      status: { allocatable: { cpu, memory: '4Gi' }, capacity: { cpu: '8', memory: '8Gi' } },
    })
    const used = (name: string, cpu: string) => ({ metadata: { name }, usage: { cpu, memory: '1Gi' } })
    const nodes = [node('one', '3'), node('gone', '4')]
    const text = nodesTopText([used('two', '1'), used('one', '2')], nodes, {
      noHeaders: true,
      sortBy: 'cpu',
      of: 'allocatable',
    })
    expect(text).toBe(
      [
        'one    2000m       66%         1024Mi   25%   ',
        'two    1000m       1024Mi      ',
        'gone   <unknown>   <unknown>   <unknown>   <unknown>   ',
        '',
      ].join('\n'),
    )
    expect(nodesTopText([used('one', '2')], nodes.slice(0, 1), { noHeaders: true, of: 'capacity' })).toBe(
      'one   2000m   25%   1024Mi   12%   \n',
    )
  })
})

describe('events', () => {
  const event = (reason: string, more: object): KubeObject => ({
    metadata: { name: reason, namespace: 'shop' },
    type: 'Normal',
    reason,
    involvedObject: { kind: 'Pod', name: 'web-0' },
    message: ' Pulled it \n',
    ...more,
  })
  const NOW = Date.parse('2024-05-01T12:00:00Z')

  it('come in the order of their last sight, with how often and since when', () => {
    const text = eventsText(
      [
        event('Often', {
          count: 3,
          firstTimestamp: '2024-05-01T10:00:00Z',
          lastTimestamp: '2024-05-01T11:59:30Z',
        }),
        event('Once', { firstTimestamp: '2024-05-01T11:50:00Z', lastTimestamp: '2024-05-01T11:50:00Z' }),
        event('Series', {
          eventTime: '2024-05-01T04:00:00.000000Z',
          series: { count: 7, lastObservedTime: '2024-05-01T11:50:00.000001Z' },
        }),
        event('Never', { lastTimestamp: null }),
      ],
      NOW,
      { allNamespaces: true, noHeaders: false },
    )
    expect(text).toBe(
      [
        'NAMESPACE   LAST SEEN            TYPE     REASON   OBJECT      MESSAGE',
        'shop        <unknown>            Normal   Never    Pod/web-0   Pulled it',
        'shop        10m                  Normal   Once     Pod/web-0   Pulled it',
        'shop        10m (x7 over 8h)     Normal   Series   Pod/web-0   Pulled it',
        'shop        30s (x3 over 120m)   Normal   Often    Pod/web-0   Pulled it',
        '',
      ].join('\n'),
    )
    expect(eventsText([], NOW, { allNamespaces: false, noHeaders: false })).toBe('')
  })

  it.each([
    [-3_000, '<invalid>'],
    [-500, '0s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [599_000, '9m59s'],
    [10_799_000, '179m'],
    [10_800_000, '3h'],
    [11_580_000, '3h13m'],
    [47 * 3_600_000, '47h'],
    [50 * 3_600_000, '2d2h'],
    [8 * 86_400_000, '8d'],
    [729 * 86_400_000, '729d'],
    [740 * 86_400_000, '2y10d'],
    [3_000 * 86_400_000, '8y'],
  ])('%d ms ago are %s', (ms, text) => {
    expect(age(ms)).toBe(text)
  })

  it('without a time have no age', () => {
    expect([since(undefined, NOW), since('no time', NOW)]).toEqual(['<unknown>', '<unknown>'])
  })
})

describe('rollouts', () => {
  const workload = (kind: string, spec: object, status: object): KubeObject => ({
    kind,
    metadata: { name: 'web', generation: 2 },
    spec: { updateStrategy: { type: 'RollingUpdate' }, ...spec },
    status: { observedGeneration: 2, ...status },
  })
  it.each([
    [
      workload('Deployment', {}, { observedGeneration: 1 }),
      'Waiting for deployment spec update to be observed...\n',
    ],
    [
      workload('Deployment', { replicas: 3 }, { updatedReplicas: 1 }),
      'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...\n',
    ],
    [
      workload('Deployment', { replicas: 3 }, { updatedReplicas: 3, replicas: 4 }),
      'Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...\n',
    ],
    [
      workload('Deployment', { replicas: 3 }, { updatedReplicas: 3, replicas: 3, availableReplicas: 2 }),
      'Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...\n',
    ],
    [
      workload('DaemonSet', {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }),
      'Waiting for daemon set "web" rollout to finish: 2 of 3 updated pods are available...\n',
    ],
    [workload('StatefulSet', { replicas: 3 }, { readyReplicas: 1 }), 'Waiting for 2 pods to be ready...\n'],
    [
      workload(
        'StatefulSet',
        { replicas: 1, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } },
        { readyReplicas: 1, updatedReplicas: 0 },
      ),
      'Waiting for partitioned roll out to finish: 0 out of 1 new pods have been updated...\n',
    ],
  ])('that go on say what is missing %#', (object, line) => {
    expect(rolloutStatus(object)).toEqual({ line, done: false })
  })

  it('that are done say so, and a failed one is none', () => {
    const done = { updatedReplicas: 1, replicas: 1, availableReplicas: 1 }
    expect(rolloutStatus(workload('Deployment', { replicas: 1 }, done))).toEqual({
      line: 'deployment "web" successfully rolled out\n',
      done: true,
    })
    const late = { conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] }
    expect(rolloutStatus(workload('Deployment', { replicas: 1 }, late))).toEqual({
      failed: 'deployment "web" exceeded its progress deadline',
    })
    expect(rolloutStatus(workload('DaemonSet', { updateStrategy: { type: 'OnDelete' } }, {}))).toHaveProperty(
      'failed',
    )
  })

  it('have a history with causes', () => {
    const set = (revision: string, cause?: string) => ({
      metadata: {
        name: `web-${revision}`,
        creationTimestamp: '2024-05-01T12:00:00Z',
        annotations: {
          'deployment.kubernetes.io/revision': revision,
          ...(cause ? { 'kubernetes.io/change-cause': cause } : {}),
        },
      },
    })
    const web = workload('Deployment', {}, {})
    expect(rolloutHistory(web, [set('10', 'kubectl set image'), set('9')])).toBe(
      'deployment.apps/web \nREVISION  CHANGE-CAUSE\n9         <none>\n10        kubectl set image\n\n',
    )
    expect(rolloutHistory(web, [])).toBe('deployment.apps/web \nNo rollout history found.\n')
  })
})

describe('resource types', () => {
  const type = (group: string, plural: string, more: Partial<DiscoveredType> = {}): DiscoveredType => ({
    group,
    version: 'v1',
    plural,
    kind: plural.replace(/s$/, ''),
    namespaced: true,
    names: [plural],
    shortNames: [],
    categories: [],
    verbs: ['list', 'get'],
    ...more,
  })
  const TYPES = [
    type('events.k8s.io', 'events'),
    type('', 'pods', { shortNames: ['po'], categories: ['all'] }),
    type('', 'events'),
    type('', 'bindings', { verbs: ['create'] }),
    type('', 'nodes', { namespaced: false }),
  ]
  const ALL = { verbs: [], categories: [], noHeaders: false }

  it('stand by group and name', () => {
    expect(apiResourcesText(TYPES, { ...ALL, verbs: ['list', 'get'], output: 'wide' })).toBe(
      [
        'NAME     SHORTNAMES   APIVERSION         NAMESPACED   KIND    VERBS      CATEGORIES',
        'events                v1                 true         event   list,get   ',
        'nodes                 v1                 false        node    list,get   ',
        'pods     po           v1                 true         pod     list,get   all',
        'events                events.k8s.io/v1   true         event   list,get   ',
        '',
      ].join('\n'),
    )
  })

  it('are chosen by verb, place, group and category, by name alone', () => {
    const names = (more: object) => apiResourcesText(TYPES, { ...ALL, output: 'name', ...more }).split('\n')
    expect(names({ verbs: ['list'], namespaced: true })).toEqual([
      'events',
      'pods',
      'events.events.k8s.io',
      '',
    ])
    expect(names({ namespaced: false })).toEqual(['nodes', ''])
    expect(names({ group: 'events.k8s.io' })).toEqual(['events.events.k8s.io', ''])
    expect(names({ group: '', sortBy: 'name' })).toEqual(['bindings', 'events', 'nodes', 'pods', ''])
    expect(names({ categories: ['all'] })).toEqual(['pods', ''])
    expect(names({ sortBy: 'name' })).toEqual([
      'bindings',
      'events.events.k8s.io',
      'events',
      'nodes',
      'pods',
      '',
    ])
  })
})
