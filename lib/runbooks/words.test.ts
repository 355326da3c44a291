import { describe, expect, it } from 'vitest'
import type { Command } from './command'
import { parseCommandLine } from './words'

function commands(text: string): Command[] {
  const read = parseCommandLine(text)
  if ('manual' in read) throw new Error(`${text}: ${read.manual}`)
  return read.commands
}

const argv = (text: string) => commands(text).map((command) => command.argv)

function reason(text: string): string {
  const read = parseCommandLine(text)
  return 'manual' in read
    ? read.manual
    : `understood: ${JSON.stringify(read.commands.map((one) => one.argv))}`
}

describe('words of a line', () => {
  it('reads quotes as a shell does', () => {
    expect(argv(`psql -c "SELECT 'a b'" -d 'x "y"' plain\\ word`)).toEqual([
      ['psql', '-c', "SELECT 'a b'", '-d', 'x "y"', 'plain word'],
    ])
    expect(argv(`redis-cli SET "say \\"hi\\"" ''`)).toEqual([['redis-cli', 'SET', 'say "hi"', '']])
  })

  it('keeps JSON in single quotes whole', () => {
    const patch = '{"data":{"DB_POOL_SIZE":"<pool-size>"}}'
    const [command] = commands(`kubectl patch cm settings -n shop --type merge -p '${patch}'`)
    expect(command?.program === 'kubectl' && command.flags.patch).toBe(patch)
  })

  it('keeps placeholders, which a shell would take for redirections', () => {
    expect(argv('kubectl exec kong-<pod-id> -n edge -- kong reload')[0]?.[2]).toBe('kong-<pod-id>')
    expect(argv('curl -H "Authorization: Bearer <token>" http://shop/api')[0]?.[2]).toBe(
      'Authorization: Bearer <token>',
    )
  })

  it('takes a prompt, sudo and time off', () => {
    expect(argv('$ kubectl get pods')).toEqual([['kubectl', 'get', 'pods']])
    expect(argv('sudo time kubectl get pods')[0]?.slice(-2)).toEqual(['get', 'pods'])
  })

  it('leaves a comment at the end out', () => {
    expect(argv('kubectl get pods   # all of them')).toEqual([['kubectl', 'get', 'pods']])
  })

  it('gives each command of && and ; a place of its own', () => {
    const two = commands('kubectl get pods -n a && kubectl get svc web -n a')
    expect(two.map((one) => one.program === 'kubectl' && one.resources[0]?.kind)).toEqual(['Pod', 'Service'])
    expect(commands('kubectl get pods; kubectl get pods -A')).toHaveLength(2)
  })

  it('gives the stages of a pipe as filters of the first command', () => {
    const [command] = commands(`kubectl logs deploy/web -n shop | grep -i "a b" | wc -l`)
    expect(command?.argv.slice(0, 2)).toEqual(['kubectl', 'logs'])
    expect(command?.filters).toEqual([
      { program: 'grep', argv: ['grep', '-i', 'a b'] },
      { program: 'wc', argv: ['wc', '-l'] },
    ])
  })

  it('reads the command inside an exec, up to its own options', () => {
    const [command] = commands('kubectl exec -it redis-0 -n storage -- redis-cli -n 1 INFO stats')
    expect(command?.program === 'kubectl' && command.inner?.argv).toEqual([
      'redis-cli',
      '-n',
      '1',
      'INFO',
      'stats',
    ])
    expect(command?.program === 'kubectl' && command.namespace).toBe('storage')
  })
})

describe('what only a shell can do is a manual step that says why', () => {
  it.each([
    ['kubectl exec web-0 -- psql -c "$(cat drop.sql more.sql)"', /does not come from one plain read/],
    ['kubectl get pods > pods.txt', /writes to a file/],
    ['kubectl get pods >> pods.txt', /writes to a file/],
    ['kubectl apply -f - < deploy.yaml', /reads from a file/],
    ['kubectl get pods &', /in the background/],
    ['for p in a b; do kubectl delete pod $p; done', /shell loop/],
    ['while true; do kubectl get pods; done', /shell loop/],
    ['if true; then kubectl get pods; fi', /shell condition/],
    ['(kubectl get pods)', /sub-shell/],
    ['f() { kubectl get pods; }', /shell function/],
    ['kubectl get pods | tee pods.txt', /writes to a file/],
    ['kubectl get pods | bash', /runs what a command prints/],
    ['kubectl get pods | (cat)', /not a plain command/],
    ['kubectl exec web-0 -- sh /opt/repair.sh', /another way than sh -c SCRIPT/],
    ['kubectl exec -it web-0 -- bash', /interactive session/],
    ['kubectl get pods "unclosed', /not a complete command line/],
    ['# only a comment', /holds no command/],
    ['kubectl edit deploy/web', /opens an editor/],
    ['kubectl port-forward svc/web 8080:80', /opens a port on the machine/],
    ['kubectl frobnicate pods', /not a verb/],
    ['kubectl get pods --sideways', /no flag --sideways/],
    ['kubectl get pods -Z', /no flag -Z/],
    ['kubectl get pods -n', /lacks its value/],
    ['kubectl exec web-0', /names no command/],
  ])('%s', (line, why) => {
    expect(reason(line)).toMatch(why)
    expect(reason(line)).toMatch(/\.$/)
  })

  it('refuses a line that is too long, and disguised characters', () => {
    expect(reason(`kubectl get pods ${'x'.repeat(8_200)}`)).toMatch(/longer than 8192/)
    expect(reason('kubectl get pods \uE000x\uE001')).toMatch(/not for use in text/)
  })

  it('never throws, whatever is typed', () => {
    // Same texts on every run: pieces of shell syntax put together by a fixed sequence.
    const pieces = [
      'kubectl',
      'get',
      '$(',
      ')',
      '"',
      "'",
      '|',
      '&&',
      '>',
      '<x>',
      '`',
      '\\',
      '{',
      '}',
      ';',
      '((',
      '#',
      '-n',
      '--',
      '$x',
      '\n',
    ]
    let seed = 42
    for (let i = 0; i < 2_000; i++) {
      const words = Array.from({ length: 1 + (i % 7) }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        return pieces[seed % pieces.length]
      })
      const read = parseCommandLine(words.join(i % 2 ? ' ' : ''))
      expect('manual' in read ? read.manual !== '' : read.commands.length > 0).toBe(true)
    }
  })
})
