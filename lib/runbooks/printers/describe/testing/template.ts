/** Volumes of many kinds. */
const VOLUMES = [
  { name: 'tmp', emptyDir: {} },
  { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '1024Mi' } },
  { name: 'config', configMap: { name: 'settings' } },
  { name: 'secret', secret: { secretName: 'db', optional: true } },
  { name: 'data', persistentVolumeClaim: { claimName: 'data', readOnly: true } },
  { name: 'host', hostPath: { path: '/var/log', type: 'Directory' } },
  { name: 'where', hostPath: { path: '/x' } },
  { name: 'nfs', nfs: { server: 'nfs', path: '/x' } },
  { name: 'csi', csi: { driver: 'd', volumeAttributes: { b: '2', a: 'x'.repeat(150) } } },
  { name: 'csi-plain', csi: { driver: 'd', readOnly: true, fsType: 'ext4' } },
  {
    name: 'info',
    downwardAPI: {
      items: [
        { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
        { path: 'cpu', resourceFieldRef: { containerName: 'app', resource: 'limits.cpu' } },
      ],
    },
  },
  {
    name: 'token',
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt' } },
        { downwardAPI: { items: [] } },
        { secret: { name: 'db' } },
      ],
    },
  },
  {
    name: 'scratch',
    ephemeral: {
      volumeClaimTemplate: {
        metadata: { labels: { a: '1', b: '2' }, annotations: { c: 'd', e: 'f' } },
        spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', volumeMode: 'Block' },
      },
    },
  },
  {
    name: 'iscsi',
    iscsi: { targetPortal: 'p', iqn: 'i', lun: 1, portals: ['a', 'b'], secretRef: { name: 's' } },
  },
  { name: 'rbd', rbd: { monitors: ['m'], image: 'i' } },
  { name: 'fc', fc: { targetWWNs: ['a', 'b'], lun: 0 } },
  { name: 'azure', azureFile: { secretName: 's', shareName: 'n' } },
  { name: 'oci', image: { reference: 'x:1', pullPolicy: 'Always' } },
  { name: 'nothing' },
]

/** A pod template with what descriptions trip over. */
export const TEMPLATE = {
  metadata: {
    labels: { app: 'odd', tier: 'back' },
    annotations: { 'prometheus.io/scrape': 'true', note: 'two\nlines' },
  },
  spec: {
    serviceAccountName: 'robot',
    priorityClassName: 'high',
    nodeSelector: { disk: 'ssd', arch: 'arm64' },
    tolerations: [
      {
        key: 'node.kubernetes.io/not-ready',
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      },
      { key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule' },
      { operator: 'Exists' },
      { key: 'zone', operator: 'Exists', effect: '' },
    ],
    topologySpreadConstraints: [
      {
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        maxSkew: 1,
        labelSelector: {
          matchLabels: { app: 'odd' },
          matchExpressions: [
            { key: 'a', operator: 'In', values: ['y', 'x'] },
            { key: 'z', operator: 'DoesNotExist' },
            { key: 'b', operator: 'NotIn', values: ['q'] },
            { key: 'c', operator: 'Exists' },
          ],
        },
      },
      { topologyKey: 'host', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 2 },
    ],
    initContainers: [
      {
        name: 'prepare',
        image: 'busybox:1.36',
        command: ['sh', '-c', 'echo one\necho two'],
        args: ['-x'],
        resources: { requests: { cpu: '1500m', memory: '1.5Gi' }, limits: { cpu: '2', memory: '2048Mi' } },
      },
      {
        name: 'mesh',
        image: 'mesh',
        restartPolicy: 'Always',
        resources: { requests: { cpu: '0.1', memory: '64Mi' } },
      },
    ],
    containers: [
      {
        name: 'app',
        image: 'odd:1',
        ports: [
          { containerPort: 80, name: 'http', protocol: 'TCP' },
          { containerPort: 53, hostPort: 53, protocol: 'UDP' },
        ],
        securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'p.json' } },
        resources: {
          limits: { cpu: '1000m', memory: '512Mi', 'nvidia.com/gpu': '1', 'hugepages-2Mi': '4Mi' },
          requests: { cpu: '0.25', memory: '1e3', 'ephemeral-storage': '1536Mi' },
        },
        livenessProbe: {
          httpGet: { path: '/a b?c=ü#!', port: 'http', scheme: 'HTTPS', host: 'fe80::1' },
          initialDelaySeconds: 5,
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
        readinessProbe: { exec: { command: ['cat', '/tmp/x y'] }, periodSeconds: 5 },
        startupProbe: { tcpSocket: { port: 8080 }, failureThreshold: 30 },
        envFrom: [
          { configMapRef: { name: 'settings', optional: true } },
          { prefix: 'DB_', secretRef: { name: 'db' } },
        ],
        env: [
          { name: 'PLAIN', value: 'x' },
          { name: 'EMPTY' },
          { name: 'LINES', value: 'one\ntwo' },
          { name: 'POD', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
          { name: 'NS', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
          { name: 'IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
          { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
          { name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
          {
            name: 'DISK',
            valueFrom: { resourceFieldRef: { resource: 'limits.ephemeral-storage', divisor: '0' } },
          },
          {
            name: 'HUGE',
            valueFrom: { resourceFieldRef: { resource: 'limits.hugepages-2Mi', divisor: '0' } },
          },
          { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
          {
            name: 'CONFIG',
            valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode', optional: true } },
          },
        ],
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          { name: 'config', mountPath: '/etc/app', readOnly: true, subPath: 'a b' },
        ],
        volumeDevices: [{ name: 'block', devicePath: '/dev/xvda' }],
      },
      {
        name: 'side',
        image: 'side',
        ports: [{ containerPort: 9000, protocol: 'TCP' }],
        livenessProbe: { grpc: { port: 9000, service: 'health' } },
        readinessProbe: { httpGet: { path: 'plain', port: 9000, scheme: 'HTTP' } },
        startupProbe: { httpGet: { path: '/', port: 9000 } },
        env: [{ name: 'MORE', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }],
      },
    ],
    volumes: VOLUMES,
  },
}
