import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../words'
import { normalName } from './placeholders'

function understood(text: string) {
  const read = parseCommandLine(text)
  if ('manual' in read) throw new Error(`${text}: ${read.manual}`)
  return read
}

const argv = (text: string) => understood(text).commands[0]?.argv.slice(1).join(' ')

describe('a placeholder in another script', () => {
  it('is one like any other, and has a name of its own', () => {
    const names = ['<命名空间>', '<pod名>', '<pod>', '<バ>', '<ハ>', '<имя пода>', '<имя узла>'].map(
      (one) => understood(`kubectl get pods -n ${one}`).placeholders[0],
    )
    expect(names.map((one) => one?.spelling)).toEqual(
      expect.arrayContaining(['<命名空间>', '<pod名>', '<имя пода>']),
    )
    expect(new Set(names.map((one) => one?.name)).size).toBe(7)
    for (const one of names) expect(one?.name).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(normalName('Größe')).toBe('grosse')
    expect(normalName('nom-du-créneau')).toBe('nom-du-creneau')
  })
})

describe('placeholders in every spelling', () => {
  it.each([
    ['kubectl get pods -n <Name_Space>', 'get pods -n <name-space>'],
    ['kubectl describe pod <your pod name>', 'describe pod <your-pod-name>'],
    ['kubectl get pods -n $TEAM', 'get pods -n <team>'],
    ['kubectl get pods -n "$TEAM"', 'get pods -n <team>'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    ['kubectl get pods -n ${TEAM}-prod', 'get pods -n <team>-prod'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    ['kubectl logs ${pod-name}', 'logs <pod-name>'],
    ['kubectl logs $podName', 'logs <podname>'],
    ['kubectl logs {{ .pod }}', 'logs <pod>'],
    ['kubectl logs {{pod}} -n "{{ $team }}"', 'logs <pod> -n <team>'],
    ['kubectl logs [pod-name] -n [your team]', 'logs <pod-name> -n <your-team>'],
    ['kubectl logs {pod_name} -n {team}', 'logs <pod-name> -n <team>'],
    ['kubectl logs YOUR_POD', 'logs <your-pod>'],
    ['kubectl get deploy/APP_NAME -n TEAM_NAME', 'get deploy/<app-name> -n <team-name>'],
    ['kubectl get pods --namespace=TEAM_NAME -o wide', 'get pods --namespace=<team-name> -o wide'],
    ['kubectl get pods -l app=<app>,tier=$TIER', 'get pods -l app=<app>,tier=<tier>'],
    [
      'kubectl auth can-i get pods --as=system:serviceaccount:$TEAM:web',
      'auth can-i get pods --as=system:serviceaccount:<team>:web',
    ],
  ])('%s', (line, words) => {
    expect(argv(line)).toBe(words)
  })

  it('remember how they were written', () => {
    expect(understood('kubectl logs <Pod_Name> -n $TEAM -c {app}').placeholders).toEqual([
      { name: 'pod-name', spelling: '<Pod_Name>' },
      { name: 'app', spelling: '{app}' },
      { name: 'team', spelling: '$TEAM' },
    ])
    expect(understood('kubectl logs <Pod_Name> -n $TEAM | grep x').commands[0]?.text).toBe(
      'kubectl logs <Pod_Name> -n $TEAM | grep x',
    )
  })

  it('have one name, whatever the spelling', () => {
    expect(['POD_NAME', 'pod name', 'Pod-Name', '_pod__name_'].map(normalName)).toEqual(
      Array.from({ length: 4 }, () => 'pod-name'),
    )
    expect(normalName('__')).toBe('')
  })
})

describe('what only looks like a placeholder', () => {
  it.each([
    [
      `kubectl get pods -o jsonpath='{.items[0].metadata.name}'`,
      'get pods -o jsonpath={.items[0].metadata.name}',
    ],
    [
      'kubectl get pods -o jsonpath={.items[*].metadata.name}',
      'get pods -o jsonpath={.items[*].metadata.name}',
    ],
    ['kubectl get pods -o jsonpath={..metadata.name}', 'get pods -o jsonpath={..metadata.name}'],
    [`kubectl get pods -o go-template='{{.metadata.name}}'`, 'get pods -o go-template={{.metadata.name}}'],
    ['kubectl get pods -o go-template="{{name}}"', 'get pods -o go-template={{name}}'],
    ['kubectl get pods --template "{{name}}"', 'get pods --template {{name}}'],
    [`kubectl patch cm a -p '{"data":{"A":"$B"}}'`, 'patch cm a -p {"data":{"A":"$B"}}'],
    [`kubectl patch cm a -p '{"a":{a},"b":[b]}'`, 'patch cm a -p {"a":{a},"b":[b]}'],
    ['kubectl label node web LOG_LEVEL=debug', 'label node web LOG_LEVEL=debug'],
    ['kubectl exec web-0 -- printenv LOG_LEVEL', 'exec web-0 -- printenv LOG_LEVEL'],
    [
      `kubectl exec pg-0 -- psql -c 'select 1 where 1 <a and b> 2'`,
      'exec pg-0 -- psql -c select 1 where 1 <a and b> 2',
    ],
  ])('%s', (line, words) => {
    expect(argv(line)).toBe(words)
    expect(understood(line).placeholders).toEqual([])
  })

  it('a word that kubectl prints itself can be looked for', () => {
    expect(understood(`kubectl get svc -A | grep '<none>' | tr [a-z] [A-Z]`)).toMatchObject({
      placeholders: [],
      commands: [{ filters: [{ argv: ['grep', '<none>'] }, { argv: ['tr', '[a-z]', '[A-Z]'] }] }],
    })
  })
})

describe('names left open', () => {
  it.each([
    ['kubectl get pods -n ...', '...'],
    ['kubectl label node ... tier=front', '...'],
    ['kubectl describe pod web-…', 'web-…'],
  ])('%s', (line, spelling) => {
    expect(understood(line).unbound).toEqual([spelling])
    expect(understood(line).placeholders).toEqual([])
  })

  it('are not seen in templates and pipes', () => {
    expect(
      understood('kubectl get pods -o jsonpath="{.items...metadata.name}" | grep "..."').unbound,
    ).toEqual([])
  })
})

describe('characters that hide', () => {
  it.each([
    '\u0000',
    '\u0007',
    '\u001b[2K',
    '\u00a0',
    '\u00ad',
    '\u200b',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\u2028',
  ])('%j makes a line manual', (character) => {
    expect(parseCommandLine(`kubectl get pods ${character}-n shop`)).toEqual({
      manual: 'The line holds characters that cannot be seen or that turn the direction of text.',
    })
  })
})
