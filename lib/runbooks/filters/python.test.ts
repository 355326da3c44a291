import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { applyFilters, whyNot } from '.'

const filter = (...argv: string[]) => ({ program: 'python3', argv: ['python3', ...argv] })
const installed = spawnSync('python3', ['--version']).status === 0
const UNQUOTE = 'import sys, urllib.parse; print(urllib.parse.unquote(sys.stdin.read()))'

const DOCUMENTS = [
  '{"b":[1,{"c":"é \\u007f 😀 \\"q\\" <"}],"a":{},"e":[],"n":null,"t":true}',
  '[]',
  '"only a text"',
  '{"10":1,"9":2,"a":1,"a":3}',
  '[-1, 0, 12345678901234567890]',
  ' {"a" : "1.5e3"}\n\n',
]

describe.skipIf(!installed)(
  'Python in a pipe gives what the real one gives (skipped where there is none)',
  () => {
    it.each([
      ['-m', 'json.tool'],
      ['-m', 'json.tool', '--sort-keys'],
      ['-m', 'json.tool', '--indent', '2'],
      ['-m', 'json.tool', '--no-ensure-ascii'],
      ['-m', 'json.tool', '--compact'],
      ['-m', 'json.tool', '--tab'],
    ])('%s %s %s', async (...argv) => {
      for (const document of DOCUMENTS) {
        const { stdout } = spawnSync('python3', argv, { input: document, encoding: 'utf8' })
        const ours = await applyFilters(document, [filter(...argv)])
        expect(ours.ok && ours.value.text, document).toBe(stdout)
      }
    })

    it.each(['data:,%2D%2Dx%0A', 'caf%C3%A9 %zz %4', 'a+b%FFc', '', '\ufeffa\x1c '])(
      'unquotes %j',
      async (text) => {
        for (const program of [
          UNQUOTE,
          UNQUOTE.replace('unquote', 'unquote_plus'),
          UNQUOTE.replace('read()', 'read().strip()'),
        ]) {
          const { stdout } = spawnSync('python3', ['-c', program], { input: text, encoding: 'utf8' })
          const ours = await applyFilters(text, [filter('-c', program)])
          expect(ours.ok && ours.value.text, program).toBe(stdout)
        }
      },
    )
  },
)

describe('Python in a pipe', () => {
  it.each([['1.5'], ['[1e3]'], ['-0'], ['{} {}'], ['no JSON']])(
    'prints nothing of %s that it would not print',
    async (text) => {
      expect((await applyFilters(text, [filter('-m', 'json.tool')])).ok).toBe(false)
    },
  )

  it.each([
    [['-c', 'import os; os.system("x")']],
    [['-c', `${UNQUOTE}; import os`]],
    [['-m', 'http.server']],
    [['-m', 'json.tool', 'file.json']],
    [['-m', 'json.tool', '--json-lines']],
    [['-m', 'json.tool', '--tab', '--indent', '2']],
    [['-c', UNQUOTE.replace('; print', ';printx')]],
  ])('leaves any other program to a person: %j', (argv) => {
    expect(whyNot(filter(...argv))).toBeDefined()
  })
})
