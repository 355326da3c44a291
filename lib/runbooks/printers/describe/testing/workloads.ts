import type { Made } from './made'
import { TEMPLATE } from './template'

/** Workloads and what scales them. */
export function oddWorkloads({ ago, meta, ownedBy }: Made): object[] {
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta('odd', {
        labels: { app: 'odd' },
        annotations: { 'deployment.kubernetes.io/revision': '2' },
      }),
      spec: {
        replicas: 2,
        minReadySeconds: 5,
        selector: { matchLabels: { app: 'odd' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: 1 } },
        template: TEMPLATE,
      },
      status: {
        replicas: 2,
        updatedReplicas: 2,
        unavailableReplicas: 2,
        conditions: [
          { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' },
          { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' },
        ],
      },
    },
    ...['odd-1', 'odd-2'].map((name, index) => ({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: meta(name, {
        labels: { app: 'odd' },
        creationTimestamp: ago(200 - index * 100),
        ...ownedBy('Deployment', 'odd'),
      }),
      spec: {
        replicas: index * 2,
        selector: { matchLabels: { app: 'odd' } },
        template: {
          ...TEMPLATE,
          metadata: {
            ...TEMPLATE.metadata,
            labels: { ...TEMPLATE.metadata.labels, 'pod-template-hash': `${index}` },
          },
          spec: { ...TEMPLATE.spec, ...(index === 0 ? { priorityClassName: 'low' } : {}) },
        },
      },
      status: {
        replicas: index * 2,
        conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }],
      },
    })),
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: meta('odd-set'),
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'none' } },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
        template: { metadata: {}, spec: { containers: [{ name: 'db', image: 'db' }] } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data', labels: { a: '1', b: '2' } },
            spec: {
              accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
              storageClassName: 'fast',
              resources: { requests: { storage: '10240Mi' } },
            },
          },
          { metadata: { name: 'logs' }, spec: {} },
        ],
      },
      status: { replicas: 1 },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: meta('odd-agents'),
      spec: {
        selector: { matchLabels: { app: 'odd' } },
        template: {
          metadata: { labels: { app: 'odd' } },
          spec: { nodeSelector: { b: '2', a: '1' }, containers: [] },
        },
      },
      status: { desiredNumberScheduled: 3, currentNumberScheduled: 2, numberMisscheduled: 1 },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: meta('odd-job', ownedBy('CronJob', 'odd-nightly')),
      spec: {
        selector: { matchLabels: { 'controller-uid': 'x' } },
        parallelism: 2,
        completions: 90,
        completionMode: 'Indexed',
        suspend: false,
        backoffLimit: 6,
        ttlSecondsAfterFinished: 60,
        activeDeadlineSeconds: 600,
        template: { spec: { containers: [{ name: 'job', image: 'job' }], restartPolicy: 'Never' } },
      },
      status: {
        startTime: ago(5),
        completionTime: ago(4),
        active: 1,
        ready: 0,
        succeeded: 3,
        completedIndexes: Array.from({ length: 30 }, (_, index) => index * 3).join(','),
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: meta('odd-nightly'),
      spec: {
        schedule: '*/5 * * * *',
        concurrencyPolicy: 'Forbid',
        suspend: true,
        successfulJobsHistoryLimit: 3,
        startingDeadlineSeconds: 20,
        jobTemplate: {
          spec: { completions: 1, template: { spec: { containers: [{ name: 'job', image: 'job' }] } } },
        },
      },
      status: { lastScheduleTime: ago(2), active: [{ name: 'a' }, { name: 'b' }] },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: meta('odd-scale'),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'odd' },
        minReplicas: 2,
        maxReplicas: 9,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
          },
          {
            type: 'Resource',
            resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1024Mi' } },
          },
          {
            type: 'ContainerResource',
            containerResource: {
              name: 'cpu',
              container: 'app',
              target: { type: 'Utilization', averageUtilization: 60 },
            },
          },
          {
            type: 'Pods',
            pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1k' } },
          },
          {
            type: 'Object',
            object: {
              metric: { name: 'queue' },
              describedObject: { kind: 'Service', name: 'odd-service' },
              target: { type: 'Value', value: '2500m' },
            },
          },
          {
            type: 'External',
            external: { metric: { name: 'lag' }, target: { type: 'AverageValue', averageValue: '30' } },
          },
          { type: 'External', external: { metric: { name: 'age' }, target: { type: 'Value', value: '5' } } },
        ],
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }],
          },
          scaleDown: { policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
        },
      },
      status: {
        currentReplicas: 2,
        desiredReplicas: 3,
        currentMetrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', current: { averageUtilization: 41, averageValue: '410m' } },
          },
          { type: 'Resource', resource: { name: 'memory', current: { averageValue: '500Mi' } } },
        ],
        conditions: [
          { type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale', message: 'recommended size' },
        ],
      },
    },
  ]
}
