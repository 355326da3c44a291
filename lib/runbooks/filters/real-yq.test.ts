import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Json } from '../printers/go-values'
import { goYaml } from '../printers/yaml'
import { applyFilters } from '.'

/** mikefarah's, version 4; another program of that name is a cover for jq. */
const real = /mikefarah\/yq\/?\)? version v?4\./.test(spawnSync('yq', ['--version']).stdout?.toString() ?? '')

/** A fixed sequence of numbers below 1 (mulberry32), so that every run tries the same cases. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const SEED = Number(process.env.FILTERS_SEED ?? 7)
const CASES = Number(process.env.FILTERS_CASES ?? 60)

const TEXTS = [
  'api',
  'true',
  'yes',
  'null',
  '~',
  '5',
  '1.50',
  '10.0.0.1',
  '2026-01-01T00:00:00Z',
  '',
  ' lead',
  'trail ',
  'a: b',
  '# no',
  "it's",
  'say "x"',
  '- dash',
  '{a}',
  '[b]',
  '*star',
  '&and',
  '!bang',
  '%p',
  '@at',
  '`tick',
  '| bar',
  '> more',
  'back\\slash',
  'é ü €',
  'tab\there',
  'two\nlines\n',
  'two\n\nlines',
  'last\n\n',
  '\nfirst',
  '  set in\nmore',
  'end \nblank',
  'trail\n ',
  'word '.repeat(40).trim(),
  `${'x'.repeat(90)} ${'y'.repeat(90)}: "z"`,
  `{"a":"${'b '.repeat(60)}"}\n`,
  '0x1F',
  '1e3',
  '012',
  '.5',
  '+5',
  'key=value',
  'a,b',
  'sha256:abc',
  '<none>',
  'a #b',
  'ends:',
  '😀',
  '\u00a0',
  '\u2028',
  '\u0007',
]
const KEYS = [
  'name',
  'a',
  'spec',
  'app.kubernetes.io/name',
  'x y',
  'true',
  '5',
  'n',
  'on',
  '"q"',
  'a-b',
  'é',
  'items',
]

type Pick = <T>(from: readonly T[]) => T

function value(random: () => number, pick: Pick, depth: number): Json {
  const kind = random()
  if (depth > 3 || kind < 0.5)
    return pick([pick(TEXTS), pick(TEXTS), pick(TEXTS), pick([1, 0, -3, true, false, null])])
  const size = Math.floor(random() * 4)
  if (kind < 0.7) return Array.from({ length: size }, () => value(random, pick, depth + 1))
  return Object.fromEntries(Array.from({ length: size }, () => [pick(KEYS), value(random, pick, depth + 1)]))
}

const EXPRESSIONS = [
  '.',
  '.items[0]',
  '.items',
  '.items[].name',
  '.items[] | .spec',
  '.items[-1].a',
  '.items | length',
  '.items[] | length',
  '.items[0] | keys',
  'keys',
  '.spec',
  '.spec.a',
  '.spec["x y"]',
  '.spec["app.kubernetes.io/name"]',
  '.spec."app.kubernetes.io/name"',
  '.["spec"].name',
  '.spec[]',
  '.nope.x',
  '.nope[0]',
  '.nope[]',
  '.items[] | select(.name == "api")',
  '.items[] | select(.name == "api") | .spec',
  '.items[]|select(.name!="api")|.a',
  '.items[] | select(.a == true) | .name',
  '.items[] | select(.a == null) | .name',
  '.items[] | select(.n == 1)',
  '.items[] | select(.a)',
  '.items[] | select(has("a")) | .a',
  '.items[] | select(.spec | has("a")) | keys',
  '.items[] | select(.spec.a == "5") | .name',
  '.items.[0].a-b',
]

describe.skipIf(!real)('yq (skipped where the yq of mikefarah is not installed)', () => {
  it('gives what yq gives, of what kubectl prints', async () => {
    const random = sequence(SEED)
    const pick: Pick = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number]
    let [alike, left] = [0, 0]
    for (let n = 0; n < CASES * 4; n++) {
      const object = () => ({
        name: pick(['api', 'web', pick(TEXTS)]),
        a: value(random, pick, 2),
        n: pick([1, 2, 'x', null]),
        spec: Object.fromEntries(Array.from({ length: 3 }, () => [pick(KEYS), value(random, pick, 1)])),
        ...(random() < 0.3 ? { 'a-b': 'dash' } : {}),
      })
      const document: Json = { ...object(), items: Array.from({ length: Math.floor(random() * 4) }, object) }
      const text = random() < 0.2 ? `${JSON.stringify(document, null, 4)}\n` : goYaml(document)
      const argv = [
        'yq',
        ...pick([[], [], ['-r'], ['e'], ['-o', 'json'], ['-o=json'], ['-oj']]),
        pick(EXPRESSIONS),
        ...pick([[], ['-']]),
      ]
      const said = spawnSync('yq', argv.slice(1), { input: text })
      const ours = await applyFilters(text, [{ program: 'yq', argv }])
      const at = JSON.stringify({ argv, text, stderr: said.stderr.toString() })
      if (ours.ok) {
        expect(said.status, at).toBe(0)
        expect(ours.value.text, at).toBe(said.stdout.toString())
        alike++
      } else {
        expect(ours.error.message, at).toMatch(/^yq(?:: | says: )/)
        left++
      }
    }
    // Most is printed, and what is left out is what is odd.
    expect(alike).toBeGreaterThan(left)
  })
})
