import type { Made } from './made'

/** Events of both kinds, some of them within one second. */
export function oddEvents({ ago }: Made): object[] {
  const about = (kind: string, name: string, uid = `uid-${name}`) => ({
    kind,
    name,
    namespace: 'default',
    uid,
  })
  const event = (name: string, more: object) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'default', uid: name },
    ...more,
  })
  return [
    event('late', {
      involvedObject: about('Pod', 'odd-pod'),
      type: 'Warning',
      reason: 'BackOff',
      message: ' Back-off restarting\u00a0\n',
      count: 5,
      firstTimestamp: ago(9),
      lastTimestamp: ago(2),
      source: { component: 'kubelet', host: 'odd-node' },
    }),
    event('early', {
      involvedObject: about('Pod', 'odd-pod'),
      type: 'Normal',
      reason: 'Pulled',
      message: 'Pulled\timage\nagain',
      count: 1,
      firstTimestamp: ago(10),
      lastTimestamp: ago(10),
      source: { component: 'kubelet' },
    }),
    event('new-kind', {
      involvedObject: about('Pod', 'odd-pod'),
      type: 'Normal',
      reason: 'Scheduled',
      message: 'assigned',
      eventTime: `${ago(11).slice(0, 19)}.000001Z`,
      firstTimestamp: null,
      lastTimestamp: null,
      reportingComponent: 'default-scheduler',
      reportingInstance: 's-1',
      action: 'Binding',
      source: {},
    }),
    event('series', {
      involvedObject: about('Pod', 'odd-pod'),
      type: 'Warning',
      reason: 'FailedScheduling',
      message: 'no node',
      eventTime: `${ago(12).slice(0, 19)}.000001Z`,
      series: { count: 12, lastObservedTime: `${ago(3).slice(0, 19)}.000001Z` },
      reportingComponent: 'default-scheduler',
      reportingInstance: 's-1',
      action: 'Scheduling',
    }),
    // More than twelve within a second, which Go puts in an order of its own.
    ...Array.from({ length: 20 }, (_, index) =>
      event(`same-${String(index).padStart(2, '0')}`, {
        involvedObject: about('Deployment', 'odd'),
        type: 'Normal',
        reason: `Step${index}`,
        message: 'm',
        count: 1,
        firstTimestamp: ago(4),
        lastTimestamp: ago(index % 3 === 0 ? 4 : 5),
        source: { component: 'deployment-controller' },
      }),
    ),
    event('node-by-name', {
      involvedObject: { kind: 'Node', name: 'odd-node', uid: 'odd-node' },
      type: 'Normal',
      reason: 'NodeReady',
      message: 'ready',
      firstTimestamp: ago(4),
      lastTimestamp: ago(4),
      source: { component: 'kubelet' },
    }),
    event('node-by-uid', {
      involvedObject: { kind: 'Node', name: 'odd-node', uid: 'uid-odd-node' },
      type: 'Normal',
      reason: 'RegisteredNode',
      message: 'registered',
      firstTimestamp: ago(6),
      lastTimestamp: ago(6),
      source: { component: 'node-controller' },
    }),
  ]
}
