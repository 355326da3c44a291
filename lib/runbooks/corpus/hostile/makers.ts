import type { Random } from '../random'

const fenced = (line: string) => `# T\n\n### Card\n\n\`\`\`bash\n# Step\n${line}\n\`\`\`\n`
const many = (count: number, one: (index: number) => string, between = '\n') =>
  Array.from({ length: count }, (_, index) => one(index)).join(between)
/** Orders of magnitude rather than numbers, so that small ones come up as often as large ones. */
const size = (random: Random, upTo: number) =>
  Math.ceil(10 ** (1 + (random.below(1000) / 1000) * (Math.log10(upTo) - 1)))
const nested = (open: string, close: string, depth: number, inner = 'x') =>
  open.repeat(depth) + inner + close.repeat(depth)

type Maker = (random: Random) => string

/** Documents that are made, not mutated; by name, so that a failure can say what is wrong with them. */
export const MAKERS: Readonly<Record<string, Maker>> = {
  'deep quotes': (random) => `# T\n\n${'> '.repeat(size(random, 20_000))}x\n`,
  'deep lists': (random) => many(size(random, 1_500), (depth) => `${'  '.repeat(depth)}- x`),
  'deep lists on one line': (random) => `${'- '.repeat(size(random, 20_000))}x\n`,
  'deep quotes and lists with a fence': (random) => {
    const prefix = random.pick(['> ', '- ', '> - ', '1. ']).repeat(size(random, 2_000))
    return `### A\n\n${prefix}\`\`\`bash\n${prefix}kubectl get pods\n${prefix}\`\`\`\n`
  },
  'deep parentheses': (random) => fenced(`kubectl get pods ${nested('(', ')', size(random, 4_000))}`),
  'deep parentheses left open': (random) =>
    fenced(random.pick(['(', '$(', '${', '$((', '{ ', '`', '"$(']).repeat(size(random, 4_000))),
  'deep substitutions': (random) => fenced(`kubectl get pod ${nested('$(echo ', ')', size(random, 1_100))}`),
  'deep quotes in substitutions': (random) =>
    fenced(`kubectl get pod ${nested('"$(echo ', ')"', size(random, 800))}`),
  'deep JSON': (random) =>
    fenced(`kubectl patch deploy web -p '${nested('{"a":', '}', size(random, 1_300), '1')}'`),
  'deep filters': (random) => {
    const depth = size(random, 3_500)
    const program = random.pick([
      `jq '${nested('(', ')', depth, '.')}'`,
      `grep -E '${nested('(', ')', depth)}'`,
      `awk '{print ${nested('(', ')', depth, '1')}}'`,
      `jq '${nested('[', ']', depth, '.')}'`,
      `sed '${nested('{', '}', depth, 'p')}'`,
    ])
    return fenced(`kubectl get pods -o json | ${program}`)
  },
  'expressions that take long': (random) => {
    const pattern = random.pick([
      '(a+)+$',
      '(a|a)*b',
      '(.*)*x',
      '((a{1,30}){1,30}){1,30}',
      '(x+x+)+y',
      '\\(a*\\)*\\1',
    ])
    return fenced(
      `kubectl logs web | grep -E '${pattern}' | sed -E 's/${pattern}/x/g' | awk '/${pattern}/' | jq 'test("${pattern.replaceAll('\\', '\\\\')}")'`,
    )
  },
  'a line of 10 MB': (random) =>
    `${random.pick(['### A\n', fenced(''), ''])}${random.pick(['x', 'a ', '<a>', '*_', '[', '`', '|', '\\', '> ', '&amp;']).repeat(10_000_000 >> 1)}`,
  'a long line': (random) => {
    const length = size(random, 3_900_000)
    const part = random.pick([
      'x',
      'a ',
      '<a>',
      '&',
      '\\',
      '!',
      '<',
      '|',
      ' ',
      '"',
      'http://a.b ',
      'a@b.c ',
      '&#x41;',
      '<b>',
      'www.',
      '~',
    ])
    return `${random.chance(0.5) ? '### A\n\n' : '```bash\n'}${part.repeat(Math.ceil(length / part.length))}\n`
  },
  'many lines': (random) =>
    `### A\n\n\`\`\`bash\n${many(size(random, 30_000), (n) => random.pick([`kubectl get pods -n n${n}`, '#', '# x', '\\', 'a \\', "'", '$ kubectl logs x', '<<EOF']))}\n\`\`\`\n`,
  'many blocks': (random) =>
    many(
      size(random, 20_000),
      () =>
        random.pick([
          '---',
          '> a',
          '- a',
          '| a |\n|---|\n| b |',
          '```\na\n```',
          '<div>',
          '[a]: b',
          '[^1]: a',
          '    a',
          'a\n===',
          '* * *',
          '<!-- a',
        ]),
      '\n\n',
    ),
  NULs: (random) => fenced(`kubectl get\u0000 pods ${'\u0000'.repeat(size(random, 100_000))}`),
  'script tags': (random) =>
    `# <script>alert(1)</script>\n\n### <img src=x onerror=alert(1)>\n\n${many(size(random, 5_000), () => random.pick(['<script>', '</script>', '<svg/onload=alert(1)>', '[a](javascript:alert(1))', '![a](data:text/html,x)', '<!--', '<![CDATA[', '<?php', '<style>']))}\n\n${fenced('kubectl get pods -n "<script>alert(1)</script>"')}`,
  'billion laughs': (random) => {
    const wide = 2 + random.below(12)
    const levels = 2 + random.below(30)
    return `---\na0: &a0 [${many(wide, () => 'lol', ',')}]\n${many(levels, (n) => `a${n + 1}: &a${n + 1} [${many(wide, () => `*a${n}`, ',')}]`)}\nplaceholders: *a${levels}\n---\n${fenced('kubectl get pods')}`
  },
  'hostile front matter': (random) =>
    `---\n${random.pick([
      `id: ${'x'.repeat(size(random, 100_000))}`,
      `placeholders:\n${many(size(random, 20_000), (n) => `  p${n}: { label: l, type: text }`)}`,
      `placeholders: ${nested('{a: ', '}', size(random, 5_000))}`,
      nested('[', ']', size(random, 50_000)),
      '- '.repeat(size(random, 50_000)),
      'a: &a\n  <<: *a\n  b: *a',
      '__proto__: { polluted: yes }\nconstructor: { prototype: { polluted: yes } }\nplaceholders: { __proto__: { kind: pod, workload: x }, constructor: { label: x } }',
      'title: !!js/function "function(){ return 1 }"\nid: !!binary abcd\nx: 2001-01-01',
      `title: "${'\\u0000'.repeat(size(random, 1_000))}"\nid: ../../etc/passwd`,
      `? ${'? '.repeat(size(random, 5_000))}`,
      `a: |\n${many(size(random, 20_000), () => '  x')}`,
      `"${'a'.repeat(size(random, 50_000))}`,
    ])}\n---\n${fenced('kubectl get pods -n <a>')}`,
  'thousands of headings': (random) =>
    many(
      size(random, 20_000),
      (n) =>
        `${'#'.repeat(1 + random.below(6))} ${random.pick(['Same', `H ${n}`, '{#x}', '1. A {#a}', '', '__proto__', 'Symptoms'])}`,
    ),
  'thousands of cards of one name': (random) =>
    many(size(random, 6_000), () => '### Same\n\n```bash\nkubectl get pods\n```\n'),
  'thousands of steps of one name': (random) =>
    `### A\n\n\`\`\`bash\n${many(size(random, 8_000), () => '# Same\nkubectl get pods -n shop')}\n\`\`\`\n`,
  'unclosed things': (random) =>
    `### A\n\n${random.pick(['```', '~~~~', '```bash', '<!--', '<div>', '[a](', '`'])}\n${many(size(random, 5_000), () => random.pick(['kubectl get pods "', "kubectl get pods '", 'kubectl get pods $(', 'kubectl apply -f - <<EOF', 'echo `', 'if true; then', 'kubectl get pods \\', 'for i in']))}`,
  'a huge pipeline': (random) =>
    fenced(
      `kubectl get pods${random.pick([' | grep a', ' | sort', '| jq .', ' | xargs kubectl delete pod', ' |& cat', ' | awk 1']).repeat(size(random, 800))}`,
    ),
  'a huge list': (random) =>
    fenced(
      `kubectl get pods${random
        .pick([' && kubectl get svc', '; kubectl get pods', ' || true', ' & true', '\n', ' ;'])
        .repeat(size(random, 400))}`,
    ),
  'many placeholders': (random) =>
    `### A\n\n\`\`\`bash\n${many(Math.ceil(size(random, 100_000) / 100), (n) => `kubectl get pods -n ${many(100, (m) => `<p${n}-${m}>`, random.pick(['', '-', ' ', ',']))}`)}\n\`\`\`\n`,
  'placeholders everywhere': () =>
    `# <a>\n\n### ${'<b>'.repeat(1_000)}\n\n${'<c> '.repeat(100_000)}\n\n${fenced('<d> <e> -n <f> -- <g>')}`,
  'many flags': (random) =>
    fenced(
      `kubectl get pods ${many(size(random, 900), (n) => random.pick(['-n a', '--namespace=a', '-l a=b', '-o json', `--x${n}`, '-A', '-ooo', '--', '-nnnn', '--__proto__=1', '--constructor']), ' ')}`,
    ),
  'many words': (random) =>
    fenced(
      `kubectl ${random.pick(['delete pod', 'get', 'exec a --', 'patch deploy', 'label pods', 'set env deploy/a', 'create secret generic a'])} ${many(size(random, 1_500), (n) => random.pick([`a${n}`, 'a/b', 'a=b', 'a,b,c', '/', ',', 'a-']), ' ')}`,
    ),
  'a long continuation': (random) =>
    fenced(`kubectl get pods ${' \\\n'.repeat(size(random, 30_000))} -n shop`),
  'a long here-document': (random) =>
    fenced(
      `kubectl apply -f - <<${random.pick(['EOF', "'EOF'", '-EOF', '"E O F"', ''])}\n${many(size(random, 30_000), (n) => random.pick(['kind: Pod', '# a', `a${n}: b`, '---', '$(rm -rf /)', '$X', 'EOF ']))}\n${random.pick(['EOF', 'FEO'])}`,
    ),
  'a here-document of hostile YAML': (random) =>
    fenced(
      `cat <<'EOF' | kubectl apply -f -\n${random.pick([`a: ${nested('[', ']', size(random, 20_000))}`, `a0: &a [1,1]\n${many(20, (n) => `b${n}: [*a,*a,*a]`)}`, '{'.repeat(5_000), '? '.repeat(3_000), 'a: &x {b: *x}'])}\nEOF`,
    ),
  'dense emphasis': (random) =>
    `### A\n\n${random
      .pick(['*a_', '**', '_a*', '[a](', '![', '~~a', '[^a]', '[[', '`a``', '<a', 'a*'])
      .repeat(size(random, 30_000))}\n`,
  tables: (random) =>
    `|${'a|'.repeat(size(random, 3_000))}\n|${'-|'.repeat(size(random, 3_000))}\n${many(size(random, 3_000), () => '|b')}\n`,
  'many references': (random) =>
    `${many(size(random, 10_000), (n) => `[a${n}]: b`)}\n\n${many(size(random, 2_000), (n) => `[a${n}] [x][a${n}]`, ' ')}\n`,
  'random words of a shell': (random) =>
    fenced(
      many(200, () =>
        many(
          random.below(40),
          () =>
            random.pick([
              'kubectl',
              'get',
              'pods',
              '|',
              '&&',
              '(',
              ')',
              '"',
              "'",
              '\\',
              '$',
              '{',
              '}',
              '<',
              '>',
              '`',
              '#',
              ';',
              '&',
              '!',
              '[[',
              ']]',
              'x=',
              '$((',
              '<<',
              '\ue000',
              '-n',
              '--',
              '~',
              '*',
            ]),
          random.pick(['', ' ']),
        ),
      ),
    ),
  'random bytes': (random) =>
    Buffer.from(Array.from({ length: size(random, 50_000) }, () => random.below(256))).toString(
      random.chance(0.5) ? 'utf8' : 'latin1',
    ),
}
