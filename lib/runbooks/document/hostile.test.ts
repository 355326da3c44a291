import { describe, expect, it } from 'vitest'
import { parseDocument } from '../parse-document'

const fill = (text: string, length = 3 << 20) => text.repeat(Math.floor(length / text.length))
/** As many lines of it as a document may have. */
const rows = (text: string) => `${text}\n`.repeat(49_000).slice(0, 4 << 20)

describe('a document made to hurt', () => {
  it.each([
    ['a line of 10 MB', fill('x', 10 << 20)],
    ['a command of 3 MB', `\`\`\`bash\nkubectl ${fill('a')}\n\`\`\``],
    ['NULs', fill('\0')],
    ['10,000 quotations in each other', `${'>'.repeat(10_000)} a\n`.repeat(300)],
    ['10,000 lists in each other', `${'- '.repeat(10_000)}a\n`.repeat(150)],
    [
      'lists that go deeper with each line',
      Array.from({ length: 2_500 }, (_, n) => `${' '.repeat(n)}- a`).join('\n'),
    ],
    ['fences that nobody closes', rows('```yaml\n## a')],
    ['comments that nobody closes', rows('<!--')],
    ['tags that nobody closes', fill('{% ')],
    ['quotations that nobody closes', `\`\`\`bash\n${rows(`kubectl '"' "a`)}\`\`\``],
    ['headings', rows('## initial initial initial x')],
    ['headings with emphasis', rows('## _a_ b')],
    ['cards of one name', rows('### a')],
    ['commands in items', `## Diagnosis\n${rows('- Run `kubectl get pods -n a` now')}`],
    [
      'commands in paragraphs',
      `## Diagnosis\n${`Run ${'`kubectl get pods -n a`, '.repeat(90)}\n\n`.repeat(1_500)}`,
    ],
    ['comments', `\`\`\`console\n$ a\n${rows('# b')}`],
    ['variables', `\`\`\`\n${rows('A=b')}`],
    ['emphasis', fill('*a_')],
    ['backticks', fill('`a')],
    [
      'YAML that multiplies',
      `---\n${['a: &a [x,x,x,x,x,x,x,x,x]', ...[...'bcdefgh'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`)}]`)].join('\n')}\n---\n`,
    ],
    ['YAML of brackets', `---\na: ${'['.repeat(15_000)}\n---\n`],
    ['TOML of brackets', `+++\na = ${'['.repeat(15_000)}\n+++\n`],
    ['JSON of brackets', '{"a":'.repeat(3_000)],
  ])('is read in a moment: %s', (_, text) => {
    const before = process.cpuUsage()
    expect(() => parseDocument(text)).not.toThrow()
    const { user } = process.cpuUsage(before)
    expect(user / 1e6).toBeLessThan(2)
  })

  it.each([
    ['\u202E', 'another order'],
    ['\u2066', 'another order'],
    ['\u200B', 'not seen'],
    ['\0', 'no character of a command'],
  ])('keeps the text of a command with %j, and says what is wrong with it', (char, why) => {
    const [card] = parseDocument(`### A\n\`\`\`bash\nkubectl get ${char}pods\n\`\`\``).cards
    expect(card?.steps[0]?.commands[0]?.text).toContain('pods')
    expect(card?.steps[0]?.commands[0]?.suspicious).toContain(why)
  })
})
