/** Objects as they are stored: what the API server fills in, and the lines of `describe`. */
import { describe, expect, it } from 'vitest'
import { CONFIG_MAP, DEPLOYMENT, PATHS } from './same-objects'
import { compare, type Json, object, plain, type Sides, said } from './same-side'

export function objectsSuite(sides: Sides): void {
  describe('objects', () => {
    for (const [what, line] of Object.entries({
      Deployment: 'get deploy echo',
      StatefulSet: 'get sts store',
      DaemonSet: 'get ds agent',
      Service: 'get svc echo',
      ConfigMap: 'get cm settings',
      Secret: 'get secret key',
      PodDisruptionBudget: 'get pdb echo',
      Namespace: 'get namespace same-demo',
      ServiceAccount: 'get sa default',
    }))
      it(`${what} as JSON`, () => compare(sides, async (cluster) => object(await cluster.json(line))))

    it('HorizontalPodAutoscaler as JSON, without what its metrics say', () =>
      compare(sides, async (cluster) => {
        const { status, ...rest } = await cluster.json('get hpa echo')
        const conditions = status.conditions.map((one: Json) =>
          Object.keys(one).sort().concat(one.type, one.status),
        )
        return { ...object(rest), conditions, status: Object.keys(status).sort() }
      }))

    it('ReplicaSet as JSON', () =>
      compare(sides, async (cluster) => object((await cluster.json('get rs -l app=echo')).items[0])))

    it('EndpointSlice as JSON', () =>
      compare(sides, async (cluster) => {
        const [slice] = (await cluster.json('get endpointslices')).items
        return object({ ...slice, endpoints: slice.endpoints.slice(0, 1) })
      }))

    it('Pods as JSON: what their template and the API server give them', () =>
      compare(sides, async (cluster) => {
        const { items } = await cluster.json('get pods')
        return items
          .map((pod: Json) => ({ metadata: pod.metadata, spec: pod.spec }))
          .map((pod: Json) => withoutToken(object(pod)))
          .sort((a: Json, b: Json) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      }))

    it('Pods as JSON: the fields of their status', () =>
      compare(sides, async (cluster) => {
        const { status } = (await cluster.json('get pods -l app=echo')).items[0]
        const [container] = status.containerStatuses
        return {
          phase: status.phase,
          qosClass: status.qosClass,
          conditions: status.conditions.map((one: Json) => `${one.type} ${one.status}`).sort(),
          container: {
            ready: container.ready,
            started: container.started,
            restartCount: container.restartCount,
          },
          state: Object.keys(container.state),
        }
      }))

    it('a list has the form of the API server', () =>
      compare(sides, async (cluster) => {
        const { status, body } = await cluster.send('GET', `${PATHS.configMaps}?limit=1`)
        const next = await cluster.send(
          'GET',
          `${PATHS.configMaps}?limit=1&continue=${encodeURIComponent(body.metadata.continue)}`,
        )
        return {
          status,
          kind: body.kind,
          apiVersion: body.apiVersion,
          metadata: Object.keys(body.metadata).sort(),
          left: body.metadata.remainingItemCount,
          item: Object.keys(body.items[0]).sort(),
          names: [...body.items, ...next.body.items].map((one: Json) => one.metadata.name),
        }
      }))

    for (const line of [
      'deploy echo',
      'sts store',
      'ds agent',
      'svc echo',
      'cm settings',
      'secret key',
      'pdb echo',
      'rs -l app=echo',
      'sa default',
    ])
      it(`kubectl describe ${line}`, () =>
        compare(sides, async (cluster) => described(await cluster.must(`describe ${line}`))))

    it('kubectl describe pod: its lines', () =>
      compare(sides, async (cluster) =>
        described(await cluster.must('describe pod -l app=store'))
          .map((line) => line.trimStart())
          // The node agent of the test gives no ids to images and containers.
          .filter((line) => !/^\s*(Container ID|Image ID|Node|Started|Start Time):/.test(line))
          .filter(
            (line) =>
              !/kube-api-access|^Mounts:|^Volumes:|^(Type|TokenExpirationSeconds|ConfigMapName|DownwardAPI|Optional):/.test(
                line,
              ),
          ),
      ))

    it('kubectl create --dry-run=server stores nothing and answers like a creation', () =>
      compare(sides, async (cluster) => {
        const map = { ...CONFIG_MAP, metadata: { ...CONFIG_MAP.metadata, name: 'dry' } }
        const created = await cluster.kubectl('create -f - --dry-run=server -o json', map)
        const text = said(await cluster.kubectl('create -f - --dry-run=server', map))
        return {
          code: created.code,
          made: object(JSON.parse(created.out)),
          text,
          after: said(await cluster.kubectl('get cm dry')),
        }
      }))

    it('server-side dry run of a change answers like the change', () =>
      compare(sides, async (cluster) => {
        const path = `${PATHS.deployments}/echo`
        const before = await cluster.json('get deploy echo')
        const dry = await cluster.patch(`${path}?dryRun=All`, { spec: { replicas: 7 } }, 'strategic-merge')
        const after = await cluster.json('get deploy echo')
        expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion)
        const { status: _status, ...body } = dry.body
        return {
          status: dry.status,
          body: object(body),
          text: said(
            await cluster.kubectl('patch deploy echo --dry-run=server -p \'{"spec":{"replicas":7}}\''),
          ),
        }
      }))

    it('a replaced Deployment gets the same defaults', () =>
      compare(sides, async (cluster) => {
        const { status, body } = await cluster.send('PUT', `${PATHS.deployments}/echo?dryRun=All`, DEPLOYMENT)
        return { status, spec: object(body.spec), metadata: Object.keys(body.metadata).sort() }
      }))
  })
}

/** The token of a service account: a volume with a random name, and its mounts. */
function withoutToken(pod: Json): Json {
  const spec = { ...pod.spec }
  const others = (spec.volumes ?? []).filter((one: Json) => !one.name.startsWith('kube-api-access'))
  if (others.length > 0) spec.volumes = others
  else delete spec.volumes
  spec.containers = spec.containers.map((container: Json) => {
    const { volumeMounts = [], ...rest } = container
    const mounts = volumeMounts.filter((one: Json) => !one.name.startsWith('kube-api-access'))
    return mounts.length > 0 ? { ...rest, volumeMounts: mounts } : rest
  })
  return { ...pod, spec }
}

/** The lines of `describe` before its events, without widths. */
function described(text: string): string[] {
  return (plain(text).split(/^Events:/m)[0] ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/(?<=\S) {2,}/g, '  '))
}
