import { describe, expect, it } from 'vitest'
import { commandsOf, readXargs, type Xargs } from './xargs'

const read = (line: string) => readXargs({ program: 'xargs', argv: line.split(' ') })
const commands = (line: string, text: string) => {
  const made = commandsOf(read(line) as Xargs, text)
  return 'odd' in made ? made.odd : made.map((words) => words.join(' '))
}

describe('xargs of kubectl', () => {
  it.each([
    ['xargs kubectl delete pod', 'web-0\nweb-1\n', ['delete pod web-0 web-1']],
    ['xargs -r -n1 kubectl delete', 'pod/web-0\npod/web-1\n', ['delete pod/web-0', 'delete pod/web-1']],
    ['xargs -n 2 -P 4 oc delete pod', 'a b c', ['delete pod a b', 'delete pod c']],
    [
      'xargs -I{} kubectl describe {} -n shop',
      'pod/a\npod/b',
      ['describe pod/a -n shop', 'describe pod/b -n shop'],
    ],
    ['xargs -I % kubectl label node % role=worker', 'n1\n', ['label node n1 role=worker']],
    [
      'xargs -L1 kubectl delete pod',
      'web-0 -n shop\napi-0 -n edge\n',
      ['delete pod web-0 -n shop', 'delete pod api-0 -n edge'],
    ],
    ['xargs kubectl delete pod', '', []],
  ])('%s of %j', (line, text, made) => expect(commands(line, text)).toEqual(made))

  it.each([
    ['xargs kubectl delete pod', 'web-0 --all', /"--all", which is no plain name/],
    ['xargs kubectl delete pod', "web-0 '$(id)'", /no plain name/],
    ['xargs kubectl delete pod', 'a -n x\nb -n y', /several namespaces/],
    ['xargs -I{} kubectl delete {}', 'pod a', /more than one name/],
  ])('%s of %j is refused', (line, text, why) => expect(commands(line, text)).toMatch(why))

  it.each([
    'xargs -0 kubectl delete',
    'xargs rm -rf',
    'xargs -a names kubectl delete',
    'xargs -L 2 kubectl get',
    'xargs',
  ])('%s is not understood', (line) => expect(read(line)).toBeUndefined())
})
