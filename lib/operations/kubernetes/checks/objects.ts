import 'server-only'
import { z } from 'zod'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { CONFIG_RULES, type ConfigRule, judgeConfigMap } from '@/lib/verdicts/config-maps'
import { count, howLong } from '@/lib/verdicts/durations'
import { workloadOf } from '@/lib/verdicts/pods'
import { judgeSecret, lastWrite } from '@/lib/verdicts/secrets'
import {
  addressesOf,
  addressesOfEndpoints,
  judgeEndpoints,
  judgeService,
  selectedPods,
  serviceFacts,
} from '@/lib/verdicts/services'
import type { Command, KubectlCommand } from '../../../runbooks/command'
import { RESOURCE } from '../../../targets/resource-types'
import { grepOf, kubectl, resource } from '../../commands'
import type { Check, RecogniseHints } from '../../types'

const serviceParams = z.object({ namespace: z.string(), service: z.string() })
const namedParams = z.object({ namespace: z.string(), name: z.string() })

function getOne(
  commands: readonly Command[],
  kind: string,
): { command: Command & KubectlCommand; name: string } | undefined {
  const command = kubectl(commands, 'get')
  const name = command && resource(command, kind)?.name
  return command && name ? { command, name } : undefined
}

function plain(commands: readonly Command[], kind: string): { namespace: string; name: string } | undefined {
  const found = getOne(commands, kind)
  if (!found || found.command.filters.length > 0) return undefined
  return { namespace: found.command.namespace ?? 'default', name: found.name }
}

/** Ready addresses behind a Service; EndpointSlices first, the deprecated Endpoints where there are none. */
export const endpoints: Check<z.infer<typeof serviceParams>> = {
  id: 'kubernetes.endpoints',
  title: 'Check service endpoints',
  effect: 'read',
  params: serviceParams,
  recognise(commands) {
    const found = plain(commands, 'Endpoints')
    if (found) return { namespace: found.namespace, service: found.name }
    const command = kubectl(commands, 'get')
    const service = /^kubernetes\.io\/service-name=([\w-]+)$/.exec(command?.selector ?? '')?.[1]
    if (!command || !service || !resource(command, 'EndpointSlice') || command.filters.length > 0)
      return undefined
    return { namespace: command.namespace ?? 'default', service }
  },
  kubectl: ({ namespace, service }) =>
    `kubectl get endpointslices -l kubernetes.io/service-name=${service} -n ${namespace}`,
  async run(context, { namespace, service: name }) {
    const [service, slices, pods] = await Promise.all([
      context.cluster.get(RESOURCE.Service, name, namespace),
      context.cluster.list(RESOURCE.EndpointSlice, {
        namespace,
        labelSelector: `kubernetes.io/service-name=${name}`,
      }),
      context.cluster.list(RESOURCE.Pod, { namespace }),
    ])
    if (!service.ok) return couldNotLook(service.error)
    if (!pods.ok) return couldNotLook(pods.error)
    let addresses = slices.ok ? addressesOf(slices.value) : { ready: [], notReady: [] }
    if (!slices.ok || slices.value.length === 0) {
      const old = await context.cluster.get(RESOURCE.Endpoints, name, namespace)
      if (old.ok) addresses = addressesOfEndpoints(old.value)
      else if (!slices.ok) return couldNotLook(slices.error)
    }
    const total = addresses.ready.length + addresses.notReady.length
    return conclude({
      findings: judgeEndpoints(service.value, addresses, pods.value),
      healthy: `${addresses.ready.length} ready addresses behind service ${name}`,
      figure: `${addresses.ready.length} of ${total} ready`,
      read: `${count(slices.ok ? slices.value.length : 0, 'slice')} · ${count(pods.value.length, 'pod')}`,
      views: [serviceFacts(service.value, selectedPods(service.value, pods.value).length)],
    })
  },
}

/** Whether a Service's selector and ports fit the pods that are there. */
export const service: Check<z.infer<typeof serviceParams>> = {
  id: 'kubernetes.service',
  title: 'Check service configuration',
  effect: 'read',
  params: serviceParams,
  recognise(commands) {
    const found = plain(commands, 'Service')
    return found && { namespace: found.namespace, service: found.name }
  },
  kubectl: ({ namespace, service: name }) => `kubectl get service ${name} -n ${namespace} -o yaml`,
  async run(context, { namespace, service: name }) {
    const [found, pods] = await Promise.all([
      context.cluster.get(RESOURCE.Service, name, namespace),
      context.cluster.list(RESOURCE.Pod, { namespace }),
    ])
    if (!found.ok) return couldNotLook(found.error)
    if (!pods.ok) return couldNotLook(pods.error)
    const selected = selectedPods(found.value, pods.value).length
    return conclude({
      findings: judgeService(found.value, pods.value),
      healthy: `Service ${name} selects ${count(selected, 'pod')} and its ports are served`,
      figure: `selects ${selected}`,
      views: [serviceFacts(found.value, selected)],
    })
  },
}

