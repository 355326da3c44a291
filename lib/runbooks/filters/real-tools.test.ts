import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { applyFilters } from '.'

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

type Pick = <T>(from: readonly T[]) => T

const WORDS =
  'ready Running CrashLoopBackOff 0 1 2 10 -3 1.5 007 12Mi 900M 1G 2K error ERROR timeout pod-1 pod-10 pod-9 a_b aab ab x=y é 100%'.split(
    ' ',
  )
const PATTERNS = [
  'a',
  'e.*r',
  '^r',
  'g$',
  'a*b',
  '[0-9][0-9]*',
  '[[:digit:]]\\+',
  '[^a-z ]',
  'pod-1',
  'error\\|Running',
  '\\(a\\|ab\\)b*',
  '^$',
  '\\bpod',
  'x*',
  'o\\{1,2\\}',
  '\\<1',
  '.',
  '\\w\\+',
  '*a',
  'a+',
]
const EXTENDED = [
  'a|ab',
  '(error|Running)+',
  '[0-9]+',
  'o{2}',
  'o{1,}',
  '^(pod|a)',
  '(a|b)*$',
  'a?b',
  '\\bError\\b',
  '[[:upper:]]{2,}',
  'x=y|é',
  '()',
  'a|',
  '[]x-]',
  '(ab|a)(ab)?',
  '1{,2}0',
]

const PERL = [
  '\\d+',
  '\\w+-\\d',
  'a|ab',
  '(?:a|ab)(?:c|b)?',
  'o+?',
  '.*?r',
  'e.*r',
  '^\\S+\\K\\s',
  'pod-\\K\\d+',
  '[\\d.]+',
  '[^\\s:]+$',
  '\\berror\\b',
  'a?(ab)?',
  'x=y|é',
  '[\\w-]{3,}?',
  '\\D',
  '(a*?)b',
  '[]x-]',
  '\\.',
  'o{',
]

function text(random: () => number, pick: Pick): string {
  const lines = Array.from({ length: Math.floor(random() * 12) }, () =>
    Array.from({ length: Math.floor(random() * 5) }, () => pick(WORDS)).join(
      pick([' ', ' ', '  ', '\t', ',', ':']),
    ),
  )
  return lines.join('\n') + (random() < 0.8 && lines.length > 0 ? '\n' : '')
}

/** Text as it is, or in base64, at times with something wrong in it. */
function encodedAtTimes(text: string, random: () => number): string {
  if (random() < 0.3) return text
  const encoded = Buffer.from(text).toString('base64').replace(/.{20}/g, '$&\n')
  const at = Math.floor(random() * encoded.length)
  return random() < 0.5
    ? encoded
    : encoded.slice(0, at) + '=*A\n'[Math.floor(random() * 4)] + encoded.slice(at + 1)
}

const some = (random: () => number, pick: Pick, options: readonly (readonly string[])[], most: number) =>
  Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(options)).flat()

const ADDRESSES = [
  '',
  '',
  '',
  '2',
  '$',
  '/e/',
  '/READY/I',
  '2,3',
  '/a/,/o/',
  '/pod/,3',
  '2,/1/',
  '3,2',
  '/r/,+1',
  '1~2',
  '0,/a/',
  '2,$',
  '\\,o,',
  '2!',
  '/a/!',
  '/1/,/1/',
]
const SUBSTITUTIONS = [
  's/a/[&]/g',
  's/[0-9][0-9]*/<&>/2',
  's/\\(p\\)\\(o*\\)/\\2\\1/',
  's,o,0,2g',
  's|/||',
  's/x*/-/g',
  's/ *$//',
  's/^[ \t]*//',
  's/\\([a-z]*\\)\\([-_ ]\\)\\(.*\\)/\\3\\2\\1/',
  's/.*\\(e\\).*/\\1/p',
  's/\\(a\\|ab\\)\\(b*\\)/(\\1)(\\2)/',
  's/ERROR/x\\ny/i',
  's/\\./\\&/g',
  's/\\s\\+/\\t/gp',
  's/b*/x/2',
  's/[^ ]*$/"&"/',
]
const SUBSTITUTIONS_E = [
  's/(a|ab)(c|b)?(.*)/[\\1][\\2][\\3]/',
  's/([a-z]+)-([0-9]+)/\\2-\\1/g',
  's/((o)|(d))+/<\\1>/',
  's/(a*)+/<\\1>/',
  's/^([^ ]+) +([^ ]+)/\\2 \\1/',
  's/(.)(.)/\\2\\1/g',
  's/(a?b?)*/(\\1)/2',
  's/([0-9]{1,2})([0-9]*)/\\2.\\1/',
  's/(.*)(e|o)(.*)/\\1_\\3/',
  's/$/!/',
  's/\\b/|/3',
]

