import type { KubeObject } from '../targets/types'
import { count } from './durations'
import { workloadOf } from './pods'
import type { Finding } from './types'

export interface SecretKey {
  name: string
  bytes: number
}

/** Key names and byte lengths of a Secret. The values are read for their length only and not kept. */
export function secretKeys(secret: KubeObject): SecretKey[] {
  return Object.entries((secret.data ?? {}) as Record<string, string>).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(value, 'base64'),
  }))
}

/** When an object was last written and by whom, from managedFields; its creation when they are absent. */
export function lastWrite(object: KubeObject): { at: number; by?: string } {
  const newest = [...(object.metadata.managedFields ?? [])]
    .filter((one) => one.time)
    .sort((a, b) => String(b.time).localeCompare(String(a.time)))[0]
  return newest?.time
    ? { at: Date.parse(newest.time), ...(newest.manager ? { by: newest.manager } : {}) }
    : { at: Date.parse(object.metadata.creationTimestamp ?? '') }
}

function uses(pod: KubeObject, secret: string): boolean {
  return JSON.stringify(pod.spec ?? {}).includes(`"${secret}"`)
}

/** Findings: empty keys, a signing key below 32 bytes (RFC 7518 section 3.2), pods older than the last write. */
export function judgeSecret(secret: KubeObject, keys: SecretKey[], pods: KubeObject[]): Finding[] {
  const { name, namespace } = secret.metadata
  const base = { subject: { kind: 'Secret', namespace: namespace ?? '', name }, evidence: [] as string[] }
  const findings: Finding[] = []
  if (keys.length === 0)
    findings.push({
      ...base,
      severity: 'fail',
      code: 'secret.empty',
      title: `The secret ${name} has no keys`,
      remedies: [],
    })
  const empty = keys.filter((key) => key.bytes === 0)
  if (empty.length > 0)
    findings.push({
      ...base,
      severity: 'fail',
      code: 'secret.empty-key',
      title: `${name}: ${empty.map((key) => key.name).join(', ')} ${empty.length === 1 ? 'is' : 'are'} empty`,
      remedies: [],
    })
  const signing = keys.find((key) => key.name === 'secret')
  if (/jwt/i.test(name) && signing && signing.bytes > 0 && signing.bytes < 32) {
    findings.push({
      ...base,
      severity: 'fail',
      code: 'secret.weak-key',
      title: `The signing key in ${name} has ${signing.bytes} bytes; HS256 needs at least 32`,
      remedies: [{ operation: 'kubernetes.rotate-secret', params: { name } }],
    })
  }
  const written = lastWrite(secret)
  const users = pods.filter(
    (pod) => uses(pod, name) && pod.status?.phase === 'Running' && !pod.metadata.deletionTimestamp,
  )
  const older = users.filter((pod) => Date.parse(pod.status?.startTime ?? '') < written.at - 1_000)
  const first = older[0]
  if (first) {
    findings.push({
      ...base,
      severity: 'fail',
      code: 'secret.pods-older',
      title: `${older.length} of ${count(users.length, 'pod')} started before ${name} was last changed${written.by ? ` by ${written.by}` : ''} and still use the former value`,
      evidence: older.slice(0, 6).map((pod) => `${pod.metadata.name} started ${pod.status?.startTime}`),
      remedies: [{ operation: 'kubernetes.rollout-restart', params: { workload: workloadOf(first) } }],
    })
  }
  return findings
}
