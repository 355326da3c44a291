import type { Made } from './made'
import { TEMPLATE } from './template'

/** Pods in odd states. */
export function oddPods({ ago, meta, ownedBy }: Made): object[] {
  const pod = (name: string, spec: object, status: object, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta(name, more),
    spec: { nodeName: 'odd-node', ...spec },
    status,
  })
  return [
    pod(
      'odd-pod',
      {
        ...TEMPLATE.spec,
        priority: 1000,
        runtimeClassName: 'gvisor',
        readinessGates: [{ conditionType: 'lb' }],
      },
      {
        phase: 'Running',
        hostIP: '192.0.2.1',
        podIP: '10.0.0.5',
        podIPs: [{ ip: '10.0.0.5' }, { ip: 'fd00::5' }],
        startTime: ago(30),
        message: 'odd\tmessage',
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'PodReadyToStartContainers', status: 'True' },
        ],
        initContainerStatuses: [
          {
            name: 'prepare',
            image: 'busybox',
            imageID: 'sha256:1',
            containerID: 'c://1',
            restartCount: 0,
            ready: true,
            state: {
              terminated: { exitCode: 0, reason: 'Completed', startedAt: ago(30), finishedAt: ago(29) },
            },
          },
        ],
        containerStatuses: [
          {
            name: 'app',
            image: 'odd:1',
            imageID: '',
            restartCount: 7,
            ready: false,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
            lastState: {
              terminated: {
                exitCode: 137,
                signal: 9,
                reason: 'OOMKilled',
                message: 'first\nsecond',
                startedAt: ago(4),
                finishedAt: ago(3),
              },
            },
            resources: { requests: { cpu: '400m' } },
          },
          {
            name: 'side',
            image: 'side',
            imageID: 'x',
            restartCount: 0,
            ready: true,
            state: { running: { startedAt: ago(2) } },
          },
        ],
      },
      {
        labels: { app: 'odd' },
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
          long: 'ü'.repeat(120),
          script: 'a\nb\n',
          esc: 'a\u001b[31mred\r',
        },
        ...ownedBy('ReplicaSet', 'odd-2'),
      },
    ),
    pod(
      'odd-ending',
      { containers: [{ name: 'a', image: 'a' }], terminationGracePeriodSeconds: 30 },
      { phase: 'Pending', reason: 'Evicted', nominatedNodeName: 'other' },
      {
        deletionTimestamp: ago(1),
        deletionGracePeriodSeconds: 30,
        labels: {},
        ...ownedBy('ReplicaSet', 'odd-2'),
      },
    ),
    pod(
      'odd-guaranteed',
      {
        nodeName: '',
        overhead: { cpu: '10m', memory: '1Mi' },
        containers: [
          {
            name: 'a',
            image: 'a',
            resources: {
              requests: { cpu: '1', memory: '1Gi', 'example.com/fpga': '2' },
              limits: { cpu: '1000m', memory: '1024Mi', 'example.com/fpga': '2' },
            },
          },
        ],
        volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }],
      },
      { phase: 'Pending' },
    ),
  ]
}
