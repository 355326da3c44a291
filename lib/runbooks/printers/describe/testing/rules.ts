import type { Made } from './made'

/** Volumes, rights, budgets and other rules of a cluster. */
export function oddRules({ ago, meta }: Made): object[] {
  const wide = (name: string, more: object = {}) => ({ ...meta(name, more), namespace: undefined })
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: wide('pv-csi', { finalizers: ['a', 'b'], labels: { a: 'b' } }),
      spec: {
        storageClassName: 'fast',
        claimRef: { namespace: 'default', name: 'data' },
        persistentVolumeReclaimPolicy: 'Retain',
        accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
        volumeMode: 'Filesystem',
        capacity: { storage: '1024Gi' },
        csi: { driver: 'd', volumeHandle: 'h', fsType: 'ext4', volumeAttributes: { a: '1', b: '2' } },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: 'zone', operator: 'In', values: ['a', 'b'] },
                  { key: 'gpu', operator: 'Exists' },
                ],
              },
              {},
            ],
          },
        },
      },
      status: { phase: 'Bound', message: 'm' },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: wide('pv-local', { deletionTimestamp: ago(5) }),
      spec: { local: { path: '/x' }, nodeAffinity: { required: { nodeSelectorTerms: [] } } },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: wide('pv-nfs'),
      spec: { nfs: { server: 's', path: '/' } },
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: wide('fast', {
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true', a: 'b' },
      }),
      provisioner: 'p',
      parameters: { type: 'ssd', a: 'b' },
      allowVolumeExpansion: true,
      mountOptions: ['ro', 'x'],
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
      allowedTopologies: [
        {
          matchLabelExpressions: [
            { key: 'zone', values: ['a', 'b'] },
            { key: 'rack', values: ['1'] },
          ],
        },
      ],
    },
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: wide('slow'), provisioner: 'p' },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: meta('budget'),
      spec: { minAvailable: '50%', selector: { matchLabels: { a: 'b' } } },
      status: { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: meta('most'),
      spec: { maxUnavailable: 1 },
    },
    {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: wide('high', { annotations: { b: '2', a: '1' } }),
      value: 1_000_000,
      preemptionPolicy: 'Never',
      description: 'for what must run',
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: wide('reader', { labels: { a: 'b' } }),
      rules: [
        {
          verbs: ['get', 'list', 'get'],
          apiGroups: ['', 'apps'],
          resources: ['pods', 'pods/log', 'deployments/scale'],
        },
        { verbs: ['watch'], apiGroups: [''], resources: ['pods'] },
        { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['one', 'two'] },
        { verbs: ['get', 'post'], nonResourceURLs: ['/healthz', '/version'] },
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      ],
    },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: meta('none') },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: meta('readers'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
      subjects: [
        { kind: 'ServiceAccount', name: 'robot', namespace: 'default' },
        { kind: 'User', name: 'ada', apiGroup: 'rbac.authorization.k8s.io' },
      ],
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: meta('walls'),
      spec: {
        podSelector: { matchLabels: { app: 'odd' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            ports: [{ port: 80 }, { port: 1000, endPort: 2000, protocol: 'UDP' }, { protocol: 'SCTP' }],
            from: [
              { podSelector: {}, namespaceSelector: { matchLabels: { a: 'b' } } },
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.0.0/16'] } },
            ],
          },
          {},
        ],
        egress: [],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: meta('open'),
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ podSelector: { matchLabels: { a: 'b' } } }] }],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: wide('edge'),
      spec: { controller: 'c', parameters: { apiGroup: 'k8s.example.com', kind: 'P', name: 'n' } },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: meta('odd-service'),
      subsets: [
        {
          addresses: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }],
          notReadyAddresses: [{ ip: '10.0.0.3' }],
          ports: [
            { name: 'http', port: 80, protocol: 'TCP' },
            { port: 81, protocol: 'TCP' },
          ],
        },
        { addresses: [{ ip: '10.0.0.4' }] },
      ],
    },
  ]
}
