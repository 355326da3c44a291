import 'server-only'
import { z } from 'zod'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count, howLong } from '@/lib/verdicts/durations'
import { isPodReady, judgePods, podTable } from '@/lib/verdicts/pods'
import { judgeLimits } from '@/lib/verdicts/resources'
import type { Finding } from '@/lib/verdicts/types'
import { RESOURCE } from '../../../targets/resource-types'
import { grepOf, kubectl, podArgument, resource, selectPods } from '../../commands'
import { podSelection } from '../../pod-selection'
import { resolvePods } from '../../resolve-pods'
import type { Check } from '../../types'

const podsParams = z.object({
  namespace: z.string().optional(),
  nameContains: z.string().optional(),
  unhealthyOnly: z.boolean().optional(),
})

/** Pods of a namespace, or of all: why each sick one is sick, from container state and warning events. */
export const pods: Check<z.infer<typeof podsParams>> = {
  id: 'kubernetes.pods',
  title: 'Check pods',
  effect: 'read',
  params: podsParams,
  recognise(commands) {
    const command = kubectl(commands, 'get')
    const listed = command && resource(command, 'Pod')
    if (!command || !listed || listed.name || command.selector) return undefined
    const where = command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }
    if (command.filters.length === 0) return where
    const grep = grepOf(command.filters)
    if (!grep) return undefined
    if (grep.invert) return grep.pattern === 'Running' ? { ...where, unhealthyOnly: true } : undefined
    return { ...where, nameContains: grep.pattern }
  },
  kubectl: ({ namespace, nameContains }) =>
    `kubectl get pods ${namespace ? `-n ${namespace}` : '-A'}${nameContains ? ` | grep ${nameContains}` : ''}`,
  async run(context, params) {
    const options = params.namespace ? { namespace: params.namespace } : {}
    const [listed, events] = await Promise.all([
      context.cluster.list(RESOURCE.Pod, options),
      context.cluster.list(RESOURCE.Event, options),
    ])
    if (!listed.ok) return couldNotLook(listed.error)
    const now = context.now().getTime()
    const all = listed.value.filter((pod) => pod.metadata.name.includes(params.nameContains ?? ''))
    const findings: Finding[] = judgePods(all, events.ok ? events.value : [], now)
    const where = params.namespace ? ` in ${params.namespace}` : ''
    if (!events.ok)
      findings.push({
        severity: 'info',
        code: 'pods.no-events',
        title: `Events could not be read: ${events.error.message}`,
        evidence: [],
        remedies: [],
      })
    const alive = all.filter((pod) => pod.status?.phase !== 'Succeeded')
    if (alive.length === 0)
      findings.push({
        severity: 'fail',
        code: 'pods.none',
        title: `There is no pod${params.nameContains ? ` named ${params.nameContains}` : ''}${where}`,
        evidence: [],
        remedies: [{ operation: 'kubernetes.scale', params: { namespace: params.namespace } }],
      })
    const ready = alive.filter(isPodReady).length
    const shown = params.unhealthyOnly
      ? all.filter((pod) => pod.status?.phase !== 'Succeeded' && !isPodReady(pod))
      : all
    return conclude({
      findings,
      healthy: `${ready} of ${count(alive.length, 'pod')} ready${where}`,
      figure: `${ready} of ${alive.length} ready`,
      read: `${count(all.length, 'pod')} · ${count(events.ok ? events.value.length : 0, 'event')}`,
      views: [podTable(shown, now)],
    })
  },
}

const describeParams = podSelection.extend({
  section: z.enum(['limits', 'liveness', 'readiness']).optional(),
})

/** Limits, probes and the last end of each container, for the pods meant. */
export const describePod: Check<z.infer<typeof describeParams>> = {
  id: 'kubernetes.describe-pod',
  title: 'Describe pods',
  effect: 'read',
  params: describeParams,
  recognise(commands, hints) {
    const command = kubectl(commands, 'describe')
    const target = command && resource(command, 'Pod')
    if (!command || !target) return undefined
    const selection = selectPods(command.namespace, { kind: 'Pod', ...target }, hints)
    if (!selection) return undefined
    if (command.filters.length === 0) return selection
    const section = grepOf(command.filters)?.pattern.toLowerCase()
    if (section !== 'limits' && section !== 'liveness' && section !== 'readiness') return undefined
    return { ...selection, section }
  },
  kubectl: ({ section, ...selection }) =>
    `kubectl describe pod ${podArgument(selection)} -n ${selection.namespace}${section ? ` | grep -A 5 ${section[0]?.toUpperCase()}${section.slice(1)}` : ''}`,
  async run(context, { section, ...selection }) {
    const [resolved, events] = await Promise.all([
      resolvePods(context, selection),
      context.cluster.list(RESOURCE.Event, { namespace: selection.namespace }),
    ])
    if (!resolved.ok) return couldNotLook(resolved.error)
    if (!events.ok) return couldNotLook(events.error)
    const { pods: found, note } = resolved.value
    const now = context.now().getTime()
    const probe = section === 'liveness' || section === 'readiness' ? section : undefined
    const findings = judgePods(found, events.value, now)
    if (!probe) findings.push(...judgeLimits(found))
    else findings.push(...missingProbes(found, probe))
    if (found.length === 0)
      findings.push({
        severity: 'fail',
        code: 'pods.none',
        title: `There is no pod ${podArgument(selection)} in ${selection.namespace}`,
        evidence: [],
        remedies: [{ operation: 'kubernetes.scale', params: { namespace: selection.namespace } }],
      })
    return conclude({
      findings,
      healthy: probe
        ? `${count(found.length, 'pod')} with a ${probe} probe, none failing`
        : `${count(found.length, 'pod')} with limits, none killed in the last hour`,
      read: [count(found.length, 'pod'), ...(note ? [note] : [])].join(' · '),
      views: [
        {
          type: 'table',
          columns: [
            { key: 'pod', label: 'Pod' },
            { key: 'requests', label: 'Requests' },
            { key: 'limits', label: 'Limits' },
            { key: 'qos', label: 'QoS' },
            { key: 'last', label: 'Last end' },
          ],
          rows: found.slice(0, 100).map((pod) => {
            const resources = pod.spec?.containers?.[0]?.resources ?? {}
            const last = pod.status?.containerStatuses?.[0]?.lastState?.terminated
            return {
              pod: { text: pod.metadata.name, mono: true },
              requests: { text: amounts(resources.requests) },
              limits: { text: amounts(resources.limits) },
              qos: { text: pod.status?.qosClass ?? '' },
              last: {
                text: last
                  ? `${last.reason ?? 'ended'}, exit code ${last.exitCode}, ${howLong(now - Date.parse(last.finishedAt))} ago`
                  : 'none',
              },
            }
          }),
        },
      ],
    })
  },
}

function amounts(of: Record<string, string> = {}): string {
  return (
    Object.entries(of)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ') || 'none'
  )
}

function missingProbes(
  found: { metadata: { name: string }; spec?: { containers?: Record<string, unknown>[] } }[],
  probe: 'liveness' | 'readiness',
): Finding[] {
  const without = found.filter((pod) => !pod.spec?.containers?.some((one) => one[`${probe}Probe`]))
  return without.length === 0
    ? []
    : [
        {
          severity: 'warn',
          code: `probes.no-${probe}`,
          title: `${count(without.length, 'pod')} ${without.length === 1 ? 'has' : 'have'} no ${probe} probe`,
          evidence: without.slice(0, 10).map((pod) => pod.metadata.name),
          remedies: [],
        },
      ]
}
