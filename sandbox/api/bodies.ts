import type { ServerResponse } from 'node:http'
import type { KubeObject } from '../types'
import { setDefaults } from './defaults'
import type { KindInfo } from './kinds'
import { decodeProtobuf } from './protobuf'
import { ApiError, badRequest } from './status'
import { misfit, unknownFields } from './validate'

/** The object of a request's body, as its type. */
export function parse(body: Buffer, info: KindInfo): KubeObject {
  try {
    const object = decodeProtobuf(body) ?? JSON.parse(body.toString('utf8'))
    if (typeof object !== 'object' || object === null || typeof object.metadata !== 'object')
      throw new Error('no object')
    if (object.kind && object.kind !== info.kind) {
      const version = String(object.apiVersion).split('/').at(-1)
      throw badRequest(
        `${object.kind} in version "${version}" cannot be handled as a ${info.kind}: converting (${version}.${object.kind}) to (core.${info.kind}): unknown conversion`,
      )
    }
    const why = misfit(info, object)
    if (why)
      throw badRequest(
        `${info.kind} in version "${info.version}" cannot be handled as a ${info.kind}: ${why}`,
      )
    return object
  } catch (cause) {
    if (cause instanceof ApiError) throw cause
    throw badRequest(
      'the object provided is unrecognized (must be of type ' +
        info.kind +
        '): the body is not a JSON object',
    )
  }
}

/** Fields that the type does not have: refused, told in a header, or passed over, as the client wishes. */
export function checkFields(
  info: KindInfo,
  object: KubeObject,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const unknown = unknownFields(info, object)
  const wish = query.get('fieldValidation') ?? 'Warn'
  const words = unknown.map((one) => `unknown field "${one}"`)
  if (words.length > 0 && wish === 'Strict')
    throw badRequest(
      `${info.kind} in version "${info.version}" cannot be handled as a ${info.kind}: strict decoding error: ${words.join(', ')}`,
    )
  if (words.length > 0 && wish === 'Warn')
    response.setHeader(
      'warning',
      words.map((one) => `299 - ${JSON.stringify(one)}`),
    )
  for (const path of unknown) {
    if (path.startsWith('spec.')) delete object.spec[path.slice(5)]
    else delete object[path]
  }
}

/** Conversions that storage does: stringData of a Secret becomes data. */
export function prepare(info: KindInfo, object: KubeObject): void {
  if (info.kind === 'Secret' && object.stringData) {
    object.data = {
      ...object.data,
      ...Object.fromEntries(
        Object.entries(object.stringData as Record<string, string>).map(([key, value]) => [
          key,
          Buffer.from(value).toString('base64'),
        ]),
      ),
    }
    delete object.stringData
  }
  setDefaults(info.kind, object)
}

/** Refuses what a patch has made of an object when its type cannot hold it. */
export function checkPatched(info: KindInfo, object: KubeObject): void {
  const why = misfit(info, object)
  if (!why) return
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(object))}: ${why}`
  throw new ApiError(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  })
}
