import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../targets/types'
import { type PrinterOptions, printerOf } from '.'

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' }, managedFields: [{ manager: 'x' }] },
  spec: { containers: [{ name: 'app', image: 'web:1' }] },
  status: { phase: 'Running' },
} as unknown as KubeObject
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 2 },
} as unknown as KubeObject

function printed(output: string, objects: KubeObject[], asList: boolean, options?: PrinterOptions): string {
  const printer = printerOf(output, options)
  if ('manual' in printer) return `manual: ${printer.manual}`
  const result = printer.print(objects, asList)
  return result.ok ? result.value : `!${result.error.message}`
}

describe('outputs', () => {
  it.each<[string, string]>([
    ['name', 'pod/web-1\ndeployment.apps/web\n'],
    ['jsonpath={.items[*].metadata.name}', 'web-1 web'],
    ['jsonpath={range .items[*]}{.kind}{"\\n"}{end}', 'Pod\nDeployment\n'],
    ['jsonpath={.items[?(@.kind=="Pod")].metadata.labels}', '{"app":"web"}'],
    ['jsonpath={..image}', 'web:1'],
    ['jsonpath-as-json={.items[*].kind}', '[\n    "Pod",\n    "Deployment"\n]\n'],
    [
      'custom-columns=NAME:.metadata.name,PHASE:.status.phase',
      'NAME    PHASE\nweb-1   Running\nweb     <none>\n',
    ],
    ['go-template={{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}', 'web-1\nweb\n'],
  ])('%s of a list', (output, expected) => {
    expect(printed(output, [POD, DEPLOYMENT], true)).toBe(expected)
  })

  it('json and yaml leave out managed fields and sort keys', () => {
    expect(printed('yaml', [POD], false)).toBe(
      'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    app: web\n  name: web-1\n  namespace: shop\nspec:\n  containers:\n  - image: web:1\n    name: app\nstatus:\n  phase: Running\n',
    )
    expect(JSON.parse(printed('json', [POD], true))).toMatchObject({ kind: 'List', items: [{ kind: 'Pod' }] })
    expect(printed('json', [POD], false)).not.toContain('managedFields')
    expect(printed('json', [POD], false, { showManagedFields: true })).toContain('managedFields')
  })

  it('a list is sorted by a field; amounts by their size', () => {
    const sized = ['2Gi', '500Mi', '10Ki'].map((size) => ({
      ...POD,
      metadata: { name: size },
      size,
    })) as KubeObject[]
    expect(printed('name', sized, true, { sortBy: '.size' })).toBe('pod/10Ki\npod/500Mi\npod/2Gi\n')
    expect(printed('name', sized, true, { sortBy: '.nope' })).toMatch(/^!No object has a field \{.nope\}/)
  })
})

describe('what is refused before anything is asked', () => {
  it.each([
    ['wide', /-o wide is not printed here/],
    ['jsonpath-file=x', /would read a file/],
    ['jsonpath', /lacks its template/],
    ['jsonpath={.a', /not closed/],
    ['jsonpath={.a[?(@.b=="c" && @.d=="e")]}', /"&" at a place/],
    ['jsonpath={foo}', /the word "foo"/],
    [`jsonpath=${'{.a}'.repeat(2_000)}`, /longer than 4000/],
    ['custom-columns=NAME', /HEADING:PATH/],
    ['go-template={{template "x"}}', /"template", which is not understood/],
    ['go-template={{html .x}}', /"html", which is not understood/],
    ['go-template={{nope}}', /function nope, which there is not/],
    ['go-template={{len}}', /gives len 0 arguments/],
    ['go-template={{range .items}}', /range that has no end/],
    ['go-template={{$x}}', /variable \$x/],
    [`go-template=${'{{if .a}}'.repeat(200)}${'{{end}}'.repeat(200)}`, /more than 100 blocks/],
    [`go-template={{${'('.repeat(500)}1${')'.repeat(500)}}}`, /more than 100 blocks or parentheses/],
  ])('%.60s', (output, reason) => {
    expect(printed(output, [POD], false)).toMatch(reason)
    expect(printerOf(output)).toHaveProperty('manual')
  })
})

describe('what does not fit an object', () => {
  it.each([
    ['jsonpath={.spec.containers[4]}', /out of bounds: index 4, length 1/],
    ['jsonpath={.metadata.name[0]}', /is no array/],
    ['go-template={{.kind.x}}', /asks for x of what has no keys/],
    ['go-template={{base64decode "*"}}', /no base64/],
  ])('%s', (output, reason) => {
    expect(printed(output, [POD], false)).toMatch(reason)
  })
})

describe('limits', () => {
  const wide = Array.from({ length: 60 }, (_, n) => ({
    ...POD,
    metadata: { name: `p${n}` },
    tree: Array.from({ length: 40 }, () => ({ a: { b: ['x'.repeat(50)] } })),
  })) as unknown as KubeObject[]

  it.each([
    `jsonpath={['items','items'][*]..['tree','tree']..['a','a']..['b','b']..['b','b']}`,
    `jsonpath={[${Array(300).fill("'items'").join()}]}`,
    `jsonpath-as-json={[${Array(300).fill("'items'").join()}]}`,
    `jsonpath=${'{range .items[*]}{$}'.repeat(8)}`,
    `jsonpath=${"{range ['items','items','items'][*]}{$.tree}".repeat(5)}`,
    `jsonpath={.items[?(@.tree)]['tree','tree','tree'][?(@.a)]..['a','b','a']..['b','b']..['b','b']}`,
    `go-template=${'{{range $.items}}'.repeat(12)}x${'{{end}}'.repeat(12)}`,
    `go-template=${'{{range $.items}}'.repeat(12)}${'{{end}}'.repeat(12)}`,
    `go-template=${'{{range $.items}}'.repeat(3)}{{$y := print .}}${'{{end}}'.repeat(3)}`,
    `go-template={{$x := "xxxxxxxxxx"}}${'{{$x = print $x $x $x $x $x $x $x $x}}'.repeat(12)}{{$x}}`,
    `custom-columns=${'A:.tree,'.repeat(300)}B:.kind`,
  ])('%.60s ends soon', (output) => {
    // Time of the processor, since other tests run beside this one.
    const started = process.cpuUsage()
    expect(printed(output, wide, true)).toMatch(/^!/)
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(3_000)
  })

  it('prints no more than it may', () => {
    expect(printed('json', wide, true, { maxLength: 10_000 })).toMatch(/^!The output is larger than 10 KiB/)
  })

  it('an object that is nested too deeply is an error', () => {
    let deep: object = {}
    for (let n = 0; n < 5_000; n++) deep = { deep }
    expect(printed('json', [{ ...POD, deep } as KubeObject], false)).toMatch(/^!The object is nested/)
  })
})
