import type { KubeObject } from '../types'
import type { KindInfo } from './kinds'
import { invalid } from './status'

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

/** The checks of the API server's validation that a runbook's changes can run into. */
export function validate(info: KindInfo, object: KubeObject, stored?: KubeObject): void {
  const name = object.metadata.name
  if (!name && !object.metadata.generateName)
    throw invalid(info, '', 'metadata.name: Required value: name or generateName is required')
  if (name && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) {
    throw invalid(
      info,
      name,
      `metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    )
  }
  if (info.kind === 'ConfigMap') {
    for (const [key, value] of Object.entries(object.data ?? {})) {
      if (typeof value !== 'string') throw invalid(info, name, `data.${key}: Invalid value: must be a string`)
    }
  }
  const replicas = object.spec?.replicas
  if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 0)) {
    throw invalid(info, name, `spec.replicas: Invalid value: ${replicas}: must be greater than or equal to 0`)
  }
  const template = object.spec?.template
  if (!template?.spec || !['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(info.kind)) return
  for (const [key, value] of Object.entries(object.spec.selector?.matchLabels ?? {})) {
    if (template.metadata?.labels?.[key] !== value)
      throw invalid(
        info,
        name,
        'spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`',
      )
  }
  if (stored && JSON.stringify(stored.spec.selector) !== JSON.stringify(object.spec.selector)) {
    throw invalid(info, name, 'spec.selector: Invalid value: field is immutable')
  }
  const containers: {
    name: string
    image?: string
    resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  }[] = template.spec.containers ?? []
  if (containers.length === 0) throw invalid(info, name, 'spec.template.spec.containers: Required value')
  containers.forEach((container, index) => {
    const at = `spec.template.spec.containers[${index}]`
    if (!container.image) throw invalid(info, name, `${at}.image: Required value`)
    for (const [kind, values] of Object.entries(container.resources ?? {})) {
      for (const [resource, value] of Object.entries((values as Record<string, string>) ?? {})) {
        if (quantity(value) === undefined)
          throw invalid(
            info,
            name,
            `${at}.resources.${kind}[${resource}]: Invalid value: "${value}": quantities must match the regular expression`,
          )
      }
    }
    for (const [resource, request] of Object.entries(container.resources?.requests ?? {})) {
      const limit = container.resources?.limits?.[resource]
      if (limit !== undefined && (quantity(request) ?? 0) > (quantity(limit) ?? 0)) {
        throw invalid(
          info,
          name,
          `${at}.resources.requests: Invalid value: "${request}": must be less than or equal to ${resource} limit of ${limit}`,
        )
      }
    }
  })
}
