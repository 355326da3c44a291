import { describe, expect, it } from 'vitest'
import { applyFilters, whyNot } from '.'

const filter = (...words: string[]) => ({ program: 'yq', argv: ['yq', ...words] })

async function out(text: string, ...words: string[]): Promise<string> {
  const applied = await applyFilters(text, [filter(...words)])
  return applied.ok ? applied.value.text : `!${applied.error.message}`
}

/** As kubectl prints a list. */
const PODS = `apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    annotations:
      note: |
        two
        lines
      quoted: "true"
    name: api-1
  spec:
    containers:
    - args:
      - --port
      - "80"
      image: api:1
      name: app
    nodeName: null
- metadata:
    labels: {}
    name: api-2
  spec:
    containers: []
kind: List
`

describe('yq', () => {
  it.each<[string[], string]>([
    [['.items[].metadata.name'], 'api-1\napi-2\n'],
    [['.kind', '-'], 'List\n'],
    [['e', '.items | length', '-'], '2\n'],
    [['-r', '.items[0].metadata.annotations.note'], 'two\nlines\n\n'],
    [['.items[0].metadata.annotations["quoted"]'], 'true\n'],
    [
      ['.items[0].spec'],
      'containers:\n  - args:\n      - --port\n      - "80"\n    image: api:1\n    name: app\nnodeName: null\n',
    ],
    [['.items[0].metadata.annotations'], 'note: |\n  two\n  lines\nquoted: "true"\n'],
    [['.items[1]'], 'metadata:\n  labels: {}\n  name: api-2\nspec:\n  containers: []\n'],
    [['.items[1] | keys'], '- metadata\n- spec\n'],
    [['.items[] | select(.metadata.name == "api-2") | .spec.containers'], '[]\n'],
    [['.items[] | select(.metadata.name != "api-2") | .kind'], 'Pod\n'],
    [['.items[] | select(has("kind")) | .metadata.name'], 'api-1\n'],
    [['.items[].spec.nodeName'], 'null\nnull\n'],
    [['.none.such'], 'null\n'],
    [['.items[0].spec.containers[].args', '-o', 'json'], '[\n  "--port",\n  "80"\n]\n'],
    [['-oj', '.items[0].metadata.name'], '"api-1"\n'],
  ])('%j', async (words, expected) => {
    expect(await out(PODS, ...words)).toBe(expected)
  })

  it('reads JSON as it stands, in one line', async () => {
    expect(await out('{\n  "a": {\n    "b": [1, "x"]\n  }\n}\n', '.a')).toBe('{"b": [1, "x"]}\n')
  })

  it.each([
    ['a: 1 # why\n', /comment/],
    ['a: &x 1\nb: *x\n', /anchor|reference/],
    ['a: 1\n---\nb: 2\n', /several documents/],
    ['a: [\n', /no YAML/],
    ['', /empty document/],
    ['a: !!str 1\n', /anchor or a tag/],
    ['a: >\n  x\n', /letters or lines/],
    ['a: 1\na: 2\n', /stands twice/],
  ])('says of %j that it is not printed', async (text, reason) => {
    expect(await out(text, '.')).toMatch(reason)
  })

  it('says what is wrong as yq does', async () => {
    expect(await out(PODS, '.items.metadata')).toBe("!yq says: cannot index array with 'metadata'.")
    expect(await out(PODS, '.kind | keys')).toBe('!yq says: keys only works for maps and arrays.')
  })

  it.each([
    [filter('.a', 'file.yaml'), /read a file/],
    [filter('-i', '.a = 1'), /-i is not understood/],
    [filter('.a = 1'), /is not understood/],
    [filter('.a + 1'), /is not understood/],
    [filter('.a*'), /is not understood/],
    [filter('del(.a)'), /is not understood/],
    [filter('.a', '-P'), /-P is not understood/],
    [filter('.a, .b'), /is not understood/],
    [filter('..'), /is not understood/],
    [filter('select(.a == "x*")'), /is not understood/],
    [filter('select(.a[] == "x")'), /\[\] is not understood/],
    [filter('load("x")'), /is not understood/],
    [filter('env(HOME)'), /is not understood/],
    [filter('-o', 'xml', '.a'), /-o xml is not understood/],
    [filter('eval-all', '.a'), /read a file|is not understood/],
  ])('%j is not understood', (given, reason) => {
    expect(whyNot(given)).toMatch(reason)
  })
})
