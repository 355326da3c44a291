import 'server-only'
import { z } from 'zod'
import { type Grep, grepOf, kubectl, resource } from '@/lib/operations/commands'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import { isPodReady, judgePods, podTable } from '@/lib/verdicts/pods'

const params = z.object({
  namespace: z.string().optional(),
  nameContains: z.string().optional(),
  selector: z.string().optional(),
  /** As kubectl takes it: `metadata.namespace!=kube-system`. */
  fieldSelector: z.string().optional(),
})

/** Whether a grep looks for pods that are unwell (`-v Running`, `CrashLoop`): this check finds those by itself. */
function asksForSick(grep: Grep): boolean {
  return grep.invert
    ? grep.words.every((word) => /^(running|completed)$/i.test(word))
    : grep.words.every((word) =>
        /^(crash-?loop\w*|\w*error\w*|imagepull\w*|errimage\w*|pending|evicted|oomkilled)$/i.test(word),
      )
}

/** Pods of a namespace (or all), judged by readiness, container state and events. */
export const pods: Check<z.infer<typeof params>> = {
  id: 'kubernetes.pods',
  title: 'Look at pods',
  effect: 'read',
  params,
  starts: ['kubectl get'],
  recognise(commands) {
    const command = kubectl(commands, 'get')
    if (
      !command ||
      !resource(command, 'Pod') ||
      command.resources[0]?.name ||
      (command.output && command.output !== 'wide')
    )
      return undefined
    const grep = grepOf(command.filters)
    if (command.filters.length > 0 && !grep) return undefined
    const name = grep && !asksForSick(grep) ? grep.pattern : undefined
    // Names are in lower case; any other word looks at columns that this check does not filter by.
    if (name !== undefined && (grep?.invert || grep?.words.length !== 1 || !/^[a-z0-9.-]+$/.test(name)))
      return undefined
    return {
      ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
      ...(name === undefined ? {} : { nameContains: name }),
      ...(command.selector ? { selector: command.selector } : {}),
      ...(typeof command.flags['field-selector'] === 'string'
        ? { fieldSelector: command.flags['field-selector'] }
        : {}),
    }
  },
  kubectl: (p) =>
    `kubectl get pods ${p.namespace ? `-n ${p.namespace}` : '-A'}${p.selector ? ` -l ${p.selector}` : ''}${p.fieldSelector ? ` --field-selector ${p.fieldSelector}` : ''}${p.nameContains ? ` | grep ${p.nameContains}` : ''}`,
  async run(context, p) {
    const where = p.namespace ? { namespace: p.namespace } : {}
    const listed = await context.cluster.list(RESOURCE.Pod, {
      ...where,
      ...(p.selector ? { labelSelector: p.selector } : {}),
      ...(p.fieldSelector ? { fieldSelector: p.fieldSelector } : {}),
    })
    if (!listed.ok) return couldNotLook(listed.error)
    const chosen = listed.value.filter((pod) => !p.nameContains || pod.metadata.name.includes(p.nameContains))
    const now = context.now().getTime()
    const atFirst = judgePods(chosen, [], now)
    // Warnings say why something is wrong; where nothing is, they need not be read.
    const events =
      atFirst.length > 0
        ? await context.cluster.list(RESOURCE.Event, { ...where, fieldSelector: 'type=Warning' })
        : undefined
    const findings = events?.ok ? judgePods(chosen, events.value, now) : atFirst
    if (events && !events.ok)
      findings.push({
        severity: 'info',
        code: 'pods.events-unread',
        title: `Events could not be read: ${events.error.message}`,
        evidence: [],
        remedies: [],
      })
    const serving = chosen.filter((pod) => pod.status?.phase !== 'Succeeded')
    // Whoever asks for a phase (`status.phase=Failed`) hopes that there are none.
    if (serving.length === 0 && !p.fieldSelector?.includes('status.phase')) {
      const what = p.nameContains ? `pods named *${p.nameContains}*` : 'pods'
      findings.push({
        severity: 'fail',
        code: 'pods.none',
        title: `There are no ${what}${p.namespace ? ` in ${p.namespace}` : ''}`,
        evidence: [],
        remedies: [{ operation: 'kubernetes.scale', params: { namespace: p.namespace } }],
      })
    }
    const ready = serving.filter(isPodReady).length
    // Pods that have just started are given their time, but nobody serves meanwhile.
    if (
      serving.length > 0 &&
      ready === 0 &&
      !findings.some((one) => one.severity === 'warn' || one.severity === 'fail')
    )
      findings.push({
        severity: 'warn',
        code: 'pods.starting',
        title: `0 of ${count(serving.length, 'pod')} ready: they have just started`,
        evidence: [],
        remedies: [],
      })
    return conclude({
      findings,
      healthy: `${ready} of ${serving.length} pods ready`,
      figure: serving.length === 0 ? 'no pods' : `${ready} of ${serving.length} ready`,
      read: count(chosen.length, 'pod'),
      views: chosen.length ? [podTable(chosen, now)] : [],
    })
  },
}
