/**
 * The little of Kubernetes' protobuf that kubectl cannot be talked out of: bodies of a few creating calls,
 * and the OpenAPI v3 document that says field validation happens on the server.
 * Field numbers: generated.proto files of k8s.io/api and k8s.io/apimachinery.
 */

type Type = 'string' | 'int' | 'bytes' | 'bool' | Schema
interface Field {
  name: string
  type: Type
  /** `list` repeats; `map` is a map from string to the type. */
  many?: 'list' | 'map'
}
type Schema = Record<number, Field>

const field = (name: string, type: Type, many?: 'list' | 'map'): Field => ({
  name,
  type,
  ...(many ? { many } : {}),
})

const META: Schema = {
  1: field('name', 'string'),
  2: field('generateName', 'string'),
  3: field('namespace', 'string'),
  5: field('uid', 'string'),
  6: field('resourceVersion', 'string'),
  11: field('labels', 'string', 'map'),
  12: field('annotations', 'string', 'map'),
}
const REFERENCE: Schema = {
  1: field('kind', 'string'),
  2: field('name', 'string'),
  3: field('apiVersion', 'string'),
}
const TARGET: Schema = { 1: field('type', 'string'), 4: field('averageUtilization', 'int') }
const METRIC: Schema = {
  1: field('type', 'string'),
  4: field('resource', { 1: field('name', 'string'), 2: field('target', TARGET) }),
}

const OBJECTS: Record<string, Schema> = {
  Secret: {
    1: field('metadata', META),
    2: field('data', 'bytes', 'map'),
    3: field('type', 'string'),
    4: field('stringData', 'string', 'map'),
  },
  ConfigMap: { 1: field('metadata', META), 2: field('data', 'string', 'map') },
  Namespace: { 1: field('metadata', META) },
  ServiceAccount: { 1: field('metadata', META) },
  'autoscaling/v1/HorizontalPodAutoscaler': {
    1: field('metadata', META),
    2: field('spec', {
      1: field('scaleTargetRef', REFERENCE),
      2: field('minReplicas', 'int'),
      3: field('maxReplicas', 'int'),
      4: field('targetCPUUtilizationPercentage', 'int'),
    }),
  },
  HorizontalPodAutoscaler: {
    1: field('metadata', META),
    2: field('spec', {
      1: field('scaleTargetRef', REFERENCE),
      2: field('minReplicas', 'int'),
      3: field('maxReplicas', 'int'),
      4: field('metrics', METRIC, 'list'),
    }),
  },
}

function varint(bytes: Buffer, at: number): [number, number] {
  let value = 0
  let factor = 1
  let index = at
  for (;;) {
    const byte = bytes[index++] ?? 0
    value += (byte & 127) * factor
    if (byte < 128) return [value, index]
    factor *= 128
  }
}

/** Tag, value pairs of one message: numbers for varints, bytes for length-delimited fields. */
function* fields(bytes: Buffer): Generator<[number, number | Buffer]> {
  let at = 0
  while (at < bytes.length) {
    const [tag, next] = varint(bytes, at)
    at = next
    const wire = tag & 7
    if (wire === 0) {
      const [value, after] = varint(bytes, at)
      at = after
      yield [tag >> 3, value]
    } else if (wire === 2) {
      const [length, after] = varint(bytes, at)
      yield [tag >> 3, bytes.subarray(after, after + length)]
      at = after + length
    } else at += wire === 1 ? 8 : 4
  }
}

function value(type: Type, raw: number | Buffer): unknown {
  if (typeof raw === 'number') return type === 'bool' ? raw !== 0 : raw
  if (type === 'bytes') return raw.toString('base64')
  return typeof type === 'object' ? message(type, raw) : raw.toString('utf8')
}

function message(schema: Schema, bytes: Buffer): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [number, raw] of fields(bytes)) {
    const known = schema[number]
    if (!known) continue
    if (known.many === 'list')
      result[known.name] = [...((result[known.name] as unknown[]) ?? []), value(known.type, raw)]
    else if (known.many === 'map') {
      const pair = new Map(fields(raw as Buffer))
      const key = String(pair.get(1) ?? '')
      result[known.name] = {
        ...(result[known.name] as object),
        [key]: value(known.type, pair.get(2) ?? Buffer.alloc(0)),
      }
    } else {
      const decoded = value(known.type, raw)
      if (decoded !== '') result[known.name] = decoded
    }
  }
  return result
}

/** Decodes a `k8s\0` envelope of a known kind to the JSON form; undefined when it is none. */
export function decodeProtobuf(body: Buffer): Record<string, unknown> | undefined {
  if (body.subarray(0, 4).toString('latin1') !== 'k8s\0') return undefined
  const envelope = new Map(fields(body.subarray(4)))
  const type = message(
    { 1: field('apiVersion', 'string'), 2: field('kind', 'string') },
    envelope.get(1) as Buffer,
  )
  const schema = OBJECTS[`${type.apiVersion}/${type.kind}`] ?? OBJECTS[String(type.kind)]
  if (!schema) return undefined
  const object = { ...type, ...message(schema, envelope.get(2) as Buffer) } as {
    apiVersion?: string
    kind?: string
    spec?: Record<string, unknown>
  }
  const percent = object.spec?.targetCPUUtilizationPercentage
  if (object.spec && percent !== undefined) {
    const { targetCPUUtilizationPercentage: _percent, ...spec } = object.spec
    return {
      ...object,
      apiVersion: 'autoscaling/v2',
      spec: {
        ...spec,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } },
          },
        ],
      },
    }
  }
  return object
}

function lengthOf(length: number): Buffer {
  const bytes: number[] = []
  let rest = length
  while (rest >= 128) {
    bytes.push((rest & 127) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

/** One length-delimited protobuf field. */
export function encodeField(number: number, content: string | Buffer | Buffer[]): Buffer {
  const bytes = Array.isArray(content) ? Buffer.concat(content) : Buffer.from(content as string)
  return Buffer.concat([lengthOf((number << 3) | 2), lengthOf(bytes.length), bytes])
}
