import 'server-only'
import { z } from 'zod'
import { ok, type Result } from '@/lib/core/result'
import { curlInside, grepOf, only, podArgument } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import { isRunning, resolvePods } from '@/lib/operations/resolve-pods'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { Filter } from '@/lib/runbooks/command'
import type { KubeObject } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { type Answer, judgeEvents, judgeHealth } from '@/lib/verdicts/http'
import { judgeMetrics } from '@/lib/verdicts/metrics'
import { workloadOf } from '@/lib/verdicts/pods'
import { asAnswer, askPods } from './ask-pods'
import { podsBehind, resolveHost } from './resolve-host'

const params = z.object({
  /** Pods to ask on localhost … */
  pods: podSelection.optional(),
  /** … or a host: a Service's name, `name.namespace`, or an Ingress host. */
  host: z.string().optional(),
  port: z.number().int(),
  path: z.string(),
  kind: z.enum(['health', 'metrics', 'events', 'plain']),
  /** Part of the metric names that matter. */
  focus: z.string().optional(),
})
type Params = z.infer<typeof params>

function kindOf(path: string): Params['kind'] {
  if (/\/metrics$/.test(path)) return 'metrics'
  if (/\/events\/health$/.test(path)) return 'events'
  return /\/(health|healthz|ready|readyz|live|livez)(\/\w+)?$/.test(path) ? 'health' : 'plain'
}

function fromUrl(url: URL, filters: readonly Filter[]): Omit<Params, 'pods' | 'host'> | undefined {
  if (url.protocol !== 'http:') return undefined
  const path = `${url.pathname}${url.search}`
  const kind = kindOf(url.pathname)
  const grep = grepOf(filters)
  if (filters.length > 0 && !(grep && kind === 'metrics')) return undefined
  return { port: Number(url.port || 80), path, kind, ...(grep ? { focus: grep.pattern } : {}) }
}

interface Asked {
  answers: Answer[]
  /** Of how many pods, for the remedy. */
  pods: KubeObject[]
}

async function ask(context: ReadContext, p: Params): Promise<Result<Asked>> {
  if (p.pods) {
    const found = await resolvePods(context, p.pods)
    if (!found.ok) return found
    // A container that has not started is the business of the pods' own check; here it could only be refused.
    const pods = found.value.pods.filter(isRunning)
    const { answers, error } = await askPods(
      context,
      pods.map((pod) => ({ pod, port: p.port })),
      p.path,
    )
    return error ? { ok: false, error } : ok({ answers, pods })
  }
  const resolved = await resolveHost(context, p.host ?? '', p.port)
  if (!resolved.ok) return resolved
  const { service, namespace, port } = resolved.value
  const behind = await podsBehind(context, resolved.value)
  if (!behind.ok) return behind
  const running = behind.value.filter((one) => isRunning(one.pod))
  const pods = running.map((one) => one.pod)
  if (p.kind === 'metrics') {
    // Each pod keeps counters of its own: one of them, picked by the Service, would not tell.
    const { answers, error } = await askPods(context, running, p.path)
    return error ? { ok: false, error } : ok({ answers, pods })
  }
  const answer = asAnswer(
    `service ${service.metadata.name}`,
    await context.cluster.serviceGet(
      { namespace, name: service.metadata.name, port: port.name ?? String(port.port) },
      { path: p.path },
    ),
  )
  return 'code' in answer ? { ok: false, error: answer } : ok({ answers: [answer], pods })
}

/** GET on every pod of a workload, or on a Service: health, metrics, the event store's health, or just the answer. */
export const get: Check<Params> = {
  id: 'http.get',
  title: 'Ask an HTTP endpoint',
  effect: 'read',
  params,
  starts: ['kubectl exec', 'curl'],
  recognise(commands, hints) {
    const inside = curlInside(commands, hints)
    if (inside) {
      const local = inside.url.hostname === 'localhost' || inside.url.hostname === '127.0.0.1'
      if (!local || inside.curl.method !== 'GET' || Object.keys(inside.curl.headers).length > 0)
        return undefined
      const rest = fromUrl(inside.url, inside.filters)
      return rest ? { pods: inside.pods, ...rest } : undefined
    }
    const command = only(commands)
    if (command?.program !== 'curl' || command.method !== 'GET' || Object.keys(command.headers).length > 0)
      return undefined
    try {
      const url = new URL(command.url)
      const rest = fromUrl(url, command.filters)
      return rest ? { host: url.hostname, ...rest } : undefined
    } catch {
      return undefined
    }
  },
  kubectl: (p) =>
    `${p.pods ? `kubectl exec ${podArgument(p.pods)} -n ${p.pods.namespace} -- curl http://localhost:${p.port}${p.path}` : `curl http://${p.host}:${p.port}${p.path}`}${p.focus ? ` | grep ${p.focus}` : ''}`,
  async run(context, p) {
    const asked = await ask(context, p)
    if (!asked.ok) return couldNotLook(asked.error)
    const { answers, pods } = asked.value
    const what = `GET ${p.pods ? `:${p.port}` : ''}${p.path}`
    if (answers.length === 0)
      return conclude({
        findings: [
          {
            severity: 'fail',
            code: 'http.no-pods',
            title: `There is no pod to ask for ${p.path}`,
            evidence: [],
            remedies: [],
            explainedBy: [
              'workload.scaled-to-zero',
              'service.selector',
              'pods.none',
              'pods.oom-killed',
              'pods.crash-loop',
              'pods.image',
            ],
          },
        ],
        healthy: '',
      })
    const first = pods[0]
    const remedies = first
      ? [{ operation: 'kubernetes.rollout-restart', params: { workload: workloadOf(first) } }]
      : []
    const judged =
      p.kind === 'metrics'
        ? judgeMetrics(what, answers, p.focus, remedies)
        : p.kind === 'events'
          ? judgeEvents(what, answers, remedies)
          : judgeHealth(what, answers, remedies)
    return conclude({
      ...judged,
      read: answers.length === 1 ? (answers[0]?.from ?? '') : `${answers.length} pods`,
    })
  },
}