/** For each tool an argv made by chance. */
const TOOLS: Record<string, (random: () => number, pick: Pick) => string[]> = {
  grep: (random, pick) => {
    const options = some(
      random,
      pick,
      [
        ['-i'],
        ['-v'],
        ['-n'],
        ['-c'],
        ['-o'],
        ['-w'],
        ['-x'],
        ['-m2'],
        ['-A', '1'],
        ['-B1'],
        ['-C', '1'],
        ['-1'],
      ],
      3,
    )
    // What -o prints of lines that -v selects, or beside both -w and -x, is not understood.
    const without = options.includes('-v') || (options.includes('-w') && options.includes('-x'))
    const sensible = without ? options.filter((one) => one !== '-o') : options
    const kind = pick(['-E', '-F', '', '-P'])
    const pattern = kind === '-E' ? pick(EXTENDED) : kind === '-P' ? pick(PERL) : pick(PATTERNS)
    return ['grep', ...(kind ? [kind] : []), ...sensible, pick(['-e', '--']), pattern]
  },
  head: (_, pick) => [
    'head',
    ...pick([[], ['-n', '3'], ['-2'], ['-n-2'], ['-c', '9'], ['-c-4'], ['--lines=1'], ['-n0']]),
  ],
  tail: (_, pick) => [
    'tail',
    ...pick([[], ['-n', '3'], ['-2'], ['-n', '+2'], ['-c', '9'], ['-c+4'], ['-n0'], ['-n+0']]),
  ],
  wc: (_, pick) => ['wc', ...pick([[], ['-l'], ['-c'], ['-m'], ['-lc'], ['-l', '-m'], ['--lines']])],
  sort: (random, pick) => [
    'sort',
    ...some(random, pick, [['-r'], ['-u'], ['-f'], ['-b'], ['-s'], ['-t', ':'], ['-t,']], 2),
    ...pick([[], ['-n'], ['-h'], ['-V']]),
    ...some(
      random,
      pick,
      [['-k2'], ['-k', '1,1'], ['-k2,2'], ['-k1.2,1.3'], ['-k2b,2'], ['-k3r'], ['-k2.2b,3'], ['-k1,1f']],
      2,
    ),
  ],
  uniq: (random, pick) => ['uniq', ...some(random, pick, [['-c'], ['-d'], ['-u'], ['-i']], 2)],
  cut: (_, pick) => [
    'cut',
    ...pick([
      ['-d', ' ', '-f1'],
      ['-d:', '-f', '2,3'],
      ['-f2'],
      ['-c1-3'],
      ['-c', '2-'],
      ['-b-4,6'],
      ['-d,', '-f2-', '-s'],
      ['-d ', '-f3,1', '--output-delimiter=|'],
      ['-c3,1-2,2'],
    ]),
  ],
  tr: (_, pick) => [
    'tr',
    ...pick([
      ['a-z', 'A-Z'],
      ['[:lower:]', '[:upper:]'],
      ['-d', '0-9'],
      ['-s', ' '],
      ['\\n', ' '],
      ['-cd', '[:alnum:]\\n'],
      ['-s', '[:space:]', '\\n'],
      ['-ds', 'o', 'r'],
      ['abc', 'x'],
      ['-c', 'a-z\\n', '_'],
      [' :', '[\\t*]'],
      ['-d', '[:punct:]'],
      ['aab', '123'],
    ]),
  ],
  awk: (_, pick) => [
    'awk',
    ...pick([[], [], ['-F:'], ['-F', ','], ['-F[ :]']]),
    pick([
      '{print $1}',
      '{print $1,$3}',
      '{print $NF}',
      '/err/',
      '/err/{print $2; next} {print NR": "$0}',
      'NR>1',
      'NR==1',
      '$3=="1"',
      '$2!="ready"',
      '$2>5',
      '$2>=1.5 && $1<"p"',
      '{s+=$2} END{print s}',
      '{s+=$2} END{if (NR) print s/NR}',
      '!seen[$1]++',
      'END{print NR}',
      '{printf "%-10s|%5d|%.2f\\n", $1, $2, $3}',
      'NF',
      'NF>2{print NF, $(NF-1)}',
      '{$2="x"; print}',
      'BEGIN{OFS="-"} {$1=$1} 1',
      '{gsub(/[0-9]+/,"<&>"); print}',
      '{print length($1), toupper($2), substr($0,2,3)}',
      '$1 ~ /^[a-e]/ || $2 !~ /1/ {print $1 $2}',
      'NR%2',
      '{if ($2>1) print "big", $2; else print "small"}',
      '{n=$2>n?$2:n} END{print n+0}',
      'NR==2{print;exit}',
      '{print index($0,"r"), -$2, $2*3}',
      '{sub("o","0"); print $1; c++} END{print c}',
      '{ print ($1=="ready") ? "yes" : "no" }',
    ]),
  ],
  sed: (random, pick) => {
    const extended = random() < 0.5
    const command = () => {
      const address = pick(ADDRESSES)
      const one =
        random() < 0.6 ? pick(extended ? SUBSTITUTIONS_E : SUBSTITUTIONS) : pick(['p', 'd', 'q', '='])
      // q takes one address at most.
      if (one === 'q' && address.includes(',')) return `${address}{${address.includes('!') ? 'p' : '3q'}}`
      return random() < 0.2 ? `${address}{${one};p}` : address + one
    }
    const script = Array.from({ length: 1 + Math.floor(random() * 3) }, command)
    return [
      'sed',
      ...(random() < 0.4 ? ['-n'] : []),
      ...(extended ? [pick(['-E', '-r'])] : []),
      ...(random() < 0.5 ? [script.join(pick([';', '\n', ' ; ']))] : script.flatMap((one) => ['-e', one])),
    ]
  },
  base64: (_, pick) => ['base64', ...pick([[], ['-w0'], ['-w', '10'], ['--wrap=76'], ['-d'], ['-di']])],
  tac: () => ['tac'],
  rev: () => ['rev'],
  nl: (_, pick) => ['nl', ...pick([[], ['-ba'], ['-w3'], ['-s', ': '], ['-b', 't']])],
  cat: (_, pick) => ['cat', ...pick([[], ['-'], ['-n'], ['-b'], ['-s'], ['-sn']])],
  column: (_, pick) => ['column', ...pick([['-t'], ['-t', '-s:'], ['-t', '-s', ',:']])],
}

