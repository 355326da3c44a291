import type { KubeObject } from '../targets/types'
import { count, howLong } from './durations'
import type { Finding } from './types'

/** When and by whom the object was last written, from managedFields; else its creation. */
export function lastWrite(object: KubeObject): { at?: number; by?: string } {
  const newest = (object.metadata.managedFields ?? [])
    .filter((one) => one.time)
    .sort((a, b) => Date.parse(b.time ?? '') - Date.parse(a.time ?? ''))[0]
  const time = newest?.time ?? object.metadata.creationTimestamp
  return {
    ...(time ? { at: Date.parse(time) } : {}),
    ...(newest?.manager ? { by: newest.manager } : {}),
  }
}

interface EnvSource {
  env?: { valueFrom?: { secretKeyRef?: { name?: string } } }[]
  envFrom?: { secretRef?: { name?: string } }[]
}

/** Whether a pod reads the Secret into its environment, which happens at start only. */
export function readsAtStart(pod: KubeObject, secret: string): boolean {
  return (pod.spec?.containers ?? []).some(
    (container: EnvSource) =>
      (container.env ?? []).some((one) => one.valueFrom?.secretKeyRef?.name === secret) ||
      (container.envFrom ?? []).some((one) => one.secretRef?.name === secret),
  )
}

/** Bytes behind a base64 text, without decoding it. */
function byteLength(base64: string): number {
  return Math.floor((base64.length * 3) / 4) - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)
}

/**
 * Keys present and not empty, signing keys of at least 32 bytes (RFC 7518, 3.2), and pods started before
 * the last write. Looks at lengths only; no value gets into a finding.
 */
export function judgeSecret(
  secret: KubeObject,
  pods: KubeObject[],
  workloadOf: (pod: KubeObject) => string | undefined,
): Finding[] {
  const { name, namespace = '' } = secret.metadata
  const base = { evidence: [], subject: { kind: 'Secret', namespace, name } }
  const data = Object.entries((secret.data ?? {}) as Record<string, string>)
  const findings: Finding[] = []
  if (data.length === 0)
    findings.push({
      ...base,
      severity: 'fail',
      code: 'secret.empty',
      title: `Secret ${name} has no keys`,
      remedies: [],
    })
  for (const [key, value] of data) {
    const size = byteLength(value)
    if (size === 0)
      findings.push({
        ...base,
        severity: 'fail',
        code: 'secret.empty-key',
        title: `Key ${key} of secret ${name} is empty`,
        remedies: [],
      })
    else if (/jwt|signing/i.test(name) && key !== 'previous' && size < 32)
      findings.push({
        ...base,
        severity: 'fail',
        code: 'secret.weak-key',
        title: `Key ${key} of secret ${name} has ${size} bytes; HS256 needs at least 32`,
        remedies: [{ operation: 'kubernetes.rotate-secret', params: { namespace, name } }],
      })
  }
  const { at, by } = lastWrite(secret)
  const older =
    at === undefined
      ? []
      : pods.filter(
          (pod) =>
            readsAtStart(pod, name) &&
            Date.parse(pod.status?.startTime ?? pod.metadata.creationTimestamp ?? '') < at - 2_000,
        )
  if (at !== undefined && older.length > 0)
    findings.push({
      ...base,
      severity: 'warn',
      code: 'secret.pods-older',
      title: `${count(older.length, 'pod')} started before secret ${name} was changed${by ? ` by ${by}` : ''} and still ${older.length === 1 ? 'uses' : 'use'} the former value`,
      evidence: older
        .slice(0, 10)
        .map(
          (pod) =>
            `${pod.metadata.name}: started ${howLong(at - Date.parse(pod.status?.startTime ?? pod.metadata.creationTimestamp ?? ''))} before`,
        ),
      since: new Date(at).toISOString(),
      remedies: [...new Set(older.map(workloadOf))].flatMap((workload) =>
        workload ? [{ operation: 'kubernetes.rollout-restart', params: { namespace, workload } }] : [],
      ),
    })
  return findings
}
