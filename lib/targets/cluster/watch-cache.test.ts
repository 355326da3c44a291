import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startSandbox } from '../../../sandbox/server'
import { createSmallWorld } from '../../../sandbox/small-world'
import type { ClusterHandle, RunningSandbox } from '../../../sandbox/types'
import { RESOURCE } from '../resource-types'
import type { ListOptions } from '../types'
import { type Cluster, connectCluster } from './connect'
import { type Between, standBetween } from './testing'

let sandbox: RunningSandbox
let world: ClusterHandle
let between: Between
let cluster: Cluster

beforeEach(async () => {
  const small = createSmallWorld()
  const begin = small.start.bind(small)
  small.start = (handle) => {
    world = handle
    return begin(handle)
  }
  sandbox = await startSandbox({ world: small })
  between = await standBetween(sandbox.url)
  const connected = connectCluster({
    kubeconfig: sandbox.kubeconfig.replace(sandbox.url, between.url),
    practice: true,
    watchPods: true,
  })
  if (!connected.ok) throw new Error(connected.error.message)
  cluster = connected.value
})
afterEach(async () => {
  cluster.stop()
  await between.stop()
  await sandbox.stop()
})

/** Pods as checks see them: `namespace/name` with a label that tests change. */
async function seen(options: ListOptions = {}): Promise<string[]> {
  const listed = await cluster.watched?.list(RESOURCE.Pod, options)
  if (!listed?.ok) throw new Error(listed?.error.message ?? 'nothing is watched')
  return listed.value.map((pod) => line(pod.metadata))
}

function line(of: { namespace?: string; name: string; labels?: Record<string, string> }): string {
  return `${of.namespace}/${of.name} ${of.labels?.mark ?? ''}`.trim()
}

/** Pods as they are. */
function real(): string[] {
  return world
    .list('Pod')
    .map((pod) => line(pod.metadata as { name: string }))
    .sort()
}

function addPod(name: string, mark = 'new'): void {
  world.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'demo', labels: { mark }, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { containers: [{ name: 'one', image: 'demo/echo:1' }] },
    status: { phase: 'Succeeded', podIP: '10.9.9.9', containerStatuses: [] },
  })
}

function markPod(name: string, mark: string): void {
  world.update('Pod', 'demo', name, (pod) => {
    pod.metadata.labels = { ...pod.metadata.labels, mark }
  })
}

