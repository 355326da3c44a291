import type { Made } from './made'

/** Services, Ingresses and what stands behind them. */
export function oddNetwork({ meta }: Made): object[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('odd-service', { annotations: { a: 'b' } }),
      spec: {
        type: 'LoadBalancer',
        selector: { b: '2', a: '1' },
        ipFamilyPolicy: 'SingleStack',
        ipFamilies: ['IPv4', 'IPv6'],
        clusterIP: '10.96.0.9',
        clusterIPs: ['10.96.0.9', 'fd00::9'],
        externalIPs: ['1.2.3.4'],
        loadBalancerIP: '5.6.7.8',
        loadBalancerSourceRanges: ['10.0.0.0/8', '11.0.0.0/8'],
        sessionAffinity: 'None',
        externalTrafficPolicy: 'Local',
        internalTrafficPolicy: 'Cluster',
        healthCheckNodePort: 31_000,
        ports: [
          { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', nodePort: 30_080 },
          { name: 'metrics', port: 9000, targetPort: 9000, protocol: 'UDP' },
        ],
      },
      status: {
        loadBalancer: { ingress: [{ ip: '5.6.7.8', ipMode: 'VIP' }, { hostname: 'lb.example.com' }] },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('odd-headless'),
      spec: { clusterIP: 'None', type: 'ClusterIP', ports: [{ port: 1, targetPort: 1, protocol: 'TCP' }] },
      status: {},
    },
    ...(
      [
        [
          'odd-service',
          5,
          [
            { name: 'http', port: 8080 },
            { name: 'metrics', port: 9000 },
          ],
        ],
        ['odd-headless', 2, []],
      ] as const
    ).map(([name, many, ports]) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: meta(`${name}-x`, { labels: { 'kubernetes.io/service-name': name } }),
      addressType: 'IPv4',
      ports: ports.map((one) => ({ ...one, protocol: 'TCP' })),
      endpoints: Array.from({ length: many }, (_, index) => ({
        addresses: [index === 1 ? 'fd00::1' : `10.0.0.${index}`],
        conditions: { ready: index !== 2 },
      })),
    })),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: meta('odd-way', { annotations: { 'kubernetes.io/ingress.class': 'x' } }),
      spec: {
        ingressClassName: 'edge',
        defaultBackend: { resource: { apiGroup: 'k8s.example.com', kind: 'Bucket', name: 'b' } },
        tls: [
          { hosts: ['a.example.com', 'b.example.com'], secretName: 'cert' },
          { hosts: ['c.example.com'] },
        ],
        rules: [
          {
            host: 'a.example.com',
            http: {
              paths: [
                { path: '/', backend: { service: { name: 'odd-service', port: { number: 80 } } } },
                { path: '/m', backend: { service: { name: 'odd-service', port: { name: 'metrics' } } } },
                { backend: { service: { name: 'nowhere', port: { number: 1 } } } },
              ],
            },
          },
          { http: { paths: [] } },
          { host: 'empty.example.com' },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: '2.2.2.2' }, { hostname: 'a.lb' }, { ip: '2.2.2.2' }] } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: meta('odd-plain'),
      spec: { defaultBackend: { service: { name: 'odd-headless', port: { number: 1 } } } },
      status: {},
    },
  ]
}
