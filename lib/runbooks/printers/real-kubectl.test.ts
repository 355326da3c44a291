import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KubeObject } from '../../targets/types'
import { type PrinterOptions, printerOf } from '.'

const run = promisify(execFile)

function present(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const kubectl = present()
if (!kubectl) console.warn('kubectl was not found, so printers are not compared with it.')

const meta = (name: string, more: object = {}) => ({ name, namespace: 'default', ...more })

const PODS = [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta('web-1', {
      creationTimestamp: '2024-05-01T10:00:00Z',
      labels: { app: 'web', 'app.kubernetes.io/name': 'web' },
      annotations: { note: 'a <b> & "c"', long: `${'word '.repeat(40)}end` },
      managedFields: [{ manager: 'kubectl', operation: 'Update' }],
    }),
    spec: {
      nodeName: 'node-a',
      containers: [
        { name: 'app', image: 'web:1', args: ['--x=1', '-v'], resources: { requests: { cpu: '100m' } } },
        { name: 'side', image: 'side:2', ports: [{ containerPort: 80 }] },
      ],
    },
    status: {
      phase: 'Running',
      ratio: 0.25,
      ready: true,
      startTime: null,
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Initialized', status: 'False' },
      ],
      containerStatuses: [{ restartCount: 4 }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta('db-0', { creationTimestamp: '2024-04-01T10:00:00Z', labels: { app: 'db' } }),
    spec: { nodeName: 'node-b', containers: [{ name: 'db', image: 'pg:16' }], list: [[1, 2], [], [{}]] },
    status: { phase: 'Pending', containerStatuses: [{ restartCount: 12 }], conditions: [] },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta('cache-with-a-long-name'),
    spec: { containers: [{ name: 'cache', image: 'redis' }] },
    status: { phase: 'Failed', containerStatuses: [{ restartCount: 0 }] },
  },
] as unknown as KubeObject[]

const ODD = [
  'plain',
  '',
  ' lead',
  'trail ',
  'yes',
  'No',
  'null',
  '~',
  '1',
  '007',
  '0x1f',
  '1e3',
  '1.5',
  '.5',
  '1_000',
  '+3',
  '12:30',
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  '2024-13-01',
  '- a',
  '-a',
  '#c',
  'a # b',
  'a: b',
  'a:b',
  "it's",
  '"q"',
  'a"b',
  '*x',
  '&x',
  '!x',
  '%x',
  '@x',
  '`x',
  '{a}',
  '[a]',
  '? x',
  '?x',
  '|',
  '>',
  'tab\there',
  'line\n',
  'two\nlines',
  'two\nlines\n\n',
  ' indented\nline\n',
  'trailing \nblank\n',
  'ends with blank\n ',
  '\n',
  '\n\n',
  '\nfirst\n',
  'é ü',
  '😀',
  '\u0000\u0007\u001b',
  '\u00a0',
  '\u2028x',
  'cr\r\nlf\n',
  '<<',
  '=',
  '---',
  '--- x',
  'a,b',
  '08',
  '0o17',
  '0b101',
  'inf',
  '.inf',
  'NaN',
  '.nan',
  `${'long words and words '.repeat(9)}end`,
  `it's ${'long words and: words '.repeat(9)}end`,
  `"${'long  words\tand words '.repeat(9)}end`,
  'x'.repeat(200),
  `${'x'.repeat(90)} ${'y'.repeat(90)} z`,
  '{"a":1}\n',
  '1:2:3.5',
  'true ',
  '0.',
  '1e',
  '-',
  '--',
  '.',
  '...',
  'a\\b',
]

const ODD_MAP: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: meta('odd') as KubeObject['metadata'],
  data: Object.fromEntries([
    ...ODD.map((text, index) => [`k${index}`, text]),
    ...['a10', 'a9', 'a.b', 'a-b', 'a_b', 'A', 'y', '10', '9', 'b01', 'b1', 'x/y', 'true'].map((key) => [
      key,
      key,
    ]),
    ['z'.repeat(140), 'long key'],
  ]),
  deep: { a: [{ b: [{ c: ODD.slice(60) }] }, ['x', ['y']], 1.5, 1e21, 1234567.5, true, null] },
}

/** Each start of kubectl takes a while: of all cases every sixth is tried, or all with PRINTERS_CASES=all. */
const STRIDE = process.env.PRINTERS_CASES === 'all' ? 1 : 6

