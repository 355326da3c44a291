import type { KubeObject } from '../types'
import { badRequest } from './status'

type Labels = Record<string, string>

/** A label selector as in a query string: `a=b,c!=d,e in (x,y),!f,g`. */
export function labelMatcher(selector: string | null | undefined): (labels: Labels) => boolean {
  if (!selector) return () => true
  const tests = splitOutsideParentheses(selector).map(requirement)
  return (labels) => tests.every((test) => test(labels))
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const char of text) {
    if (char === '(') depth += 1
    if (char === ')') depth -= 1
    if (char === ',' && depth === 0) {
      parts.push(part)
      part = ''
    } else part += char
  }
  parts.push(part)
  return parts.map((one) => one.trim()).filter(Boolean)
}

function requirement(text: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text)
  if (set) {
    const [, key = '', operator, list = ''] = set
    const values = new Set(list.split(',').map((value) => value.trim()))
    return operator === 'in'
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key])
  }
  const pair = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(text)
  if (pair) {
    const [, key = '', operator, value = ''] = pair
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value
  }
  if (/^![^=\s]+$/.test(text)) return (labels) => labels[text.slice(1)] === undefined
  if (/^[^=!\s]+$/.test(text)) return (labels) => labels[text] !== undefined
  const half = /^\S+\s+(?:not)?in$/.test(text)
  throw badRequest(`unable to parse requirement: ${half ? "found '' expected: '('" : text}`)
}

/** Fields beside the name and namespace that lists may be chosen by. */
const FIELDS: Record<string, string[]> = {
  Pod: [
    ...['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName'],
    ...['spec.hostNetwork', 'status.phase', 'status.podIP', 'status.podIPs', 'status.nominatedNodeName'],
  ],
  Event: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (one) => `involvedObject.${one}`,
    ),
    ...['reason', 'reportingComponent', 'source', 'type'],
  ],
  Node: ['spec.unschedulable'],
  Secret: ['type'],
  Namespace: ['status.phase'],
  ReplicaSet: ['status.replicas'],
  Job: ['status.successful'],
  Service: ['spec.clusterIP', 'spec.type'],
}

/** A field selector: `metadata.name=x,status.phase!=Running`. */
export function fieldMatcher(
  selector: string | null | undefined,
  kind = '',
): (object: KubeObject) => boolean {
  const known = ['metadata.name', 'metadata.namespace', ...(FIELDS[kind] ?? [])]
  if (!selector) return () => true
  const tests = selector.split(',').map((text) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(text)
    if (!match) throw badRequest(`invalid field selector: ${text}`)
    const [, path = '', operator, value = ''] = match
    if (!known.includes(path))
      throw badRequest(`"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`)
    return (object: KubeObject) => {
      let at: unknown = object
      for (const key of path.split('.')) at = (at as Record<string, unknown> | undefined)?.[key]
      return (String(at ?? '') === value) === (operator !== '!=')
    }
  })
  return (object) => tests.every((test) => test(object))
}

/** Whether labels satisfy a LabelSelector object. */
export function selects(
  selector:
    | { matchLabels?: Labels; matchExpressions?: { key: string; operator: string; values?: string[] }[] }
    | undefined,
  labels: Labels = {},
): boolean {
  if (!selector) return false
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (labels[key] !== value) return false
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = labels[key]
    if (operator === 'In' && !(value !== undefined && values.includes(value))) return false
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false
    if (operator === 'Exists' && value === undefined) return false
    if (operator === 'DoesNotExist' && value !== undefined) return false
  }
  return true
}
