import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { curlInside, podArgument } from '@/lib/operations/commands'
import { asJson } from '@/lib/operations/pod-fix'
import { podSelection } from '@/lib/operations/pod-selection'
import { resolvePods } from '@/lib/operations/resolve-pods'
import type { Fix, Risk } from '@/lib/operations/types'

const params = podSelection.extend({ port: z.number().int(), path: z.string().regex(/^\/[\w./-]*$/) })
type Params = z.infer<typeof params>

interface Payload {
  namespace: string
  pods: { name: string; uid: string }[]
  port: number
  path: string
}

interface Done {
  answers: { pod: string; status: number; said: string }[]
}

const REFRESH = /\/refresh$/
const REBUILD = /\/rebuild$/
/** What a reset of process state is called. Any other POST could do anything, so it stays a step for a person. */
const RESET = /\/reset$/

/** POST to a path of an application. `every` sends it to each pod, because the state lives in each process. */
function postFix(options: {
  id: string
  title: string
  risk: Risk
  every: boolean
  takes(path: string): boolean
  warning: string
}): Fix<Params> {
  return {
    id: options.id,
    title: options.title,
    effect: 'write',
    needs: 'fix:run',
    risk: options.risk,
    params,
    starts: ['kubectl exec'],
    recognise(commands, hints) {
      const inside = curlInside(commands, hints)
      if (
        inside?.curl.method !== 'POST' ||
        inside.curl.body ||
        inside.url.protocol !== 'http:' ||
        Object.keys(inside.curl.headers).length > 0 ||
        inside.filters.length > 0 ||
        inside.url.search
      )
        return undefined
      if (!['localhost', '127.0.0.1'].includes(inside.url.hostname) || !options.takes(inside.url.pathname))
        return undefined
      return { ...inside.pods, port: Number(inside.url.port || 80), path: inside.url.pathname }
    },
    kubectl: (p) =>
      `${options.every ? '# on every pod\n' : ''}kubectl exec ${podArgument(p)} -n ${p.namespace} -- curl -X POST http://localhost:${p.port}${p.path}`,
    async plan(context, { port, path, ...selection }) {
      const found = await resolvePods(context, selection)
      if (!found.ok) return found
      const pods = (options.every ? found.value.pods : found.value.pods.slice(0, 1)).map((pod) => ({
        name: pod.metadata.name,
        uid: pod.metadata.uid ?? '',
      }))
      const [first] = pods
      if (!first)
        return fail(
          'precondition_failed',
          `There is no pod of ${selection.workload ?? selection.pod ?? selection.namespace} to send it to.`,
        )
      const name = (selection.workload ?? selection.pod ?? first.name).split('/').at(-1) ?? first.name
      return ok({
        act: `POST ${path} on ${options.every ? `${pods.length} pods of ${name}` : name}`,
        target: { kind: 'HTTP', namespace: selection.namespace, name: `${name}${path}` },
        changes: [
          {
            type: 'list',
            title: `POST http://localhost:${port}${path} on`,
            items: pods.map((pod) => pod.name),
          },
        ],
        touches: pods.map((pod) => pod.name),
        warnings: [{ level: 'info', text: options.warning }],
        undo: { possible: false, text: 'A request that was answered cannot be taken back.' },
        confirmName: name,
        bindings: pods.map((pod) => ({
          object: `Pod/${selection.namespace}/${pod.name}`,
          uid: pod.uid,
          fields: '',
        })),
        payload: asJson({ namespace: selection.namespace, pods, port, path } satisfies Payload),
      })
    },
    async apply(context, plan) {
      const p = plan.payload as unknown as Payload
      const at = context.now().toISOString()
      const answers = await Promise.all(
        p.pods.map(async (pod) => ({
          pod: pod.name,
          answer: await context.cluster.podPost(
            { namespace: p.namespace, name: pod.name, port: p.port },
            { path: p.path, timeoutMs: 10_000 },
          ),
        })),
      )
      const failed = answers.flatMap(({ pod, answer }) =>
        answer.ok && answer.value.status < 400
          ? []
          : [`${pod}: ${answer.ok ? `HTTP ${answer.value.status}` : answer.error.message}`],
      )
      if (failed.length > 0) {
        const first = answers.find((one) => !one.answer.ok)?.answer
        return fail(
          first && !first.ok ? first.error.code : 'target_unavailable',
          `${failed.length} of ${answers.length} pods refused: ${failed.slice(0, 3).join('; ')}`,
          { retryable: false },
        )
      }
      const done: Done = {
        answers: answers.map(({ pod, answer }) => ({
          pod,
          status: answer.ok ? answer.value.status : 0,
          said: answer.ok ? answer.value.body.slice(0, 200) : '',
        })),
      }
      return ok({
        summary: `${answers.length === 1 ? `${answers[0]?.pod} answered` : `All ${answers.length} pods answered`} ${done.answers[0]?.status}`,
        at,
        payload: asJson(done),
      })
    },
    async *verify(context, plan) {
      const p = plan.payload as unknown as Payload
      if (!REBUILD.test(p.path)) {
        yield {
          state: 'done',
          message: `${p.pods.length === 1 ? 'The pod' : `All ${p.pods.length} pods`} took it`,
        }
        return
      }
      const pod = p.pods[0]
      const end = Date.now() + 120_000
      while (pod && Date.now() < end && !context.signal.aborted) {
        const answer = await context.cluster.podGet(
          { namespace: p.namespace, name: pod.name, port: p.port },
          { path: p.path },
        )
        const state = answer.ok ? rebuildOf(answer.value.body) : undefined
        if (!answer.ok) {
          yield { state: 'unknown', message: `The rebuild cannot be watched: ${answer.error.message}` }
          return
        }
        if (!state) {
          yield {
            state: 'done',
            message: 'The rebuild was started; this application does not tell how far it is',
          }
          return
        }
        if (state.state === 'done') {
          yield {
            state: 'done',
            message: `Rebuilt ${state.total} entries`,
            done: state.total,
            total: state.total,
          }
          return
        }
        if (state.state === 'failed') {
          yield { state: 'failed', message: `The rebuild failed at ${state.done} of ${state.total}` }
          return
        }
        yield {
          state: 'running',
          message: `${state.done} of ${state.total} rebuilt`,
          done: state.done,
          total: state.total,
        }
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
      yield { state: 'unknown', message: 'The rebuild had not finished after 2 min' }
    },
  }
}

function rebuildOf(body: string): { state: string; done: number; total: number } | undefined {
  try {
    const value = JSON.parse(body) as { state?: unknown; done?: unknown; total?: unknown }
    return typeof value.state === 'string' &&
      typeof value.done === 'number' &&
      typeof value.total === 'number'
      ? { state: value.state, done: value.done, total: value.total }
      : undefined
  } catch {
    return undefined
  }
}

/** Breaker resets and the like: on every pod, since each process has a state of its own. */
export const post = postFix({
  id: 'http.post',
  title: 'Send a POST to every pod',
  risk: 'medium',
  every: true,
  takes: (path) => RESET.test(path),
  warning: 'State lives in each process, so every pod is asked.',
})
/** A refresh of a shared cache: one pod does it for all. */
export const refresh = postFix({
  id: 'http.refresh',
  title: 'Refresh a cache',
  risk: 'low',
  every: false,
  takes: (path) => REFRESH.test(path),
  warning: 'The cache is shared: one pod refreshes it for all. Entries are read anew from the database.',
})
/** A rebuild of something derived, with progress. */
export const rebuild = postFix({
  id: 'http.rebuild',
  title: 'Rebuild derived data',
  risk: 'medium',
  every: false,
  takes: (path) => REBUILD.test(path),
  warning: 'While it runs, reads may be older than usual and the database is busier.',
})