const CASES: [output: string, options?: PrinterOptions][] = [
  ['json'],
  ['yaml'],
  ['name'],
  ['json', { showManagedFields: true }],
  ['yaml', { sortBy: '.metadata.name' }],
  ['name', { sortBy: '{.metadata.creationTimestamp}' }],
  ['name', { sortBy: '.status.containerStatuses[0].restartCount' }],
  ['name', { sortBy: 'status.phase' }],
  ['jsonpath={.items[*].metadata.name}'],
  ['jsonpath={.metadata.name}'],
  ['jsonpath={.metadata.labels.app\\.kubernetes\\.io/name}'],
  ["jsonpath={.metadata.labels['app\\.kubernetes\\.io/name']}"],
  ['jsonpath={.items[0].metadata.labels}'],
  ['jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}'],
  ['jsonpath={range .items[*]}{.metadata.name}{range .spec.containers[*]} {.image}{end}{"\\n"}{end}done'],
  ['jsonpath={range .items[*]}{.metadata.name}{"/"}{"\\n"}'],
  ['jsonpath={.items[?(@.status.phase=="Running")].metadata.name}'],
  ['jsonpath={.items[?(@.status.phase!="Running")].metadata.name}'],
  ['jsonpath={.items[?(@.status.containerStatuses[0].restartCount>3)].metadata.name}'],
  ['jsonpath={.items[?(@.spec.nodeName)].metadata.name}'],
  ['jsonpath={.status.conditions[?(@.type=="Ready")].status}'],
  ['jsonpath={..image}'],
  ['jsonpath={.items..restartCount}'],
  ['jsonpath={.items...metadata.name}'],
  ['jsonpath={.items[0:2].metadata.name}'],
  ['jsonpath={.items[-1:].metadata.name}'],
  ['jsonpath={.items[-1].metadata.name}'],
  ['jsonpath={.items[::2].metadata.name}'],
  ['jsonpath={.items[].metadata.name}'],
  ["jsonpath={.items[*]['metadata.name','status.phase']}"],
  ['jsonpath={.items[0,2].metadata.name}'],
  ['jsonpath={.items[7].metadata.name}'],
  ['jsonpath={.metadata.name[0]}'],
  ['jsonpath={.nothing.here}'],
  ['jsonpath={.spec.containers[*].resources}'],
  ['jsonpath={.status.ratio} {.status.ready} {.status.startTime} {$.kind} {@.kind}'],
  ['jsonpath={.metadata.annotations.note}'],
  ['jsonpath={.metadata.annotations}'],
  ['jsonpath=plain {"text"} {\'single\'} {1} {2.5} {true}'],
  ['jsonpath={.spec.list}'],
  ['jsonpath={.metadata.labels.*}', {}],
  ['jsonpath={.metadata.name'],
  ['jsonpath={nope}'],
  ['jsonpath={.items[?(@.a=="b" && @.c=="d")]}'],
  ['jsonpath={end}'],
  ['jsonpath={.items[x]}'],
  ['jsonpath={.metadata.nope}', { allowMissingTemplateKeys: false }],
  ['jsonpath-as-json={.items[*].status}'],
  ['jsonpath-as-json={.metadata.name}{.spec}'],
  ['jsonpath-as-json={.nope}'],
  ['custom-columns=NAME:.metadata.name,PHASE:.status.phase,NODE:.spec.nodeName'],
  ['custom-columns=NAME:.metadata.name', { noHeaders: true }],
  ['custom-columns=NAME:{.metadata.name},IMAGES:.spec.containers[*].image,LABELS:.metadata.labels'],
  ['custom-columns=:.metadata.namespace,:.metadata.name'],
  ['custom-columns=N:metadata.name,C:.status.conditions,A:.metadata.annotations.note,R:.status.ratio'],
  ['custom-columns=A:.a,B:.metadata.name', { sortBy: '.metadata.name' }],
  ['custom-columns=NAME'],
  ['custom-columns='],
  ['custom-columns=A:.metadata.labels.app\\.kubernetes\\.io/name,Z:.status.startTime,Y:.spec.list'],
  ['go-template={{range .items}}{{.metadata.name}} {{.spec.nodeName}}{{"\\n"}}{{end}}'],
  ['go-template={{.metadata.name}}'],
  ['go-template={{index .metadata.labels "app.kubernetes.io/name"}}'],
  ['go-template={{range $k, $v := .metadata.labels}}{{println $k ":" $v}}{{end}}'],
  ['go-template={{range $i, $e := .items}}{{$i}}={{$e.metadata.name}},{{end}}'],
  ['go-template={{range .items -}}\n  {{.metadata.name}}\n{{- else}}none{{end}}'],
  ['go-template={{if eq .kind "List"}}list of {{len .items}}{{else if eq .kind "Pod"}}pod{{else}}?{{end}}'],
  ['go-template={{with .metadata.labels}}{{.app}}{{else}}no labels{{end}}'],
  ['go-template={{printf "%s|%v|%d|%q|%-8s|%5d|%t" .kind .metadata 3 .kind "ab" 7 true}}'],
  ['go-template={{printf "%d" "x"}} {{printf "%s"}} {{printf "%s" "a" "b"}}'],
  ['go-template={{.kind | printf "%s!" | len}}'],
  ['go-template={{and .kind .apiVersion}} {{or .nope .kind}} {{not .kind}} {{ne .kind "x"}}'],
  ['go-template={{"aGk=" | base64decode}} {{base64decode "bad*"}}'],
  ['go-template={{.metadata}}'],
  ['go-template={{.status}} {{.nope}} {{.nope.deeper}}'],
  ['go-template={{.kind.x}}'],
  ['go-template={{.nope}}', { allowMissingTemplateKeys: false }],
  [
    'go-template={{range .items}}{{range .spec.containers}}{{if ne .name "side"}}{{.image}} {{end}}{{end}}{{end}}',
  ],
  ['go-template={{$n := .kind}}{{$n}}{{$n = "x"}}{{$n}}{{/* a comment */}}'],
  [
    'go-template={{range .items}}{{if eq .metadata.name "db-0"}}{{continue}}{{end}}{{$.kind}}{{.metadata.name}}{{break}}{{end}}',
  ],
  ['go-template={{(index .items 0).metadata.name}}'],
  [
    'go-template={{exists . "metadata" "name"}} {{exists . "items" 0}} {{lt 1 2}} {{ge 2 2}} {{print 1 2 "a" 3}}',
  ],
  [
    'go-template={{range .items}}{{range .status.containerStatuses}}{{if gt .restartCount 3}}{{.restartCount}} {{end}}{{end}}{{end}}',
  ],
  ['go-template={{eq .kind 3}}'],
  ['go-template={{nope .kind}}'],
  ['go-template={{.kind'],
  ['go-template={{if .kind}}'],
  ['go-template={{$x}}'],
  ['go-template=`{{`raw \\n`}}`'],
  ['go-template'],
  ['', { template: '{{.kind}}' }],
  ['jsonpath', { template: '{.kind}' }],
]

