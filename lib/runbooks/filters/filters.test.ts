import { describe, expect, it } from 'vitest'
import { applyFilters, understands, whyNot, writeFilters } from '.'

const filter = (...argv: string[]) => ({ program: argv[0] as string, argv })

async function out(text: string, ...argvs: string[][]): Promise<string> {
  const applied = await applyFilters(
    text,
    argvs.map((argv) => filter(...argv)),
  )
  return applied.ok ? applied.value.text : `!${applied.error.message}`
}

const PODS = `NAME      READY   STATUS             RESTARTS   AGE
api-1     1/1     Running            0          3d
api-2     0/1     CrashLoopBackOff   12         5m
redis-0   1/1     Running            1          9d
`

describe('filters by tool', () => {
  it.each<[string[], string, string]>([
    [['grep', '-i', 'crash'], PODS, 'api-2     0/1     CrashLoopBackOff   12         5m\n'],
    [['grep', '-c', 'api'], PODS, '2\n'],
    [['grep', '-vc', 'Running'], PODS, '2\n'],
    [['grep', '-n', '-A1', '^api-1'], 'x\napi-1\ny\nz\n', '2:api-1\n3-y\n'],
    [['grep', '-C1', 'm'], 'a\nm\nb\nc\nd\nm\n', 'a\nm\nb\n--\nd\nm\n'],
    [['grep', '-oE', 'a|ab'], 'xab', 'ab\n'],
    [['grep', '-o', '[0-9]\\+'], 'a1b22\n', '1\n22\n'],
    [['grep', '-w', 'pod'], 'pod-1\npods\n_pod\n', 'pod-1\n'],
    [['grep', '-x', 'ab*'], 'abb\nabc\n', 'abb\n'],
    [['grep', 'a+b'], 'a+b\naab\n', 'a+b\n'],
    [['grep', '-F', 'a.b'], 'a.b\naxb\n', 'a.b\n'],
    [['grep', '-e', 'x', '-e', 'y'], 'x\ny\nz\n', 'x\ny\n'],
    [['egrep', '(e|o){2}'], 'see\nsoe\nso\n', 'see\nsoe\n'],
    [['grep', 'none'], PODS, ''],
    [['head', '-2'], 'a\nb\nc', 'a\nb\n'],
    [['head', '-n', '-1'], 'a\nb\nc', 'a\nb\n'],
    [['head', '-c', '3'], 'a\nb\nc', 'a\nb'],
    [['tail', '-n', '+2'], PODS, PODS.split('\n').slice(1).join('\n')],
    [['tail', '-1'], 'a\nb\nc', 'c'],
    [['wc', '-l'], PODS, '4\n'],
    [['wc'], 'a b\nc\n', '      2       3       6\n'],
    [['wc', '-c'], 'é\n', '3\n'],
    [['sort', '-n'], '10\n9\n-1\n1.5\n', '-1\n1.5\n9\n10\n'],
    [['sort', '-k4', '-rn'], 'a b c 2\na b c 10\n', 'a b c 10\na b c 2\n'],
    [['sort', '-t:', '-k2,2', '-u'], 'a:1\nb:1\nc:0\n', 'c:0\na:1\n'],
    [['sort', '--rev', '--key=4', '--numeric'], 'a b c 2\na b c 10\n', 'a b c 10\na b c 2\n'],
    [['sort', '-h'], '1G\n900M\n2K\n', '2K\n900M\n1G\n'],
    [['sort', '-V'], 'v1.10\nv1.9\n', 'v1.9\nv1.10\n'],
    [['sort', '-f'], 'b\nA\na\nB\n', 'A\na\nB\nb\n'],
    [['uniq', '-c'], 'a\na\nb\n', '      2 a\n      1 b\n'],
    [['uniq', '-d'], 'a\na\nb\n', 'a\n'],
    [['uniq', '-iu'], 'a\nA\nb\n', 'b\n'],
    [['cut', '-d:', '-f1,3'], 'a:b:c\nplain\n', 'a:c\nplain\n'],
    [['cut', '-c', '2-3'], 'abcd\n', 'bc\n'],
    [['tr', '-s', ' '], 'a   b\n', 'a b\n'],
    [['tr', 'a-z', 'A-Z'], 'abé\n', 'ABé\n'],
    [['tr', '-d', '\\n'], 'a\nb\n', 'ab'],
    [['awk', '{print $1}'], PODS, 'NAME\napi-1\napi-2\nredis-0\n'],
    [['awk', 'NR>1 && $3!="Running" {print $1,$NF}'], PODS, 'api-2 5m\n'],
    [['awk', '$4>5'], PODS, `${PODS.split('\n')[0]}\n${PODS.split('\n')[2]}\n`],
    [['awk', '-F:', '{sum+=$2} END{print sum}'], 'a:1\nb:2.5\n', '3.5\n'],
    [['awk', '/redis/{printf "%s=%d\\n", $1, $4}'], PODS, 'redis-0=1\n'],
    [['awk', '!seen[$2]++{print $2}'], PODS, 'READY\n1/1\n0/1\n'],
    [['sed', '-n', '/Events/,$p'], 'a\nEvents:\n x\n', 'Events:\n x\n'],
    [['sed', '-E', 's/(.*)-([0-9]+)/\\2 \\1/'], 'api-1\nx\n', '1 api\nx\n'],
    [['sed', '$d'], 'a\nb\nc', 'a\nb\n'],
    [['base64'], 'héllo', 'aMOpbGxv\n'],
    [['base64', '-w0'], 'hello', 'aGVsbG8='],
    [['base64', '-D'], 'aGVsbG8=\n', 'hello'],
    [['tac'], 'a\nb\n', 'b\na\n'],
    [['rev'], 'abé\n12\n', 'éba\n21\n'],
    [['nl'], 'a\n\nb\n', '     1\ta\n       \n     2\tb\n'],
    [['cat'], 'a\n', 'a\n'],
    [['cat', '-'], 'a\n', 'a\n'],
    [['less', '-S'], 'a\n', 'a\n'],
    [['grep', '-P', '^\\d{2,}\\s'], '12 a\n1 a\n', '12 a\n'],
    [['grep', '-oP', 'image: \\K\\S+'], 'image: web:1\n', 'web:1\n'],
    [['grep', '-oP', '<.+?>'], '<a><b>\n', '<a>\n<b>\n'],
    [['grep', '-a', 'x', '--line-buffered'], 'x\0\n', 'x\0\n'],
    [['fgrep', 'a.'], 'a.\nab\n', 'a.\n'],
    [['column', '-t'], 'a bb\nccc d\n', 'a    bb\nccc  d\n'],
    [['jq', '-r', '.items[].name'], '{"items":[{"name":"a"},{"name":"b"}]}', 'a\nb\n'],
    [['jq', '-c', '.a'], '{"a": {"b": 1}}', '{"b":1}\n'],
    [['jq', '-r', '.a'], '{"a": "  x "}', '  x \n'],
  ])('%j', async (argv, text, expected) => {
    expect(await out(text, argv)).toBe(expected)
  })
})

