import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../targets/types'
import { type Beside, canDescribe, describeObject } from '.'
import { labelOf } from './generic'
import { Quantity } from './quantity'
import { oddObjects } from './testing'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const OBJECTS = oddObjects(NOW)

function odd(kind: string, name: string): KubeObject {
  const found = OBJECTS.find((one) => one.kind === kind && one.metadata.name === name)
  if (!found) throw new Error(`no ${kind} ${name}`)
  return found
}

function text(object: KubeObject, group: string, beside: Partial<Beside> = {}): string {
  const described = describeObject(object, group, { now: NOW, ...beside })
  if (!described.ok) throw new Error(described.error.message)
  return described.value
}

/** The lines from the one that begins so on. */
function part(whole: string, start: string, lines: number): string[] {
  const all = whole.split('\n')
  const at = all.findIndex((line) => line.startsWith(start))
  return all.slice(at, at + lines)
}

describe('what kubectl says of a pod', () => {
  const pod = text(odd('Pod', 'odd-pod'), '')

  it('says tolerations by their keys', () => {
    expect(part(pod, 'Tolerations', 4)).toEqual([
      'Tolerations:                  op=Exists',
      '                              dedicated=db:NoSchedule',
      '                              node.kubernetes.io/not-ready:NoExecute op=Exists for 300s',
      '                              zone op=Exists',
    ])
  })

  it('says probes with the address as Go writes it', () => {
    expect(pod).toContain(
      'http-get https://[fe80::1]:http/a%20b%3Fc=%C3%BC%23%21 delay=5s timeout=1s period=10s #success=1 #failure=3\n',
    )
    expect(pod).toContain('http-get http://:9000/plain delay=0s')
    expect(pod).toContain('exec [cat /tmp/x y] delay=0s timeout=0s period=5s #success=0 #failure=0\n')
    expect(pod).toContain('grpc <pod>:9000 health delay=0s')
  })

  it('says where the environment comes from, and values only of what stands in the pod', () => {
    expect(part(pod, '      PLAIN', 12)).toEqual([
      '      PLAIN:   x',
      '      EMPTY:   ',
      '      LINES:   one',
      '               two',
      '      POD:     odd-pod (v1:metadata.name)',
      '      NS:      default (v1:metadata.namespace)',
      '      IP:       (v1:status.podIP)',
      '      CPU:     1000 (limits.cpu)',
      '      MEM:     512 (limits.memory)',
      '      DISK:    0 (limits.ephemeral-storage)',
      '      HUGE:    4194304 (limits.hugepages-2Mi)',
      "      SECRET:  <set to the key 'password' in secret 'db'>        Optional: false",
    ])
    expect(part(pod, '    Environment Variables from', 3)).toEqual([
      '    Environment Variables from:',
      '      settings  ConfigMap                 Optional: true',
      "      db        Secret with prefix 'DB_'  Optional: false",
    ])
  })

  it('says resources of init containers in their own units', () => {
    expect(part(pod, '    Limits:', 6)).toEqual([
      '    Limits:',
      '      cpu:     2',
      '      memory:  2Gi',
      '    Requests:',
      '      cpu:        1500m',
      '      memory:     1536Mi',
    ])
  })

  it('says volumes of several kinds', () => {
    expect(part(pod, '  memory:', 4)).toEqual([
      '  memory:',
      "    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)",
      '    Medium:     Memory',
      '    SizeLimit:  1Gi',
    ])
    expect(part(pod, '  token:', 7)).toEqual([
      '  token:',
      '    Type:                    Projected (a volume that contains injected data from multiple sources)',
      '    TokenExpirationSeconds:  3607',
      '    ConfigMapName:           kube-root-ca.crt',
      '    ConfigMapOptional:       <nil>',
      '    DownwardAPI:             true',
      '    SecretName:              db',
    ])
  })

  it('refuses volumes whose words it does not know', () => {
    const flex = { ...odd('Pod', 'odd-pod'), spec: { volumes: [{ name: 'x', flexVolume: { driver: 'd' } }] } }
    const described = describeObject(flex as KubeObject, '', { now: NOW })
    expect(!described.ok && described.error.message).toBe('A volume of type flexVolume is not printed here.')
  })
})

