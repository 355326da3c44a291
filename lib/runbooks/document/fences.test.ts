import { describe, expect, it } from 'vitest'
import { parseDocument } from '../parse-document'

const lines = (...text: string[]) => text.join('\n')
const stepsOf = (...text: string[]) => parseDocument(lines('### A', ...text)).cards[0]?.steps ?? []
/** Each command with its line. */
const read = (...text: string[]) =>
  stepsOf(...text).flatMap((step) => step.commands.map((one) => [one.line, one.text]))
const POD = 'kubectl get pods -n shop'

describe('a fence is found', () => {
  it.each([
    ['with a language', ['```bash', POD, '```']],
    ['of tildes', ['~~~ {.sh .numbered}', POD, '~~~']],
    ['of MyST', ['```{code-block} bash', POD, '```']],
    ['with options of Hugo', ['```bash {linenos=table,hl_lines=[1]}', POD, '```']],
    ['without a language', ['```', POD, '```']],
    ['of Hugo', ['{{< highlight bash "linenos=table" >}}', POD, '{{< /highlight >}}']],
    ['of Istio', ['{{< text bash >}}', `$ ${POD}`, '{{< /text >}}']],
    ['of Jekyll', ['{% highlight bash %}', POD, '{% endhighlight %}']],
    ['of AsciiDoc', ['[source,bash]', '----', POD, '----']],
    ['of HTML', ['<pre><code class="language-bash">', POD, '</code></pre>']],
    ['in a note of GitHub', ['> [!NOTE]', '> ```bash', `> ${POD}`, '> ```']],
    ['in a box', ['!!! warning "Careful"', '    ```bash', `    ${POD}`, '    ```']],
    ['in a box of colons', [':::note', '```bash', POD, '```', ':::']],
    ['in a box of MyST', ['````{note}', '```bash', POD, '```', '````']],
    ['in a tab', ['=== "Plain"', '', '    ```bash', `    ${POD}`, '    ```']],
    ['in details', ['<details><summary>More</summary>', '```bash', POD, '```', '</details>']],
    [
      'in a nested list',
      ['1. One', '   - two', '     1. three', '        ```bash', `        ${POD}`, '        ```'],
    ],
    ['in a list, not indented as it should be', ['1. One', '   ```bash', POD, '   ```']],
    ['in a list in a quotation', ['> 1. One', '>    ```bash', `>    ${POD}`, '>    ```']],
    ['between tags', ['{% raw %}', '```bash', POD, '```', '{% endraw %}', '<% end %>']],
    ['by indentation, with a command', ['Text', '', `    ${POD}`, '']],
    ['by indentation in a list', ['1. One', '', `       ${POD}`, '']],
  ])('%s', (_, text) => {
    const at = text.findIndex((line) => line.includes(POD))
    expect(read(...text, '', 'Text after it.')).toEqual([[at + 2, POD]])
  })

  it.each([
    ['in an HTML comment', ['<!--', '```bash', POD, '```', '-->']],
    ['in a comment of Liquid', ['{% comment %}', '```bash', POD, '```', '{% endcomment %}']],
    ['by indentation, without a command', ['Text', '', '    Error: no such pod', '']],
    ['of a template tag alone', ['```bash', '{% include commands.sh %}', '```']],
  ])('but nothing is run %s', (_, text) => {
    expect(read(...text)).toEqual([])
  })

  it('that nobody closed ends before the next heading', () => {
    const cards = parseDocument(lines('### A', '```bash', POD, '### B', '```bash', POD, '```')).cards
    expect(cards.map((card) => card.steps.map((step) => step.commands.map((one) => one.line)))).toEqual([
      [[3]],
      [[6]],
    ])
  })
})

