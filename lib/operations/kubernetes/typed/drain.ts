import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import { bind } from '@/lib/operations/kubernetes/fixes/bind'
import { pause } from '@/lib/operations/kubernetes/fixes/rollout'
import { isFinished } from '@/lib/operations/resolve-pods'
import { type Fix, type ReadContext, RUN_ANNOTATION } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { commandOf, type Line, line, lineOf, typedLine } from './line'

const LIMIT_MS = 8 * 60_000
const STEP_MS = 2_000

interface Payload {
  node: string
  pods: { namespace: string; name: string; uid: string }[]
}

/** Pods that a drain moves away, and why the others stay or stand in the way (kubectl drain's own rules). */
function sorted(
  pods: KubeObject[],
  flags: Record<string, unknown>,
): { goes: KubeObject[]; refused: string[] } {
  const goes: KubeObject[] = []
  const refused: string[] = []
  for (const pod of pods) {
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] || isFinished(pod)) continue
    const owner = (pod.metadata.ownerReferences ?? []).find((one) => one.controller)
    if (owner?.kind === 'DaemonSet') {
      if (flags['ignore-daemonsets'] !== true) refused.push(`${name} belongs to a DaemonSet`)
      continue
    }
    if (!owner && flags.force !== true) refused.push(`${name} has no controller that would make it anew`)
    const local = (pod.spec?.volumes ?? []).some((volume: { emptyDir?: unknown }) => volume.emptyDir)
    if (local && flags['delete-emptydir-data'] !== true && flags['delete-local-data'] !== true)
      refused.push(`${name} keeps data on the node (emptyDir)`)
    goes.push(pod)
  }
  return { goes, refused }
}

async function podsOn(context: Pick<ReadContext, 'cluster'>, node: string): Promise<Result<KubeObject[]>> {
  return context.cluster.list(RESOURCE.Pod, { fieldSelector: `spec.nodeName=${node}` })
}

/** `kubectl drain`: closes a node to new pods and evicts those on it, as far as disruption budgets let it. */
export const drain: Fix<Line> = {
  id: 'kubernetes.drain',
  title: 'Drain a node',
  effect: 'write',
  severalWrites: true,
  needs: 'fix:run',
  risk: 'high',
  params: line,
  starts: ['kubectl drain'],
  recognise(commands) {
    const [command] = commands
    if (command?.program !== 'kubectl' || command.resources.length !== 1) return undefined
    const odd = ['disable-eviction', 'pod-selector'].some((flag) => command.flags[flag] !== undefined)
    return odd ? undefined : lineOf(commands, new Set(['drain']))
  },
  kubectl: typedLine,
  async plan(context, given) {
    const command = commandOf(given)
    if (!command.ok) return command
    const name = command.value.resources[0]?.name ?? ''
    const [node, pods] = await Promise.all([context.cluster.get(RESOURCE.Node, name), podsOn(context, name)])
    if (!node.ok) return node
    if (!pods.ok) return pods
    const { goes, refused } = sorted(pods.value, command.value.flags)
    if (refused.length > 0)
      return fail(
        'precondition_failed',
        `kubectl would not drain ${name}: ${refused.slice(0, 3).join('; ')}.`,
      )
    const others = await context.cluster.list(RESOURCE.Node)
    const open = others.ok
      ? others.value.filter((one) => one.metadata.name !== name && !one.spec?.unschedulable).length
      : undefined
    const touches = goes.map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`)
    const payload: Payload = {
      node: name,
      pods: goes.map(({ metadata }) => ({
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        uid: metadata.uid ?? '',
      })),
    }
    return ok({
      act: `Drain ${name}`,
      target: { kind: 'Node', name },
      changes: [
        {
          type: 'diff',
          title: `Node ${name}`,
          before: `unschedulable: ${node.value.spec?.unschedulable === true}\n`,
          after: 'unschedulable: true\n',
        },
        {
          type: 'list',
          title: 'Pods that are evicted',
          items: touches.slice(0, 40),
          more: Math.max(0, touches.length - 40),
        },
      ],
      touches,
      warnings:
        open === 0
          ? [{ level: 'danger', text: 'No other node takes pods: what is evicted starts nowhere.' }]
          : [],
      undo: {
        possible: false,
        text: `kubectl uncordon ${name} opens it again; evicted pods stay where they are then.`,
      },
      confirmName: name,
      bindings: [
        bind({ ...node.value, kind: 'Node' }, { unschedulable: node.value.spec?.unschedulable === true }),
      ],
      payload: JSON.parse(JSON.stringify(payload)),
    })
  },
  async apply(context, plan) {
    const { node, pods } = plan.payload as unknown as Payload
    const at = context.now().toISOString()
    const closed = await context.cluster.patch(RESOURCE.Node, node, undefined, 'merge', {
      metadata: { annotations: { [RUN_ANNOTATION]: context.runId } },
      spec: { unschedulable: true },
    })
    if (!closed.ok) return closed
    const held: string[] = []
    for (const pod of pods) {
      const evicted = await context.cluster.evict(pod)
      // kubectl would ask again and again; here a person decides whether to wait for the budget.
      if (!evicted.ok && evicted.error.code !== 'not_found')
        held.push(`${pod.name}: ${evicted.error.message}`)
    }
    return held.length === 0
      ? ok({ summary: `${node} closed, ${pods.length} evictions sent`, at, payload: {} })
      : fail(
          'precondition_failed',
          `${node} is closed, and ${held.length} of ${pods.length} pods stay: ${held[0]}`,
          {
            hint: 'A disruption budget lets no more go now. Drain again when the evicted ones run elsewhere.',
            retryable: false,
          },
        )
  },
  async *verify(context, plan) {
    const { node, pods } = plan.payload as unknown as Payload
    const end = Date.now() + LIMIT_MS
    const wanted = new Set(pods.map((pod) => pod.uid))
    while (!context.signal.aborted) {
      const now = await podsOn(context, node)
      const left = now.ok ? now.value.filter((pod) => wanted.has(pod.metadata.uid ?? '')).length : undefined
      if (left === 0) {
        yield { state: 'done', message: `${pods.length} of ${pods.length} pods are gone from ${node}` }
        return
      }
      if (Date.now() > end) {
        yield { state: 'failed', message: `${left ?? 'Some'} pods are still on ${node}` }
        return
      }
      yield {
        state: 'running',
        message: `${pods.length - (left ?? pods.length)} of ${pods.length} pods are gone`,
      }
      await pause(STEP_MS, context.signal)
    }
    yield { state: 'unknown', message: 'It was sent; nobody watched it to its end.' }
  },
}
