import { isPlaceholder, type KubectlCommand } from '../command'
import { type NamedType, typeOf } from '../kubectl-resources'
import { flag, isOn, objectsOf, placeOf, typeOfArgument } from './place'
import { labelsOf } from './reads'
import { type ApiRequest, get, pathOf, queryOf, type Requests, STAND_IN } from './request'

const PODS = typeOf('pods') as NamedType

/** How kubectl finds the pod of `pod/x`, `deployment/x`, `-l a=b`: the requests, and the pod. */
function podOf(command: KubectlCommand): { found: ApiRequest[]; pod: string } | { manual: string } {
  const [object, ...more] = objectsOf(command)
  const namespace = placeOf(command)
  if (!object) return { manual: `kubectl ${command.verb} names no pod.` }
  if (more.length > 0) return { manual: `kubectl ${command.verb} takes one pod.` }
  const type = typeOfArgument(object)
  const own = get(pathOf(type, namespace, object.name))
  if (object.kind === 'Pod') return { found: [own], pod: object.name ?? '' }
  return {
    found: [own, get(pathOf(PODS, namespace), { labelSelector: labelsOf() })],
    pod: STAND_IN.name,
  }
}

/** Whole seconds of a Go duration, rounded up: `1h30m` → 5400. undefined when it is none (pkg.go.dev/time#ParseDuration). */
export function secondsOf(text: string): number | undefined {
  // Longer than any that somebody writes, and what looks for its numbers takes the square of its length.
  if (text.length > 100) return undefined
  const units: Record<string, number> = {
    h: 3600,
    m: 60,
    s: 1,
    ms: 0.001,
    us: 0.000_001,
    µs: 0.000_001,
    ns: 0.000_000_001,
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ms|us|µs|ns|h|m|s)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) return undefined
  return Math.ceil(parts.reduce((sum, [, value, unit]) => sum + Number(value) * (units[unit ?? ''] ?? 0), 0))
}

/** `kubectl logs`: the object, its pods, and the log of each container that is asked for. */
export function logsRequests(command: KubectlCommand): Requests {
  const namespace = placeOf(command)
  if (command.allNamespaces) return { manual: 'kubectl logs reads one namespace.' }
  const since = flag(command, 'since')
  const sinceSeconds = since === undefined || since === '0' ? undefined : secondsOf(since)
  if (since !== undefined && since !== '0' && sinceSeconds === undefined)
    return { manual: `--since wants a duration such as 1h30m, not ${since}.` }
  const [object] = objectsOf(command)
  const bySelector = command.selector !== undefined
  if (bySelector && object) return { manual: 'kubectl logs takes a name or a selector, not both.' }
  const tail = flag(command, 'tail') ?? (bySelector ? '10' : '-1')
  if (!/^-?\d+$/.test(tail) && !isPlaceholder(tail)) return { manual: `--tail wants a number, not ${tail}.` }
  const found = bySelector
    ? { found: [get(pathOf(PODS, namespace), { labelSelector: command.selector })], pod: STAND_IN.name }
    : podOf(command)
  if ('manual' in found) return found
  const log = get(pathOf(PODS, namespace, found.pod, 'log'), {
    container: command.container ?? STAND_IN.container,
    follow: isOn(command, 'follow') ? 'true' : undefined,
    previous: isOn(command, 'previous') ? 'true' : undefined,
    timestamps: isOn(command, 'timestamps') ? 'true' : undefined,
    tailLines: Number(tail) < 0 ? undefined : tail,
    limitBytes: flag(command, 'limit-bytes'),
    sinceTime: flag(command, 'since-time'),
    sinceSeconds: sinceSeconds?.toString(),
  })
  return { requests: [...found.found, log] }
}

/** `kubectl exec`: the pod, then the upgrade request with one `command` for each word. */
export function execRequests(command: KubectlCommand): Requests {
  const found = podOf(command)
  if ('manual' in found) return found
  const { inner } = command
  if (!inner) return { manual: 'kubectl exec names no command to run.' }
  const upgrade: ApiRequest = {
    method: 'POST',
    path: pathOf(PODS, placeOf(command), found.pod, 'exec'),
    ...queryOf({
      command: inner.argv,
      container: command.container ?? STAND_IN.container,
      stderr: 'true',
      stdin: isOn(command, 'stdin') ? 'true' : undefined,
      stdout: 'true',
    }),
  }
  return { requests: [...found.found, upgrade] }
}