describe('one command of several lines', () => {
  it.each([
    ['backslashes', ['kubectl get pods \\', '  -n shop \\', '  -o wide'], 'kubectl get pods -n shop -o wide'],
    [
      'pipes and &&',
      ['kubectl get pods |', '  grep web &&', '  date'],
      'kubectl get pods | grep web && date',
    ],
    [
      'a quotation',
      ["kubectl patch cm a -p '{", '  "data": {}', "}'"],
      'kubectl patch cm a -p \'{\n  "data": {}\n}\'',
    ],
    [
      'a here-document',
      ['kubectl apply -f - <<EOF', 'kind: Pod', '# why', 'EOF'],
      'kubectl apply -f - <<EOF\nkind: Pod\n# why\nEOF',
    ],
    [
      'a loop',
      ['for p in a b; do', '  kubectl delete pod $p', 'done'],
      'for p in a b; do\n  kubectl delete pod $p\ndone',
    ],
    [
      'a condition',
      ['if kubectl get ns a', 'then', 'kubectl delete ns a', 'fi'],
      'if kubectl get ns a\nthen\nkubectl delete ns a\nfi',
    ],
    ['a substitution', ['PODS=$(kubectl get pods', '-o name)'], 'PODS=$(kubectl get pods\n-o name)'],
  ])('is joined by %s', (_, code, text) => {
    expect(read('```bash', ...code, 'kubectl get cm', '```')).toEqual([
      [3, text],
      [3 + code.length, 'kubectl get cm'],
    ])
  })

  it('is none because of an apostrophe', () => {
    expect(
      read('```bash', "kubectl get pods # don't wait", "echo it's", 'kubectl get cm', '```').length,
    ).toBe(3)
  })

  it('keeps a loop that nobody closed in one piece, since its lines alone mean another thing', () => {
    expect(read('```bash', 'for p in a b; do', 'kubectl delete pod web', '```').length).toBe(1)
  })
})

describe('a function', () => {
  const calls = ['restart web', 'kubectl get pods']

  it.each([
    ['restart() {', '}'],
    ['restart () {', '}'],
    ['function restart {', '}'],
    ['function restart() {', '}'],
    ['restart()', '{', '}'],
  ])('"%s" is one command with all its lines, and what calls it is another', (...around) => {
    const body = ['  local name=$1', '', '  # gone', '  kubectl delete pod $name', '  kubectl get pods']
    const whole = [...around.slice(0, -1), ...body, '}']
    const commands = stepsOf('```bash', ...whole, ...calls, '```').flatMap((step) => step.commands)
    expect(commands.map(({ text }) => text)).toEqual([whole.join('\n'), ...calls])
  })
})

