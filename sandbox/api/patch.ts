import jsonPatch from 'fast-json-patch'
import mergePatch from 'json-merge-patch'
import type { KubeObject } from '../types'
import { ApiError, badRequest } from './status'

/** Merge keys of the lists that strategic merge joins by key (patchMergeKey tags in k8s.io/api). */
const MERGE_KEYS: Record<string, string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  ports: ['containerPort', 'port'],
  imagePullSecrets: ['name'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  tolerations: [],
}

type Json = Record<string, unknown>

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Applies one of the three patch kinds by its content type. */
export function applyPatch(contentType: string, object: KubeObject, body: string): KubeObject {
  const type = contentType.split(';')[0]?.trim()
  let patch: unknown
  try {
    patch = JSON.parse(body)
  } catch {
    throw badRequest('error decoding patch: unexpected end of JSON input')
  }
  const copy = structuredClone(object)
  switch (type) {
    case 'application/json-patch+json':
      if (!Array.isArray(patch))
        throw badRequest(
          'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
        )
      try {
        return jsonPatch.applyPatch(copy, patch, true, false).newDocument
      } catch {
        throw new ApiError(
          422,
          'Invalid',
          'the server rejected our request due to an error in our request',
          {},
        )
      }
    case 'application/merge-patch+json':
      return mergePatch.apply(copy, patch as object) as KubeObject
    case 'application/strategic-merge-patch+json':
      return strategic(copy, patch) as KubeObject
    default:
      throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  }
}

function strategic(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const base: Json = isObject(target) ? { ...target } : {}
  if (patch.$patch === 'replace') {
    const { $patch: _, ...rest } = patch
    return rest
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue
    if (value === null) delete base[key]
    else if (Array.isArray(value)) base[key] = mergeList(key, base[key], value)
    else base[key] = isObject(value) ? strategic(base[key], value) : value
  }
  return base
}

function mergeList(field: string, target: unknown, patch: unknown[]): unknown {
  const mergeKey = MERGE_KEYS[field]?.find((key) => patch.every((item) => isObject(item) && key in item))
  if (!mergeKey || !Array.isArray(target))
    return patch.filter((item) => !(isObject(item) && '$patch' in item))
  const result = [...target] as Json[]
  for (const item of patch as Json[]) {
    const at = result.findIndex((one) => one[mergeKey] === item[mergeKey])
    if (item.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1)
    } else if (at >= 0) result[at] = strategic(result[at], item) as Json
    else result.push(strategic({}, item) as Json)
  }
  return result
}