describe('filters one after the other', () => {
  it('count the states of pods', async () => {
    const text = await out(
      PODS,
      ['awk', 'NR>1{print $3}'],
      ['sort'],
      ['uniq', '-c'],
      ['sort', '-rn'],
      ['head', '-1'],
    )
    expect(text).toBe('      2 Running\n')
  })

  it('are written as a person types them', () => {
    expect(writeFilters([filter('grep', '-c', "it's"), filter('awk', '{print $1}')])).toBe(
      "| grep -c 'it'\\''s' | awk '{print $1}'",
    )
  })

  it('leave out what is above 1 MiB, and say how much', async () => {
    const applied = await applyFilters('x'.repeat(2 ** 20 + 5), [filter('tail', '-n1')])
    expect(applied).toMatchObject({ ok: true, value: { truncatedBytes: 5 } })
  })
})

describe('what is not understood', () => {
  it.each([
    [filter('xargs', 'rm'), /xargs, which does not run here/],
    [filter('sed', '-i', 's/a/b/'), /sed -i is not understood/],
    [filter('sed', 's/a/b/w out'), /"w out" after a command|s\/\/\/w/],
    [filter('sed', 's/a/b/e'), /s\/\/\/e is not understood/],
    [filter('sed', 'N;P;D'), /sed's "N" is not understood/],
    [filter('sed', '1r /etc/passwd'), /sed's "r" is not understood/],
    [filter('sed', 's/a/b/', 'file'), /read a file/],
    [filter('sed', 's/\\(a\\)/\\2/'), /no group \\2/],
    [filter('sed', 's/(a)\\1/x/', '-E'), /refers back/],
    [filter('sed', 's/a/<word>/'), /fill in <word>/],
    [filter('tee', 'out'), /tee, which does not run here/],
    [filter('base64', 'file'), /read a file/],
    [filter('tac', 'file'), /read a file/],
    [filter('less', '/etc/passwd'), /is not understood here/],
    [filter('grep', '-P', '(?<=x)y'), /looks around itself/],
    [filter('grep', '-P', '(a)\\1'), /refers back/],
    [filter('grep', '-P', 'a++'), /possessive/],
    [filter('grep', '-r', 'x'), /grep -r is not understood/],
    [filter('grep', 'x', '/etc/passwd'), /read a file/],
    [filter('grep', '\\(a\\)\\1'), /refers back/],
    [filter('grep', '\\d'), /\\d, which means different things/],
    [filter('grep', '-E', '(a'), /not closed/],
    [filter('grep', '<word>'), /fill in <word>/],
    [filter('grep', '-E', '((a{1,200}){1,200}){1,200}'), /too large/],
    [filter('tail', '-f'), /tail -f is not understood/],
    [filter('sort', '-o', 'out'), /sort -o is not understood/],
    [filter('sort', '-M'), /sort -M is not understood/],
    // It begins --ignore-case and --ignore-leading-blanks.
    [filter('sort', '--ignore'), /sort --ignore is not understood/],
    [filter('sort', '--che'), /sort --che is not understood/],
    [filter('uniq', 'in', 'out'), /read or write a file/],
    [filter('awk', '{print > "x"}'), /write to a file/],
    [filter('awk', '{print $1 | "sh"}'), /write to a file or a command/],
    [filter('awk', '{system("rm -rf /")}'), /system is not understood/],
    [filter('awk', 'BEGIN{while(1)x++}'), /while is not understood/],
    [filter('awk', 'BEGIN{getline x}'), /getline is not understood/],
    [filter('awk', '-f', 'x.awk'), /awk -f is not understood/],
    [filter('jq', '-f', 'x.jq'), /jq -f is not understood/],
    [filter('jq', 'import "a" as a; .'), /modules, files or the environment/],
    [filter('jq', '$ENV.HOME'), /modules, files or the environment/],
    [filter('column'), /width of a terminal/],
    [filter('toString'), /does not run here/],
  ])('%j', (given, reason) => {
    expect(whyNot(given)).toMatch(reason)
    expect(understands(given)).toBe(false)
  })
})

describe('a tool that stops in the middle', () => {
  it('is an error that holds what was written, through the filters after it', async () => {
    const broken = await applyFilters('YWJj\nZGV*', [filter('base64', '-d'), filter('tr', 'a-z', 'A-Z')])
    expect(broken).toMatchObject({ ok: false, error: { code: 'invalid_input', printed: 'ABCDE' } })
  })
})

describe('limits', () => {
  it('no expression takes more than linear time to say whether a line matches', async () => {
    const started = performance.now()
    expect(await out(`${'a'.repeat(60_000)}b\n`, ['grep', '-cE', '^(a+)+$'])).toBe('0\n')
    expect(await out(`${'x'.repeat(60_000)}\n`, ['grep', '-oE', '(x+x+)+y'])).toBe('')
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  it('a stage that takes too long is stopped', async () => {
    expect(await out(`${'ax'.repeat(60_000)}b\n`, ['grep', '-oE', '[ax]*[^ax]c|b'])).toMatch(
      /longer than 1 s|^b$/m,
    )
  })

  it('what only looks like a certificate holds nobody up', async () => {
    const blanks = `-----BEGIN CERTIFICATE-----\n${' '.repeat(100_000)}x\n-----END CERTIFICATE-----\n`
    const started = performance.now()
    expect(await out(blanks, ['openssl', 'x509', '-noout', '-enddate'])).toMatch(/finds no certificate/)
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  it('a jq program that never ends is stopped', async () => {
    expect(await out('1', ['jq', 'def f: f; f'])).toMatch(/^!jq (took longer|ran out)/)
  })

  it('jq says what is wrong', async () => {
    expect(await out('NAME READY\n', ['jq', '.'])).toMatch(/^!jq says: /)
    expect(await out('1', ['jq', '.['])).toMatch(/^!jq says: /)
  })
})