describe('where a function ends', () => {
  it.each([
    ['behind what stands in its first line', ['f() { local a=$1', 'kubectl delete pod $a', '}']],
    ['in the line of its last command', ['f() {', 'kubectl delete pod x; }']],
    ['with more behind it', ['f() {', 'kubectl delete pod x', '} && f']],
    ['with a redirection', ['f() {', 'kubectl delete pod x', '} 2>/dev/null']],
    [
      'behind a list in braces',
      ['f() {', 'kubectl get ns a || {', 'exit 1', '}', 'kubectl delete pod x', '}'],
    ],
    ['behind another', ['f() {', 'g() {', 'kubectl delete pod x', '}', 'kubectl delete pod y', '}']],
    [
      'behind a here-document',
      ['f() {', 'kubectl apply -f - <<EOF', '}', 'EOF', 'kubectl delete pod x', '}'],
    ],
    ['with a name of several parts', ['k8s::f.all() {', 'kubectl delete pod x', '}']],
    ['a blank line below its name', ['f()', '', '{', 'kubectl delete pod x', '}']],
    [
      'behind braces that are none',
      ['f() {', "echo '}' x | xargs -I {} kubectl get {}", 'kubectl get svc', '}'],
    ],
    ['or a list behind a command', ['kubectl get ns a || {', 'kubectl create ns a', '}']],
  ])('%s', (_, whole) => {
    const commands = stepsOf('```bash', ...whole, POD, '```').flatMap((step) => step.commands)
    expect(commands.map(({ text }) => text)).toEqual([whole.join('\n'), POD])
  })

  it('takes nothing where a name is no function', () => {
    const commands = stepsOf('```bash', 'restart()', POD, 'kubectl get svc', '```').flatMap(
      (step) => step.commands,
    )
    expect(commands.map(({ text }) => text)).toEqual(['restart()', POD, 'kubectl get svc'])
  })

  it('is found quickly among blanks without an end', () => {
    const start = performance.now()
    const blanks = ' '.repeat(9_900)
    stepsOf('```bash', 'f() {', ...Array.from({ length: 10 }, () => `function x${blanks}y`), '```')
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

describe('what a program printed', () => {
  it('stands below a prompt, so kubectl above the first one was typed', () => {
    const commands = stepsOf('```', POD, 'kubectl get svc', '$ mysql -u web', 'kubectl 1.31', '```')
    expect(commands[0]?.commands.map(({ text }) => text)).toEqual([POD, 'kubectl get svc', 'mysql -u web'])
    expect(commands[0]?.output).toEqual(['kubectl 1.31'])
  })

  it('is no command after a prompt, whatever it looks like', () => {
    const [step] = stepsOf(
      '```console',
      '$ kubectl get pods \\',
      '>   -n shop',
      'NAME  READY',
      'kubectl delete ns shop',
      '```',
    )
    expect(step?.commands).toEqual([{ line: 3, text: 'kubectl get pods -n shop' }])
    expect(step?.output).toEqual(['NAME  READY', 'kubectl delete ns shop'])
  })

  it.each(['$ ', 'root@web-0:/# ', '[me@host ~]$ ', 'sh-5.1$ ', '# '])(
    'is told by the prompt "%s"',
    (prompt) => {
      expect(read('```console', `${prompt}kubectl get pods`, 'web-0  1/1', '```')).toEqual([
        [3, 'kubectl get pods'],
      ])
    },
  )

  it('is not the comment that follows the last command', () => {
    const [step] = stepsOf('```bash', `$ ${POD}`, '# They come back by themselves.', '```')
    expect([step?.note, step?.output]).toEqual(['They come back by themselves.', undefined])
  })

  it('is told by its table, its YAML or its JSON', () => {
    const [step] = stepsOf(
      '```bash',
      POD,
      'NAME    READY   STATUS',
      'redis   1/1     Running',
      '',
      'kubectl get cm a -o yaml',
      'data:',
      '  run.sh: |',
      '    kubectl delete ns shop',
      '```',
    )
    expect(step?.commands.map((one) => one.line)).toEqual([3, 7])
    expect(step?.output?.length).toBe(5)
  })

  it('does not make commands of a manifest without a language', () => {
    expect(read('```', 'kind: Job', 'command: |', '  kubectl delete ns shop', '```')).toEqual([])
  })

  it('leaves each line of a shell block a command when nothing was printed', () => {
    expect(read('```bash', 'our-own-tool restart', '```')).toEqual([[3, 'our-own-tool restart']])
  })

  it('stays with the step when it has a block of its own', () => {
    const [step] = stepsOf('```bash', POD, '```', '', '```', 'NAME  READY', 'web   1/1', '```')
    expect(step?.output).toEqual(['NAME  READY', 'web   1/1'])
  })
})

it('keeps a query or a manifest with the step before it, or with the first one', () => {
  const steps = stepsOf(
    '```promql',
    'up == 0',
    '```',
    '```sh',
    POD,
    '```',
    '```yaml',
    'a: b',
    '```',
    '```sh',
    POD,
    '```',
  )
  expect(steps.map((step) => step.attachments?.map((one) => [one.lang, one.line]))).toEqual([
    [
      ['promql', 3],
      ['yaml', 9],
    ],
    undefined,
  ])
})

it('keeps templates within a command', () => {
  const command = "kubectl get pods -n {{ .ns }} -o go-template='{{range .items}}{{.kind}}{{end}}'"
  expect(read('```bash', command, '```')).toEqual([[3, command]])
})

it('marks of what a program looked at are no commands', () => {
  expect(read('```bash', 'linkerd check', '× control plane is up', '√ can create pods', '```')).toEqual([
    [3, 'linkerd check'],
  ])
})

describe('a prompt', () => {
  it('of root is one where nothing else was typed and a table was printed', () => {
    const table = 'NAME   READY   STATUS'
    expect(read('```bash', '# kubectl get vm', table, '# kubectl get vmi -n shop', table, '```')).toEqual([
      [3, 'kubectl get vm'],
      [5, 'kubectl get vmi -n shop'],
    ])
    expect(read('```bash', '# kubectl get vm shows them', POD, '```')).toEqual([[4, POD]])
    expect(read('```bash', '# kubectl get vm', '# kubectl get vmi', '```')).toEqual([])
  })

  it('is never seen in a comment that could change something', () => {
    for (const block of [
      ['# kubectl delete pods --all -n prod', '# kubectl get pods', 'NAME READY STATUS'],
      ['# kubectl delete removes the pod', 'NAME READY STATUS'],
      ['# kubectl delete deployment web -n shop', '---', 'apiVersion: v1'],
      ['helm upgrade web', '# kubectl delete pvc --all -n shop', 'Error: timed out'],
      ['cat <<EOF > x.yaml', '# kubectl delete ns shop', 'name: x', 'EOF'],
    ])
      for (const [, text] of read('```bash', ...block, '```'))
        expect(text, block[0]).not.toMatch(/^kubectl delete/)
  })

  it('is no variable that holds a command', () => {
    expect(read('```', `$${POD}`, '```')).toEqual([[3, `$${POD}`]])
    const line = '$kubectl delete pod web-0'
    expect(read('```bash', 'kubectl="kubectl --context=staging"', line, '```').at(-1)).toEqual([4, line])
  })
})

describe('a session', () => {
  const where = (...text: string[]) =>
    stepsOf('```bash', ...text, '```').flatMap((step) => step.commands.map(({ within }) => within))
  const CURL = 'curl http://localhost:8080/health'

  it.each([
    'kubectl exec -it web-0 -n shop -- bash',
    'kubectl exec -it web-0 -- /bin/sh',
    'oc rsh -n shop web-0',
    'oc debug node/worker-1',
    'kubectl debug node/worker-1 -it --image=busybox',
    'sudo docker exec -it web bash',
    'ssh -i key core@worker-1',
    'kubectl run -it --rm debug --image=busybox -- sh',
    'ssh core@worker-1',
  ])('%s holds what is typed after it, but for kubectl', (opens) => {
    expect(where(opens, CURL, 'exit', CURL)).toEqual([
      undefined,
      'It is typed in the session that line 3 opens.',
      'It is typed in the session that line 3 opens.',
      undefined,
    ])
    expect(where(opens, POD, CURL)).toEqual([undefined, undefined, undefined])
  })

  it.each([
    'kubectl exec -it web-0 -- bash  # open a shell',
    'kubectl exec -it web-0 -- bash || true',
    'kubectl exec -it web-0 -- /bin/bash -l',
    'kubectl exec -it web-0 -- su - postgres',
    'sudo -E kubectl exec -it web-0 -- sh -i',
    'POD=$(kubectl get pods -o name | head -1) && kubectl exec -it $POD -- bash',
  ])('%s holds it too', (opens) => {
    expect(where(opens, CURL)).toEqual([undefined, 'It is typed in the session that line 3 opens.'])
  })

  it.each([
    'kubectl exec web-0 -- which bash',
    'kubectl exec web-0 -- curl -s localhost',
    'kubectl exec web-0 -- sh -c "ls"',
    'oc rsh web-0 ls',
  ])('%s opens none', (line) => {
    expect(where(line, CURL)).toEqual([undefined, undefined])
  })

  it('is what the prompt of a container says', () => {
    const container = 'It is typed inside a container, as its prompt says.'
    for (const prompt of ['/ $', '/ #', 'sh-5.1#', 'bash-4.4$', 'root@web-0:/#', 'root@web-0:/app#'])
      expect(where(`${prompt} ${CURL}`), prompt).toEqual([container])
    for (const prompt of ['$', 'ana@laptop:~$', '[root@bastion ~]#', 'root@bastion:~#'])
      expect(where(`${prompt} ${CURL}`), prompt).toEqual([undefined])
    expect(where(`/ $ ${POD}`)).toEqual([container])
  })
})
