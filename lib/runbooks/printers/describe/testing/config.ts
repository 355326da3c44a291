import type { Made } from './made'

/** Claims, settings, secrets, nodes, namespaces and a custom resource. */
export function oddRest({ ago, meta }: Made): object[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: meta('data', {
        finalizers: ['kubernetes.io/pvc-protection', 'x/y'],
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'odd-ending', uid: 'uid-odd-ending' }],
      }),
      spec: {
        storageClassName: 'fast',
        volumeName: 'pv-1',
        volumeMode: 'Filesystem',
        dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' },
      },
      status: {
        phase: 'Bound',
        accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
        capacity: { storage: '1024Gi' },
        conditions: [
          {
            type: 'Resizing',
            status: 'True',
            lastTransitionTime: ago(4),
            reason: 'R',
            message: 'being resized',
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: meta('waiting'),
      spec: { resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Pending' },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta('settings'),
      data: { 'app.conf': 'a = 1\tb\n[x]\n\ty\tz\n' },
      binaryData: { blob: 'AAEC' },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('nothing') },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta('db', { annotations: { 'meta.helm.sh/release-name': 'db' } }),
      type: 'Opaque',
      data: { password: 'aHVudGVyMg==' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta('robot-token', {
        annotations: {
          'kubernetes.io/service-account.name': 'robot',
          'kubernetes.io/service-account.uid': 'uid-robot',
        },
      }),
      type: 'kubernetes.io/service-account-token',
      data: { token: 'eA==' },
    },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: meta('robot', { labels: { a: 'b' } }),
      secrets: [{ name: 'db' }, { name: 'gone' }],
      imagePullSecrets: [{ name: 'registry' }],
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('idle') },
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        ...meta('odd-node', {
          labels: { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/role': 'edge', zone: 'a' },
          annotations: { ttl: '0' },
        }),
        namespace: undefined,
      },
      spec: {
        unschedulable: true,
        podCIDR: '10.1.0.0/24',
        podCIDRs: ['10.1.0.0/24', 'fd01::/64'],
        providerID: 'cloud://1',
        taints: [
          { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
          { key: 'dedicated', value: 'db', effect: 'NoExecute' },
        ],
      },
      status: {
        capacity: {
          cpu: '4',
          memory: '16384Mi',
          pods: '110',
          'example.com/fpga': '4',
          'hugepages-2Mi': '64Mi',
        },
        allocatable: {
          cpu: '3920m',
          memory: '15Gi',
          pods: '110',
          'ephemeral-storage': '47093746742',
          'example.com/fpga': '4',
          'hugepages-2Mi': '64Mi',
        },
        conditions: [
          {
            type: 'MemoryPressure',
            status: 'False',
            lastHeartbeatTime: ago(1),
            lastTransitionTime: ago(90),
            reason: 'KubeletHasSufficientMemory',
            message: 'kubelet has sufficient memory available',
          },
          { type: 'Ready', status: 'Unknown', lastTransitionTime: ago(2), reason: 'NodeStatusUnknown' },
        ],
        addresses: [
          { type: 'InternalIP', address: '192.0.2.1' },
          { type: 'Hostname', address: 'odd-node' },
        ],
        nodeInfo: { kubeletVersion: 'v1.32.0', osImage: 'Linux', architecture: 'arm64' },
      },
    },
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: meta('odd-node', { namespace: 'kube-node-lease' }),
      spec: { holderIdentity: 'odd-node', renewTime: `${ago(1).slice(0, 19)}.123456Z` },
    },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { ...meta('default', { labels: { a: 'b' } }), namespace: undefined },
      status: {
        phase: 'Active',
        conditions: [
          {
            type: 'NamespaceContentRemaining',
            status: 'True',
            lastTransitionTime: ago(2),
            reason: 'R',
            message: 'some left',
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: meta('quota'),
      spec: { scopes: ['NotTerminating', 'BestEffort'] },
      status: { hard: { pods: '10', 'requests.cpu': '4000m' }, used: { pods: '3' } },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: meta('limits'),
      spec: { limits: [{ type: 'Container', default: { cpu: '1000m' }, min: { cpu: '10m' } }] },
    },
    {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: meta('gear', {
        generation: 3,
        labels: { a: 'b' },
        annotations: { 'example.com/long': 'x'.repeat(200) },
        managedFields: [{ manager: 'x' }],
      }),
      spec: {
        podIPs: ['10.0.0.1'],
        apiURL: 'http://x',
        uid: 1,
        'dash-ed': true,
        under_score: 1.5,
        HTTPServer2: 'x',
        PDFLoader: 1e21,
        big: 12_345_678,
        ratio: 1234567.5,
        nothing: null,
        empty: {},
        none: [],
        list: [{ name: 'a', deep: { er: 1 } }, 'plain', ['x', { y: 'z' }], 3],
        text: 'two\nlines\ttab',
      },
      status: { observedGeneration: 3, conditions: [{ lastTransitionTime: ago(3), type: 'Ready' }] },
    },
  ]
}