/** Whether the tool that is meant is on this machine: the GNU one, util-linux's column, any awk or jq. */
function present(tool: string): boolean {
  const asked = spawnSync(tool, ['--version'])
  if (asked.error) return false
  return tool === 'awk' || tool === 'jq' || /GNU|util-linux/.test(asked.stdout.toString())
}

describe.each(Object.keys(TOOLS))('%s', (tool) => {
  it.skipIf(!present(tool))(`gives what ${tool} gives (skipped where ${tool} is not installed)`, async () => {
    const random = sequence(SEED)
    const pick: Pick = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number]
    for (let n = 0; n < CASES; n++) {
      const argv = (TOOLS[tool] as (typeof TOOLS)[string])(random, pick)
      const drawn = text(random, pick)
      const ascii = ['column', 'rev'].includes(tool)
      const input = ascii
        ? drawn.replaceAll('é', 'e')
        : tool === 'base64'
          ? encodedAtTimes(drawn, random)
          : drawn
      const real = spawnSync(tool, argv.slice(1), { input, env: { ...process.env, LC_ALL: 'C' } })
      const ours = await applyFilters(input, [{ program: tool, argv }])
      const at = JSON.stringify({ argv, input, stderr: real.stderr.toString() })
      // What the tool refuses (a grep that found nothing ends with 1) must not be understood here either.
      if ((real.status ?? 2) > 1 || (tool !== 'grep' && real.status === 1)) {
        expect(ours.ok, at).toBe(false)
        if (tool === 'base64') expect(!ours.ok && ours.error.printed, at).toBe(real.stdout.toString('utf8'))
      } else expect(ours.ok ? ours.value.text : ours.error.message, at).toBe(real.stdout.toString('utf8'))
    }
  })
})

const jqReal = present('jq')
const DOCUMENT =
  '{"items":[{"metadata":{"name":"b","labels":{"app":"x"}},"status":{"phase":"Running","n":3}},{"metadata":{"name":"a"},"status":{"phase":"Failed","n":10}}]}'

describe('jq', () => {
  it
    .skipIf(!jqReal)
    .each<[string[]]>([
      [['.items[].metadata.name']],
      [['-r', '.items[].metadata.name']],
      [['-c', '.items[0]']],
      [['.items | length']],
      [['-r', '.items[] | select(.status.phase == "Running") | .metadata.name']],
      [['-r', '.items | sort_by(.metadata.name)[] | "\\(.metadata.name)\\t\\(.status.n)"']],
      [['-S', '.items[0]']],
      [['-r', '.items[] | [.metadata.name, .status.phase] | @tsv']],
      [['[.items[].status.n] | add']],
      [['--arg', 'p', 'Failed', '-r', '.items[] | select(.status.phase == $p).metadata.name']],
      [['-j', '.items[].metadata.name']],
      [['-r', '.items[].metadata.labels.app // "none"']],
    ])('gives what jq gives for %j (skipped where jq is not installed)', async (given) => {
    const real = spawnSync('jq', given, { input: DOCUMENT })
    const ours = await applyFilters(DOCUMENT, [{ program: 'jq', argv: ['jq', ...given] }])
    expect(ours).toEqual({ ok: true, value: { text: real.stdout.toString(), truncatedBytes: 0 } })
  })
})