describe('what kubectl says of events', () => {
  const about = (count: number, first: string, last: string) =>
    ({
      metadata: { name: 'e' },
      type: 'Warning',
      reason: 'BackOff',
      message: ' wait \n',
      count,
      firstTimestamp: first,
      lastTimestamp: last,
      source: { component: 'kubelet' },
    }) as unknown as KubeObject
  const events = (...list: KubeObject[]) =>
    part(text(odd('ConfigMap', 'nothing'), '', { events: list }), 'Events', 9)

  it('says how often and since when they came again, the last one last', () => {
    expect(
      events(
        about(5, '2026-03-01T11:57:00Z', '2026-03-01T11:59:30Z'),
        about(1, '2026-02-20T10:00:00Z', '2026-02-20T10:00:00Z'),
      ),
    ).toEqual([
      'Events:',
      '  Type     Reason   Age               From     Message',
      '  ----     ------   ----              ----     -------',
      '  Warning  BackOff  9d                kubelet  wait',
      '  Warning  BackOff  30s (x5 over 3m)  kubelet  wait',
      '',
    ])
  })

  it('says that there are none', () => {
    expect(events()).toEqual(['Events:  <none>', ''])
  })
})

describe('what kubectl says of a node', () => {
  const beside = { lease: { absent: 'gone' }, pods: OBJECTS.filter(({ kind }) => kind === 'Pod'), events: [] }
  const node = text(odd('Node', 'odd-node'), '', beside)

  it('says taints by effect, and what its pods ask for', () => {
    expect(part(node, 'Taints', 2)).toEqual([
      'Taints:             dedicated=db:NoExecute',
      '                    node.kubernetes.io/unschedulable:NoSchedule',
    ])
    expect(part(node, 'Allocated', 9).slice(4)).toEqual([
      '  cpu                2510m (64%)   3010m (76%)',
      '  memory             2561Mi (16%)  3073Mi (20%)',
      '  ephemeral-storage  1536Mi (3%)   0 (0%)',
      '  hugepages-2Mi      0 (0%)        4Mi (6%)',
      '  example.com/fpga   2             2',
    ])
  })

  it('refuses what is not read beside it', () => {
    const described = describeObject(odd('Node', 'odd-node'), '', { now: NOW })
    expect(!described.ok && described.error.message).toBe('The object lacks its lease.')
  })
})

describe('what kubectl says of a custom resource', () => {
  it.each([
    ['apiVersion', 'API Version'],
    ['podIPs', 'Pod I Ps'],
    ['observedGeneration', 'Observed Generation'],
    ['uid', 'UID'],
    ['HTTPProxy', 'HTTP Proxy'],
    ['dash-ed', 'Dash - Ed'],
    ['under_score', 'under_score'],
    ['with2', 'with2'],
  ])('writes %s as %s', (key, label) => {
    expect(labelOf(key)).toBe(label)
  })

  it('is all of its fields', () => {
    expect(part(text(odd('Widget', 'gear'), 'example.com'), 'Status', 5)).toEqual([
      'Status:',
      '  Conditions:',
      '    Last Transition Time:  2026-03-01T08:40:00Z',
      '    Type:                  Ready',
      '  Observed Generation:     3',
    ])
  })
})

describe('a quantity', () => {
  it.each([
    ['1000m', '1'],
    ['250m', '250m'],
    ['0.5', '500m'],
    ['1000', '1k'],
    ['1536Mi', '1536Mi'],
    ['2048Mi', '2Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['1e3', '1e3'],
    ['100000e-3', '100'],
    ['0', '0'],
    ['0.1n', '1n'],
    ['-2048Mi', '-2Gi'],
  ])('%s is written as %s', (given, written) => {
    expect(Quantity.of(given).toString()).toBe(written)
  })

  it('is added exactly, in the unit of the first', () => {
    const sum = Quantity.of('100m').plus(Quantity.of('0.2')).plus(Quantity.of('700m'))
    expect(sum.toString()).toBe('1')
    expect(Quantity.zero.plus(Quantity.of('1Gi')).plus(Quantity.of('1')).toString()).toBe('1073741825')
  })
})

describe('kinds', () => {
  it('are described where kubectl has words for them that are known, or none of its own', () => {
    const can = (kind: string, group: string) => canDescribe({ kind, group })
    expect([
      can('Deployment', 'apps'),
      can('Widget', 'example.com'),
      can('Lease', 'coordination.k8s.io'),
    ]).toEqual([true, true, true])
    expect([
      can('CertificateSigningRequest', 'certificates.k8s.io'),
      can('Route', 'route.openshift.io'),
      can('All', ''),
    ]).toEqual([false, false, false])
  })

  it('do not grow without end', () => {
    const data = { a: `${'x'.repeat(500_000)}\t`, b: '\t\n'.repeat(5_000) }
    const wide = describeObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'w' }, data }, '', {
      now: NOW,
    })
    expect(wide.ok).toBe(true)
    const lines = { a: `${'x'.repeat(500_000)}\ty\n${'z\ty\n'.repeat(5_000)}` }
    const huge = describeObject(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'w' }, data: lines },
      '',
      { now: NOW },
    )
    expect(!huge.ok && huge.error.message).toBe('The output is larger than 1024 KiB.')
  })
})
