import 'server-only'
import { z } from 'zod'
import { kubectl, resource } from '@/lib/operations/commands'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count, howLong } from '@/lib/verdicts/durations'
import { judgeSecret, lastWrite, secretKeys } from '@/lib/verdicts/secret'

const params = z.object({ namespace: z.string(), name: z.string() })

/** A Secret by its key names, sizes and age; never by its values. */
export const secret: Check<z.infer<typeof params>> = {
  id: 'kubernetes.secret',
  title: 'Look at a secret (key names only)',
  effect: 'read',
  params,
  starts: ['kubectl get'],
  recognise(commands) {
    const command = kubectl(commands, 'get')
    const name = command && command.filters.length === 0 ? resource(command, 'Secret')?.name : undefined
    return command && name ? { namespace: command.namespace ?? 'default', name } : undefined
  },
  kubectl: (p) => `kubectl get secret ${p.name} -n ${p.namespace} -o yaml`,
  async run(context, p) {
    const [found, pods] = await Promise.all([
      context.cluster.get(RESOURCE.Secret, p.name, p.namespace),
      context.cluster.list(RESOURCE.Pod, { namespace: p.namespace }),
    ])
    if (!found.ok) {
      if (found.error.code !== 'not_found') return couldNotLook(found.error)
      return conclude({
        findings: [
          {
            severity: 'fail',
            code: 'secret.missing',
            title: `The secret ${p.name} does not exist in ${p.namespace}`,
            evidence: [],
            remedies: [{ operation: 'kubernetes.rotate-secret', params: { name: p.name } }],
          },
        ],
        healthy: '',
      })
    }
    if (!pods.ok) return couldNotLook(pods.error)
    // From here on only names and lengths exist: the values are dropped before anything is judged.
    const keys = secretKeys(found.value)
    const now = context.now().getTime()
    const write = lastWrite(found.value)
    return conclude({
      findings: judgeSecret(found.value, keys, pods.value),
      healthy: `${count(keys.length, 'key')}, all filled, written ${howLong(now - write.at)} ago`,
      figure: `secret ${howLong(now - write.at)} old`,
      views: [
        {
          type: 'table',
          columns: [
            { key: 'key', label: 'Key' },
            { key: 'size', label: 'Bytes', align: 'right' },
          ],
          rows: keys.map((one) => ({
            key: { text: one.name, mono: true },
            size: {
              text: String(one.bytes),
              tone: one.bytes === 0 ? ('fail' as const) : ('neutral' as const),
            },
          })),
        },
        {
          type: 'facts',
          items: [
            {
              label: 'Last written',
              value: `${howLong(now - write.at)} ago${write.by ? ` by ${write.by}` : ''}`,
            },
            {
              label: 'Created',
              value: `${howLong(now - Date.parse(found.value.metadata.creationTimestamp ?? ''))} ago`,
            },
          ],
        },
      ],
    })
  },
}