async function until(holds: () => boolean | Promise<boolean>, limitMs = 8_000): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('Did not happen in time.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Until a question is answered without a list. */
async function untilServed(): Promise<void> {
  await until(async () => {
    const { lists } = between
    await seen()
    return between.lists === lists
  })
}

describe('pods from the watch', () => {
  it('lists once, then follows what is added, changed and removed', async () => {
    expect(await seen()).toEqual(real())
    expect(between).toMatchObject({ lists: 1, watches: 1 })
    addPod('extra')
    await until(async () => (await seen()).includes('demo/extra new'))
    markPod('extra', 'changed')
    await until(async () => (await seen()).includes('demo/extra changed'))
    world.remove('Pod', 'demo', 'extra')
    await until(async () => !(await seen()).some((pod) => pod.includes('extra')))
    expect(await seen()).toEqual(real())
    expect(between).toMatchObject({ lists: 1, watches: 1 })
  })

  it('selects by namespace and labels in memory, and leaves other selectors to the cluster', async () => {
    await seen()
    const requests = cluster.requests()
    expect(await seen({ namespace: 'demo', labelSelector: 'app=echo' })).toHaveLength(3)
    expect(await seen({ fieldSelector: 'metadata.namespace!=demo' })).toHaveLength(1)
    expect(between.lists).toBe(1)
    // Each is vouched for by one small request.
    expect(cluster.requests() - requests).toBe(2)
    expect(await seen({ labelSelector: 'app in (echo)' })).toHaveLength(3)
    expect(between.lists).toBe(2)
  })

  it('counts a watch as a request, and carries no managedFields', async () => {
    const listed = await cluster.watched?.list(RESOURCE.Pod, {})
    expect(listed?.ok && listed.value[0]?.metadata.managedFields).toBeUndefined()
    // A list, a watch, and the count that vouches for both.
    expect(cluster.requests()).toBe(3)
  })

  it('asks for nothing in the background unless it was told to watch', async () => {
    const plain = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
    expect(plain.ok && plain.value.watched).toBeUndefined()
  })

  it('ends the watch when it is stopped', async () => {
    await seen()
    expect(between.openWatches.size).toBe(1)
    cluster.stop()
    await until(() => between.openWatches.size === 0)
    const { watches } = between
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(between.watches).toBe(watches)
  })
})

describe('never what was', () => {
  it('asks the cluster while the watch is broken, and goes on from where it was afterwards', async () => {
    await seen()
    between.onWatch = 'refuse'
    between.cut()
    addPod('meanwhile')
    for (let i = 0; i < 5; i++) expect(await seen()).toEqual(real())
    expect(between.lists).toBeGreaterThan(1)
    markPod('meanwhile', 'later')
    between.onWatch = 'pass'
    const { lists } = between
    await untilServed()
    expect(await seen()).toEqual(real())
    expect(await seen()).toContain('demo/meanwhile later')
    expect(lists).toBeGreaterThan(1)
  })

  it('lists again when the server no longer knows its version, and misses nothing', async () => {
    addPod('doomed')
    addPod('changing', 'before')
    await seen()
    between.onWatch = 'refuse'
    between.cut()
    world.remove('Pod', 'demo', 'doomed')
    addPod('meanwhile')
    world.compact()
    markPod('changing', 'after')
    between.onWatch = 'pass'
    await untilServed()
    expect(await seen()).toEqual(real())
    expect(await seen()).toContain('demo/meanwhile new')
    expect(await seen()).toContain('demo/changing after')
    expect((await seen()).join()).not.toContain('doomed')
  })

  it('does not lose what happens while it lists', async () => {
    addPod('doomed')
    addPod('changing', 'before')
    between.afterList = () => {
      delete between.afterList
      addPod('meanwhile')
      markPod('changing', 'after')
      world.remove('Pod', 'demo', 'doomed')
    }
    const first = await seen()
    expect(first).toEqual(real())
    expect(first).toContain('demo/changing after')
    expect(first.join()).not.toContain('doomed')
    expect(between.lists).toBe(1)
  })

  it('does not lose what happens between two pages of its list', async () => {
    for (let i = 100; i < 620; i++) addPod(`bulk-${i}`, 'before')
    between.afterList = () => {
      delete between.afterList
      // Behind the reader, before it, and where it is not yet.
      world.remove('Pod', 'demo', 'bulk-101')
      addPod('bulk-102-late')
      markPod('bulk-103', 'after')
      world.remove('Pod', 'demo', 'bulk-618')
      markPod('bulk-619', 'after')
    }
    const first = await seen()
    expect(between.lists).toBe(2)
    expect(first).toEqual(real())
    expect(first).toEqual(expect.arrayContaining(['demo/bulk-103 after', 'demo/bulk-619 after']))
  })

  it('does not lose what happens while it lists again', async () => {
    addPod('changing', 'before')
    await seen()
    between.onWatch = 'refuse'
    between.cut()
    addPod('before-compaction')
    world.compact()
    addPod('after-compaction')
    await new Promise((resolve) => setTimeout(resolve, 50))
    between.afterList = () => {
      delete between.afterList
      addPod('meanwhile')
      markPod('changing', 'after')
    }
    between.onWatch = 'pass'
    await until(() => between.openWatches.size === 1)
    await untilServed()
    expect(await seen()).toEqual(real())
    expect(await seen()).toContain('demo/changing after')
  })

  it('asks the cluster when a watch stands and says nothing', async () => {
    await seen()
    // As when something in between holds the connection open and lets nothing through.
    between.onWatch = 'swallow'
    addPod('unseen')
    expect(await seen()).toEqual(real())
    expect(between.lists).toBe(2)
  })

  it('answers with the error when the cluster cannot be reached, not with old pods', async () => {
    await seen()
    between.away = true
    const listed = await cluster.watched?.list(RESOURCE.Pod, {})
    expect(listed).toMatchObject({ ok: false })
  })

  it('asks the cluster where watching is not allowed, and does not insist', async () => {
    between.onWatch = 'forbid'
    expect(await seen()).toEqual(real())
    addPod('extra')
    expect(await seen()).toEqual(real())
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    addPod('another')
    expect(await seen()).toEqual(real())
    expect(between.watches).toBe(1)
  })

  it('sees what Crashcart itself has written, even where the watch is late', async () => {
    const pods = (await seen({ labelSelector: 'app=echo' })).map((pod) => pod.split('/')[1] ?? '')
    expect(pods).toHaveLength(3)
    between.onWatch = 'swallow'
    for (const pod of pods) {
      const patched = await cluster.writer.patch(RESOURCE.Pod, pod, 'demo', 'merge', {
        metadata: { labels: { mark: 'written' } },
      })
      expect(patched.ok).toBe(true)
      expect(await seen()).toContain(`demo/${pod} written`)
    }
    // Then it lists once for all of these writes, and serves that.
    await untilServed()
    expect(await seen()).toEqual(real())
  })

  it('is not put off by dry runs and writes to other kinds', async () => {
    await seen()
    const { lists } = between
    await cluster.dryRun.dryPatch(RESOURCE.Pod, (await seen())[0]?.split(/[/ ]/)[1] ?? '', 'demo', 'merge', {
      metadata: { labels: { mark: 'tried' } },
    })
    const patched = await cluster.writer.patch(RESOURCE.ConfigMap, 'settings', 'demo', 'merge', {
      data: { mode: 'busy' },
    })
    expect(patched.ok).toBe(true)
    expect(await seen()).toEqual(real())
    expect(between.lists).toBe(lists)
  })

  it('lists again when the cluster was put back to an earlier state with as many pods', async () => {
    for (let i = 0; i < 50; i++) markPod((await seen())[0]?.split(/[/ ]/)[1] ?? '', `m${i}`)
    const restored = await startSandbox({ world: createSmallWorld() })
    try {
      between.target = restored.url
      const { watches } = between
      between.cut()
      await until(() => between.watches > watches)
      await new Promise((resolve) => setTimeout(resolve, 400))
      const direct = await cluster.reader.list(RESOURCE.Pod)
      expect(await seen()).toEqual(direct.ok && direct.value.map((pod) => line(pod.metadata)))
    } finally {
      await restored.stop()
    }
  })
})
