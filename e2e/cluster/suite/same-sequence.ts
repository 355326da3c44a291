/** What a watch sees of a rollout, in order: the states of each pod, and what never happens in between. */
import { PATHS } from './same-objects'
import { type Cluster, eventually, type Json } from './same-side'

type Event = { type: string; object: Json }

const STATES: [name: string, is: (event: Event) => boolean][] = [
  ['added', () => true],
  ['scheduled', ({ object }) => object.spec.nodeName !== undefined],
  ['running', ({ object }) => object.status.phase === 'Running'],
  ['ready', ({ object }) => isReady(object)],
  ['deleting', ({ object }) => object.metadata.deletionTimestamp !== undefined],
  ['deleted', ({ type }) => type === 'DELETED'],
]

function isReady(pod: Json): boolean {
  return pod.status.conditions?.some((one: Json) => one.type === 'Ready' && one.status === 'True') === true
}

/** Restarts the Deployment `echo` and tells what a watch of its pods and one of its ReplicaSets saw. */
export async function sequenceOfRestart(cluster: Cluster): Promise<unknown> {
  const pods = `${PATHS.pods}?labelSelector=app%3Decho`
  const before = await cluster.send('GET', pods)
  const old = new Set<string>(before.body.items.map((one: Json) => one.metadata.name))
  const from = `&watch=true&resourceVersion=${before.body.metadata.resourceVersion}`
  const podWatch = cluster.watch(`${pods}${from}`)
  const setWatch = cluster.watch(`${PATHS.replicasets}?labelSelector=app%3Decho${from}`)
  await cluster.must('rollout restart deploy/echo')
  await cluster.must('rollout status deploy/echo --timeout=60s')
  await eventually('the pods of before are gone', async () =>
    (await cluster.send('GET', pods)).body.items.every((one: Json) => !old.has(one.metadata.name)),
  )
  // A watch tells a moment later than a list.
  await eventually('the watch has told of them', async () =>
    [...old].every((name) =>
      podWatch.seen().some(({ type, object }) => type === 'DELETED' && object.metadata.name === name),
    ),
  )
  const [podEvents, setEvents] = await Promise.all([podWatch.stop(), setWatch.stop()])
  if (setEvents.length === 0) throw new Error('The watch of ReplicaSets saw nothing.')
  const names = [...new Set(podEvents.map(({ object }) => object.metadata.name as string))]
  const statesOf = (name: string) => {
    const own = podEvents.filter(({ object }) => object.metadata.name === name)
    const firsts = STATES.map(([state, is]) => ({ state, at: own.findIndex(is) })).filter(({ at }) => at >= 0)
    // Several states may come with one event; the order between events is what counts.
    return firsts.sort((a, b) => a.at - b.at).map(({ state }) => state)
  }
  const orders = (which: string[]) => [...new Set(which.map((name) => statesOf(name).join(' → ')))].sort()
  const fresh = names.filter((name) => !old.has(name))
  return {
    newPods: { count: fresh.length, states: orders(fresh) },
    oldPods: {
      count: names.length - fresh.length,
      states: orders(names.filter((name) => old.has(name))).map((states) => states.split(' → ').slice(-2)),
    },
    newSetFirst: setEvents[0]?.type,
    setSizes: sizesOf(setEvents),
    leastReady: leastReady(before.body.items, podEvents),
  }
}

/** Sizes that each ReplicaSet was told, in order; the new one grows, then the old one shrinks. */
function sizesOf(events: readonly Event[]): number[][] {
  const sizes = new Map<string, number[]>()
  for (const { object } of events) {
    const own = sizes.get(object.metadata.name) ?? []
    if (own.at(-1) !== object.spec.replicas) own.push(object.spec.replicas)
    sizes.set(object.metadata.name, own)
  }
  return [...sizes.values()].filter((own) => own.length > 1)
}

/** The fewest pods that were ready and not on their way out at any moment. */
function leastReady(before: readonly Json[], events: readonly Event[]): number {
  const serving = new Map<string, boolean>(before.map((one) => [one.metadata.name, isReady(one)]))
  let least = Number.POSITIVE_INFINITY
  for (const { type, object } of events) {
    serving.set(
      object.metadata.name,
      type !== 'DELETED' && isReady(object) && object.metadata.deletionTimestamp === undefined,
    )
    least = Math.min(least, [...serving.values()].filter(Boolean).length)
  }
  return least
}