/** Keys, lengths and age of a Secret. Values never leave this function. */
export const secret: Check<z.infer<typeof namedParams>> = {
  id: 'kubernetes.secret',
  title: 'Check a secret',
  effect: 'read',
  params: namedParams,
  recognise: (commands) => plain(commands, 'Secret'),
  kubectl: ({ namespace, name }) => `kubectl describe secret ${name} -n ${namespace}`,
  async run(context, { namespace, name }) {
    const [found, pods] = await Promise.all([
      context.cluster.get(RESOURCE.Secret, name, namespace),
      context.cluster.list(RESOURCE.Pod, { namespace }),
    ])
    if (!found.ok) return couldNotLook(found.error)
    if (!pods.ok) return couldNotLook(pods.error)
    const alive = pods.value.filter(
      (pod) => pod.status?.phase === 'Running' && !pod.metadata.deletionTimestamp,
    )
    const keys = Object.keys(found.value.data ?? {})
    const { at, by } = lastWrite(found.value)
    const age =
      at === undefined ? 'unknown' : `${howLong(context.now().getTime() - at)} ago${by ? ` by ${by}` : ''}`
    return conclude({
      findings: judgeSecret(found.value, alive, workloadOf),
      healthy: `${count(keys.length, 'key')} present and not empty, last written ${age}`,
      figure: count(keys.length, 'key'),
      views: [
        {
          type: 'facts',
          items: [
            { label: 'Keys', value: keys.join(', ') || 'none' },
            { label: 'Last written', value: age },
          ],
        },
      ],
    })
  },
}

const configParams = namedParams.extend({
  focus: z.string().optional(),
  rule: z.enum(CONFIG_RULES).optional(),
})

/** What the step's own words, the filter or the object's name say should be looked at. */
function ruleFrom(words: string[], card: string): ConfigRule | undefined {
  for (const word of words) {
    if (/cors/i.test(word)) return 'cors'
    if (/rate.?limit/i.test(word)) return 'rate-limit'
    if (/plugin/i.test(word)) return 'plugins'
    if (/breaker|threshold/i.test(word)) return 'breaker'
    if (/pool/i.test(word)) return 'pool'
    if (/token|jwt/i.test(word)) return 'ttl'
    if (/ttl|expir/i.test(word)) return /cach/i.test(`${word} ${card}`) ? 'cache-ttl' : 'ttl'
    if (/logging|log config|fluent/i.test(word)) return 'logging'
  }
  return undefined
}

/** A ConfigMap's keys, judged by the rule of the step. */
export const configMap: Check<z.infer<typeof configParams>> = {
  id: 'kubernetes.configmap',
  title: 'Check a ConfigMap',
  effect: 'read',
  params: configParams,
  recognise(commands, hints: RecogniseHints) {
    const found = getOne(commands, 'ConfigMap')
    if (!found) return undefined
    const grep = grepOf(found.command.filters)
    if (found.command.filters.length > 0 && (!grep || grep.invert)) return undefined
    const rule = ruleFrom([grep?.pattern ?? '', hints.stepTitle, found.name], hints.cardTitle)
    return {
      namespace: found.command.namespace ?? 'default',
      name: found.name,
      ...(grep ? { focus: grep.pattern } : {}),
      ...(rule ? { rule } : {}),
    }
  },
  kubectl: ({ namespace, name }) => `kubectl get configmap ${name} -n ${namespace} -o yaml`,
  async run(context, { namespace, name, focus, rule }) {
    const found = await context.cluster.get(RESOURCE.ConfigMap, name, namespace)
    if (!found.ok) return couldNotLook(found.error)
    const data = (found.value.data ?? {}) as Record<string, string>
    const keys = Object.keys(data).filter(
      (key) => !focus || key.includes(focus) || data[key]?.includes(focus),
    )
    return conclude({
      findings: judgeConfigMap(data, rule, { namespace, name }),
      healthy: rule
        ? `${name}: the ${rule.replace('-', ' ')} settings are sane`
        : `${name} has ${count(Object.keys(data).length, 'key')}`,
      figure: count(Object.keys(data).length, 'key'),
      views: [
        {
          type: 'facts',
          items: keys.slice(0, 50).map((key) => ({ label: key, value: (data[key] ?? '').slice(0, 2_000) })),
        },
      ],
    })
  },
}
