import 'server-only'
import type { V1ConfigMap, V1Namespace, V1Secret, V1ServiceAccount } from '@kubernetes/client-node'
import { CouldNotPrint } from '../limits'
import { writeEvents } from './events'
import { writeLimitRanges, writeQuotas } from './quotas'
import { dateOf } from './times'
import type { Describer } from './types'
import { inOrder } from './writer'

/** A ConfigMap. kubectl 1.32 writes its keys in an order left to chance; here they are sorted, as later ones do. */
export const describeConfigMap: Describer = (w, object, beside) => {
  const { metadata, data, binaryData } = object as unknown as V1ConfigMap
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.write(0, '\nData\n====\n')
  for (const [key, value] of inOrder(data ?? {})) w.write(0, `${key}:\n----\n${value}\n\n`)
  w.write(0, '\nBinaryData\n====\n')
  for (const [key, value] of inOrder(binaryData ?? {})) w.row(0, `${key}: ${octetsOf(value)} bytes`)
  w.write(0, '\n')
  writeEvents(w, beside.events, beside.now)
}

function octetsOf(base64: string): number {
  return Buffer.from(base64, 'base64').length
}

/** Annotations of Secrets that cannot hold a value of theirs: those of Helm, cert-manager and Kubernetes itself. */
const HARMLESS = /^(meta\.helm\.sh|helm\.sh|cert-manager\.io|kubernetes\.io)\//
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * A Secret: its keys and how many bytes each holds. Throws CouldNotPrint where kubectl would show a value: the token of
 * a service account, and annotations, which may hold a copy of everything.
 */
export const describeSecret: Describer = (w, object) => {
  const { metadata, type = '', data } = object as unknown as V1Secret
  if (type === 'kubernetes.io/service-account-token' && data?.token !== undefined)
    throw new CouldNotPrint('kubectl shows the token of this Secret, and values are not shown here.')
  const odd = Object.keys(metadata?.annotations ?? {}).find(
    (key) => key !== LAST_APPLIED && !HARMLESS.test(key),
  )
  if (odd) throw new CouldNotPrint(`The annotation ${odd.slice(0, 80)} of a Secret is not shown here.`)
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.write(0, `\nType:\t${type}\n`)
  w.write(0, '\nData\n====\n')
  for (const [key, value] of inOrder(data ?? {})) w.row(0, `${key}:`, `${octetsOf(value)} bytes`)
}

/** A ServiceAccount with its secrets and tokens, by name. */
export const describeServiceAccount: Describer = (w, object, beside) => {
  const account = object as unknown as V1ServiceAccount
  const { metadata } = account
  const secrets = (beside.secrets ?? []) as unknown as V1Secret[]
  const known = new Set(secrets.map((one) => one.metadata?.name))
  const tokens = secrets.filter(({ type, metadata: of }) => {
    const notes = of?.annotations ?? {}
    return (
      type === 'kubernetes.io/service-account-token' &&
      notes['kubernetes.io/service-account.name'] === metadata?.name &&
      notes['kubernetes.io/service-account.uid'] === metadata?.uid
    )
  })
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  for (const [title, named] of [
    ['Image pull secrets:', account.imagePullSecrets ?? []],
    ['Mountable secrets: ', account.secrets ?? []],
    ['Tokens:            ', tokens.map((one) => ({ name: one.metadata?.name }))],
  ] as const) {
    if (named.length === 0) w.row(0, title, '<none>')
    named.forEach(({ name = '' }, index) => {
      w.row(
        0,
        index === 0 ? title : ' '.repeat(title.length),
        `${name}${known.has(name) ? '' : ' (not found)'}`,
      )
    })
  }
  writeEvents(w, beside.events, beside.now)
}

/** A Namespace with its quotas and limits. */
export const describeNamespace: Describer = (w, object, beside) => {
  const { metadata, status } = object as unknown as V1Namespace
  w.row(0, 'Name:', metadata?.name ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'Status:', status?.phase ?? '')
  if (status?.conditions?.length) {
    w.row(0, 'Conditions:')
    w.row(1, 'Type', 'Status', 'LastTransitionTime', 'Reason', 'Message')
    w.row(1, '----', '------', '------------------', '------', '-------')
    for (const one of status.conditions)
      w.row(1, one.type, one.status, dateOf(one.lastTransitionTime), one.reason ?? '', one.message ?? '')
  }
  w.write(0, '\n')
  writeQuotas(w, beside.quotas ?? [])
  w.write(0, '\n')
  writeLimitRanges(w, beside.limitRanges ?? [])
}
