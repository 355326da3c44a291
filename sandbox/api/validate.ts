import type { KubeObject } from '../types'
import type { KindInfo } from './kinds'
import { type Cause, invalidBy } from './status'

// biome-ignore lint/suspicious/noExplicitAny: stored API objects are open JSON
type Open = any

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']

/** A quantity of memory in bytes or of CPU in cores, as a number; undefined when it is not one. */
export function quantity(text: unknown): number | undefined {
  const match = /^([0-9.]+)(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/.exec(String(text))
  if (!match) return undefined
  const factor: Record<string, number> = {
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
  }
  return Number(match[1]) * (match[2] ? (factor[match[2]] ?? 1) : 1)
}

const bad = (field: string, value: unknown, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
})
const missing = (field: string, why?: string): Cause => ({
  reason: 'FieldValueRequired',
  message: why ? `Required value: ${why}` : 'Required value',
  field,
})

/** Why an object cannot be read as its type at all; undefined when it can. */
export function misfit(info: KindInfo, object: KubeObject): string | undefined {
  const { replicas } = object.spec ?? {}
  if (replicas !== undefined && replicas !== null && typeof replicas !== 'number')
    return `json: cannot unmarshal ${typeof replicas} into Go struct field ${info.kind}Spec.spec.replicas of type int32`
  if (info.kind === 'ConfigMap')
    for (const value of Object.values(object.data ?? {}))
      if (typeof value !== 'string')
        return `json: cannot unmarshal ${typeof value} into Go struct field ConfigMap.data of type string`
  const containers: Open[] = object.spec?.template?.spec?.containers ?? object.spec?.containers ?? []
  for (const container of containers)
    for (const values of Object.values(container.resources ?? {}))
      if (typeof values === 'object' && values !== null && !Array.isArray(values))
        for (const value of Object.values(values)) if (quantity(value) === undefined) return QUANTITY
  return undefined
}

/** Fields of the outer objects that a runbook writes; deeper ones are not looked at. */
const KNOWN: Record<string, { top: string[]; spec?: string[] }> = {
  ConfigMap: { top: ['data', 'binaryData', 'immutable'] },
  Secret: { top: ['data', 'stringData', 'type', 'immutable'] },
  Deployment: {
    top: ['spec', 'status'],
    spec: [
      ...[
        'replicas',
        'selector',
        'template',
        'strategy',
        'minReadySeconds',
        'revisionHistoryLimit',
        'paused',
      ],
      'progressDeadlineSeconds',
    ],
  },
}

/** Names of fields that the type does not have, as paths. */
export function unknownFields(info: KindInfo, object: KubeObject): string[] {
  const known = KNOWN[info.kind]
  if (!known) return []
  const outer = Object.keys(object).filter(
    (key) => !['apiVersion', 'kind', 'metadata', ...known.top].includes(key),
  )
  const inner = known.spec
    ? Object.keys(object.spec ?? {})
        .filter((key) => !known.spec?.includes(key))
        .map((key) => `spec.${key}`)
    : []
  return [...outer, ...inner]
}

/** The checks of the API server's validation that a runbook's changes can run into. */
export function validate(info: KindInfo, object: KubeObject, stored?: KubeObject): void {
  const causes: Cause[] = []
  const { name } = object.metadata
  if (!name && !object.metadata.generateName)
    causes.push(missing('metadata.name', 'name or generateName is required'))
  if (name && !new RegExp(`^${SUBDOMAIN}$`).test(name))
    causes.push(
      bad(
        'metadata.name',
        name,
        `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`,
      ),
    )
  if (stored && object.metadata.uid && object.metadata.uid !== stored.metadata.uid)
    causes.push(...Array(2).fill(bad('metadata.uid', object.metadata.uid, 'field is immutable')))
  const replicas = object.spec?.replicas
  if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 0))
    causes.push(bad('spec.replicas', replicas, 'must be greater than or equal to 0'))
  if (object.spec?.template?.spec && WORKLOADS.includes(info.kind)) workload(object, stored, causes)
  if (causes.length > 0) throw invalidBy(info, name, causes)
}

function workload(object: KubeObject, stored: KubeObject | undefined, causes: Cause[]): void {
  const { selector, template } = object.spec
  const labels = template.metadata?.labels
  if (!selector) causes.push(missing('spec.selector'))
  const wanted = Object.entries(selector?.matchLabels ?? {})
  if (!selector || wanted.some(([key, value]) => labels?.[key] !== value))
    causes.push(
      bad('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'),
    )
  if (stored && JSON.stringify(stored.spec.selector) !== JSON.stringify(selector))
    causes.push(bad('spec.selector', selector, 'field is immutable'))
  const containers: Open[] = template.spec.containers ?? []
  if (containers.length === 0) causes.push(missing('spec.template.spec.containers'))
  containers.forEach((container, index) => {
    const at = `spec.template.spec.containers[${index}]`
    if (containers.findIndex((one) => one.name === container.name) < index)
      causes.push({
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: "${container.name}"`,
        field: `${at}.name`,
      })
    if (!container.image) causes.push(missing(`${at}.image`))
    for (const [place, port] of (container.ports ?? []).entries())
      if (!(port.containerPort >= 1 && port.containerPort <= 65_535))
        causes.push(
          bad(
            `${at}.ports[${place}].containerPort`,
            port.containerPort,
            'must be between 1 and 65535, inclusive',
          ),
        )
    const { requests = {}, limits = {} } = container.resources ?? {}
    for (const [resource, request] of Object.entries(requests)) {
      const limit = limits[resource]
      if (limit !== undefined && (quantity(request) ?? 0) > (quantity(limit) ?? 0))
        causes.push(
          bad(
            `${at}.resources.requests`,
            request,
            `must be less than or equal to ${resource} limit of ${limit}`,
          ),
        )
    }
  })
}