describe.skipIf(!kubectl)('what kubectl prints (skipped where kubectl is not installed)', () => {
  let server: Server
  let folder: string
  const resource = (name: string, kind: string) => ({ name, kind, namespaced: true, verbs: ['get', 'list'] })

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? ''
      const named = [...PODS, ODD_MAP].find((one) => path.endsWith(`/${one.metadata.name}`))
      const answers: Record<string, object> = {
        '/api': { kind: 'APIVersions', versions: ['v1'] },
        '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
        '/api/v1': {
          kind: 'APIResourceList',
          groupVersion: 'v1',
          resources: [resource('pods', 'Pod'), resource('configmaps', 'ConfigMap')],
        },
        '/api/v1/namespaces/default/pods': { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: PODS },
        '/api/v1/namespaces/empty/pods': { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] },
      }
      const answer = named ?? answers[path]
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify(answer ?? { kind: 'Status', apiVersion: 'v1', code: 404, status: 'Failure' }),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    folder = mkdtempSync(join(tmpdir(), 'crashcart-printers-'))
  })
  afterAll(() => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function real(what: string[], output: string, options: PrinterOptions): Promise<string | undefined> {
    const { port } = server.address() as AddressInfo
    const words = [
      'get',
      ...what,
      `--server=http://127.0.0.1:${port}`,
      ...(output ? ['-o', output] : []),
      ...(options.template ? [`--template=${options.template}`] : []),
      ...(options.sortBy ? [`--sort-by=${options.sortBy}`] : []),
      ...(options.noHeaders ? ['--no-headers'] : []),
      ...(options.showManagedFields ? ['--show-managed-fields'] : []),
      ...(options.allowMissingTemplateKeys === false ? ['--allow-missing-template-keys=false'] : []),
    ]
    const env = { ...process.env, HOME: folder, KUBECONFIG: join(folder, 'none') }
    return run('kubectl', words, { env, timeout: 20_000 }).then(
      ({ stdout }) => stdout,
      () => undefined,
    )
  }

  function ours(objects: readonly KubeObject[], asList: boolean, output: string, options: PrinterOptions) {
    const printer = printerOf(output, options)
    if ('manual' in printer) return { refused: printer.manual }
    const printed = printer.print(objects, asList)
    return printed.ok ? { text: printed.value } : { refused: printed.error.message }
  }

  const inTurn = [
    [0, 'a list', ['pods'], PODS, true],
    [2, 'one object', ['pod', 'web-1'], PODS.slice(0, 1), false],
    [4, 'no object', ['pods', '-n', 'empty'], [], true],
  ] as const

  it.each(inTurn)('%d: is printed of %s', { timeout: 120_000 }, async (first, _, what, objects, asList) => {
    const wrong: object[] = []
    for (const [output, options = {}] of CASES.filter((_, index) => index % STRIDE === first % STRIDE)) {
      // kubectl walks the keys of a map by chance.
      if (output.includes('.*}') && asList) continue
      const [expected, got] = [await real([...what], output, options), ours(objects, asList, output, options)]
      if (expected === undefined ? got.refused === undefined : got.text !== expected)
        wrong.push({ output, options, expected, got })
    }
    expect(wrong).toEqual([])
  })

  it('is printed of text that YAML and JSON have to quote', async () => {
    for (const output of [
      'yaml',
      'json',
      'jsonpath={.data}',
      'go-template={{.deep}}',
      'custom-columns=D:.deep',
    ])
      expect(ours([ODD_MAP], false, output, {}).text, output).toBe(
        await real(['configmap', 'odd'], output, {}),
      )
  })
})
