/** Tables: columns, cells, what is said when there is nothing, and the Table answer behind them. */
import { describe, it } from 'vitest'
import { type Cluster, compare, NAMESPACE, plain, type Sides, said, table } from './same-side'

const KINDS = [
  ...['pods', 'deploy', 'rs', 'sts', 'ds', 'svc', 'endpoints', 'cm', 'secret', 'hpa', 'pdb', 'sa'],
  'controllerrevisions',
]

/** Resource path of each kind whose Table answer is compared. */
const TABLES = [
  ...['pods', 'services', 'endpoints', 'configmaps', 'secrets', 'events', 'serviceaccounts'].map((one) => [
    'api/v1',
    one,
  ]),
  ...['persistentvolumeclaims', 'resourcequotas', 'limitranges'].map((one) => ['api/v1', one]),
  ...['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions'].map((one) => [
    'apis/apps/v1',
    one,
  ]),
  ['apis/batch/v1', 'jobs'],
  ['apis/autoscaling/v2', 'horizontalpodautoscalers'],
  ['apis/policy/v1', 'poddisruptionbudgets'],
  ['apis/networking.k8s.io/v1', 'ingresses'],
  ['apis/discovery.k8s.io/v1', 'endpointslices'],
] as const

const AS_TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }

export function tablesSuite(sides: Sides): void {
  const same = (line: string) =>
    it(`kubectl ${line}`, () => compare(sides, async (cluster) => said(await cluster.kubectl(line))))

  describe('tables', () => {
    for (const kind of KINDS) {
      same(`get ${kind}`)
      same(`get ${kind} -o wide`)
    }
    same('get deploy -A -l suite=same')
    same('get pods -A -l app=echo -o wide')
    same('get pods -l app=echo --show-labels')
    same('get pods -l app=none')
    same('get pods -A -l app=none')
    same('get deploy,svc,cm -l suite=same')
    same('get all')
    same('get deploy/echo sts/store')
    same('get deploy echo -o name')
    same('get pods -l app=store --no-headers')
    same('get pods --field-selector=status.phase=Failed')
    same('get namespace same-demo')
    same("get deploy echo -o jsonpath='{.spec.replicas} {.status.readyReplicas}'")
    same(
      "get pods -l app=store -o custom-columns='NAME:.metadata.name,PHASE:.status.phase,QOS:.status.qosClass'",
    )

    it('kubectl get endpointslices', () =>
      compare(sides, async (cluster) => {
        const { out } = await cluster.kubectl('get endpointslices -o wide')
        return table(out)
      }))

    it('kubectl get nodes, its columns and the form of its cells', () =>
      compare(sides, async (cluster) => {
        const wide = (await cluster.run(['get', 'nodes', '-o', 'wide'])).out.trim().split('\n')
        const narrow = (await cluster.run(['get', 'nodes'])).out.trim().split('\n')
        return {
          heads: [narrow[0], wide[0]].map((line) => line?.replace(/ {2,}/g, '  ')),
          rows: narrow.slice(1).map((row) => row.replace(/(\d+[smhd])+ /, 'AGE ').replace(/ +/g, ' ')),
        }
      }))

    it('kubectl get events: what the controllers and the scheduler say', () =>
      compare(sides, async (cluster) => {
        const { items } = await cluster.json('get events')
        const said = items
          .filter((one: { source?: { component?: string }; reportingComponent?: string }) =>
            /controller|scheduler/.test(`${one.source?.component} ${one.reportingComponent}`),
          )
          .filter(
            (one: { involvedObject: { kind: string } }) =>
              one.involvedObject.kind !== 'HorizontalPodAutoscaler',
          )
          .map((one: Record<string, string> & { involvedObject: { kind: string } }) =>
            plain(
              `${one.type} ${one.reason} ${one.involvedObject.kind} ${one.reportingComponent}: ${one.message}`,
            ),
          )
        const head = (await cluster.kubectl('get events')).out.split('\n')[0]?.replace(/ {2,}/g, '  ')
        const wide = (await cluster.kubectl('get events -o wide')).out.split('\n')[0]?.replace(/ {2,}/g, '  ')
        return { head, wide, said: said.sort() }
      }))

    for (const [root, plural] of TABLES)
      it(`the Table answer for ${plural}`, () =>
        compare(sides, (cluster) => columns(cluster, `/${root}/namespaces/${NAMESPACE}/${plural}`)))
    for (const plural of ['nodes', 'namespaces'])
      it(`the Table answer for ${plural}`, () =>
        compare(sides, (cluster) => columns(cluster, `/api/v1/${plural}`)))

    it('the Table answer for one object', () =>
      compare(sides, async (cluster) => {
        const { status, body } = await cluster.send(
          'GET',
          `/api/v1/namespaces/${NAMESPACE}/configmaps/settings`,
          undefined,
          AS_TABLE,
        )
        const { managedFields: _fields, ...metadata } = body.rows[0].object.metadata
        return {
          status,
          rows: body.rows.length,
          cells: body.rows[0].cells.slice(0, 2),
          row: Object.keys(metadata).sort(),
          kind: body.rows[0].object.kind,
        }
      }))
  })
}

async function columns(cluster: Cluster, path: string): Promise<unknown> {
  const { status, body } = await cluster.send('GET', path, undefined, AS_TABLE)
  return {
    status,
    kind: `${body.apiVersion} ${body.kind}`,
    // The long description of each column is not shown by anything.
    columns: body.columnDefinitions.map(
      (one: { name: string; type: string; format: string; priority: number }) =>
        `${one.name} ${one.type} ${one.format} ${one.priority}`,
    ),
    cells: body.rows?.[0]?.cells.map((cell: unknown) => typeof cell),
  }
}
