/** Conflicts, patches and watches: status codes, reasons and texts. */
import { describe, expect, it } from 'vitest'
import { CONFIG_MAP, clone, PATHS } from './same-objects'
import {
  type Answer,
  answer,
  type Cluster,
  compare,
  eventually,
  type Json,
  NAMESPACE,
  object,
  type Sides,
  said,
} from './same-side'

export function answersSuite(sides: Sides): void {
  const same = (what: string, look: (cluster: Cluster) => Promise<unknown>) =>
    it(what, () => compare(sides, look))
  const line = (text: string, input?: unknown) =>
    same(`kubectl ${text}`, async (cluster) => said(await cluster.kubectl(text, input)))

  describe('conflicts and patches', () => {
    const path = `${PATHS.configMaps}/patched`
    const make = async (cluster: Cluster): Promise<Json> => {
      const map = clone(CONFIG_MAP, (one) => {
        one.metadata.name = 'patched'
      })
      await cluster.send('DELETE', path)
      const { body } = await cluster.send('POST', PATHS.configMaps, map)
      return body
    }
    const data = async (cluster: Cluster, made: Answer) => ({
      ...answer(made),
      data: made.body.data,
      kept: (await cluster.send('GET', path)).body.data,
    })

    same('a stale PUT', async (cluster) => {
      const old = await make(cluster)
      await cluster.patch(path, { data: { mode: 'newer' } })
      return data(cluster, await cluster.send('PUT', path, old))
    })
    same('a patch that carries a stale version', async (cluster) => {
      const old = await make(cluster)
      await cluster.patch(path, { data: { mode: 'newer' } })
      return data(
        cluster,
        await cluster.patch(path, {
          metadata: { resourceVersion: old.metadata.resourceVersion },
          data: { mode: 'late' },
        }),
      )
    })
    same('a patch that carries another uid', async (cluster) => {
      await make(cluster)
      return data(
        cluster,
        await cluster.patch(path, { metadata: { uid: '00000000-0000-4000-8000-000000000000' } }),
      )
    })
    same('a JSON patch whose test fails', async (cluster) => {
      await make(cluster)
      return data(
        cluster,
        await cluster.patch(path, [{ op: 'test', path: '/data/mode', value: 'wild' }], 'json'),
      )
    })
    same('a JSON patch of what is not there', async (cluster) => {
      await make(cluster)
      return data(cluster, await cluster.patch(path, [{ op: 'remove', path: '/data/absent' }], 'json'))
    })
    same('a JSON patch', async (cluster) => {
      await make(cluster)
      return data(cluster, await cluster.patch(path, [{ op: 'add', path: '/data/more', value: 'x' }], 'json'))
    })
    same('a merge patch that takes a key away', async (cluster) => {
      await make(cluster)
      return data(cluster, await cluster.patch(path, { data: { mode: null, other: 'y' } }))
    })
    same('a strategic merge patch', async (cluster) => {
      await make(cluster)
      return data(cluster, await cluster.patch(path, { data: { more: 'z' } }, 'strategic-merge'))
    })
    same('a value that is no text', async (cluster) => {
      await make(cluster)
      const { status, body } = await cluster.patch(path, { data: { mode: 5 } })
      // The text holds the whole object, with the fields that must differ.
      const why = (text: string) => text.replace(/"\{.*\}"/, '<object>')
      const [cause] = body.details.causes
      const kept = (await cluster.send('GET', path)).body.data
      return {
        status,
        reason: body.reason,
        message: why(body.message),
        cause: { ...cause, message: why(cause.message) },
        kept,
      }
    })
    same('a patch of an unknown kind', async (cluster) => {
      await make(cluster)
      return data(
        cluster,
        await cluster.send('PATCH', path, { data: {} }, { 'content-type': 'application/json' }),
      )
    })
    same('a body that is no JSON', async (cluster) =>
      answer(
        await cluster.send('PATCH', path, '{"data":', { 'content-type': 'application/merge-patch+json' }),
      ),
    )
    same('a patch that changes nothing keeps the version', async (cluster) => {
      const before = await make(cluster)
      const { status, body } = await cluster.patch(path, { data: { mode: 'calm' } })
      return { status, kept: body.metadata.resourceVersion === before.metadata.resourceVersion }
    })
    same('deleting with another uid, then with the right one', async (cluster) => {
      const { metadata } = await make(cluster)
      const wrong = await cluster.send('DELETE', path, {
        preconditions: { uid: '00000000-0000-4000-8000-000000000000' },
      })
      const stale = await cluster.send('DELETE', path, { preconditions: { resourceVersion: '1' } })
      const right = await cluster.send('DELETE', path, { preconditions: { uid: metadata.uid } })
      return {
        wrong: answer(wrong),
        stale: { ...answer(stale), message: String(stale.body.message).replace(/\d+/g, 'N') },
        right: object(right),
      }
    })
    same('a ConfigMap applied three times', async (cluster) => {
      const map = clone(CONFIG_MAP, (one) => {
        one.metadata.name = 'applied'
      })
      const texts = []
      for (const mode of ['calm', 'wild', 'wild'])
        texts.push(said(await cluster.kubectl('apply -f -', { ...map, data: { mode } })))
      const stored = await cluster.json('get cm applied')
      texts.push(said(await cluster.kubectl('delete cm applied')))
      return { texts, stored: object(stored) }
    })
    same('three kinds of patch through kubectl', async (cluster) => {
      await make(cluster)
      const texts = []
      for (const kind of ['merge', 'strategic'])
        for (const mode of ['a', 'a'])
          texts.push(
            said(
              await cluster.kubectl(`patch cm patched --type=${kind} -p '{"data":{"${kind}":"${mode}"}}'`),
            ),
          )
      texts.push(
        said(
          await cluster.kubectl(
            `patch cm patched --type=json -p '[{"op":"test","path":"/data/mode","value":"wild"}]'`,
          ),
        ),
      )
      return texts
    })
  })

  describe('watches and rights', () => {
    same('a watch of a ConfigMap, then one from the version before', async (cluster) => {
      const { body } = await cluster.send('GET', PATHS.configMaps)
      const from = body.metadata.resourceVersion
      const path = `${PATHS.configMaps}?watch=true&fieldSelector=metadata.name%3Dwatched&resourceVersion=${from}`
      const live = cluster.send('GET', path, undefined, {}, 3)
      const map = clone(CONFIG_MAP, (one) => {
        one.metadata.name = 'watched'
      })
      await cluster.send('POST', PATHS.configMaps, map)
      await cluster.patch(`${PATHS.configMaps}/watched`, { data: { mode: 'wild' } })
      await cluster.send('DELETE', `${PATHS.configMaps}/watched`)
      const [seen, again] = await Promise.all([live, cluster.send('GET', path, undefined, {}, 3)])
      const versions = again.body.map((event: Json) => Number(event.object.metadata.resourceVersion))
      expect(versions).toEqual([...versions].sort((a, b) => a - b))
      return [seen, again].map((one) => ({ status: one.status, events: object(one.body) }))
    })
    same('a watch without a version begins with what is there', async (cluster) => {
      const { status, body } = await cluster.send(
        'GET',
        `${PATHS.configMaps}?watch=true&fieldSelector=metadata.name%3Dsettings`,
        undefined,
        {},
        1,
      )
      return { status, events: object(body) }
    })
    same('the question whether one may', async (cluster) => {
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace: NAMESPACE, verb: 'delete', resource: 'pods' } },
      }
      const { status, body } = await cluster.send(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        review,
      )
      const { reason: _reason, ...decision } = body.status
      return { status, body: object({ ...body, status: decision }) }
    })
    line('auth can-i delete pods')
    same('generation and observed generation', async (cluster) => {
      const path = `${PATHS.deployments}/echo`
      const first = (await cluster.send('GET', path)).body
      const labelled = (
        await cluster.patch(path, { metadata: { annotations: { note: String(first.metadata.generation) } } })
      ).body
      const changed = (
        await cluster.patch(path, { spec: { minReadySeconds: (first.spec.minReadySeconds ?? 0) + 1 } })
      ).body
      await eventually(
        'the controller has looked',
        async () =>
          (await cluster.send('GET', path)).body.status.observedGeneration === changed.metadata.generation,
      )
      await cluster.patch(path, {
        metadata: { annotations: { note: null } },
        spec: { minReadySeconds: null },
      })
      return [labelled, changed].map((one) => one.metadata.generation - first.metadata.generation)
    })
  })
}
