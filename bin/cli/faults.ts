import { createWorld } from '@/sandbox/world/world'
import { printJson } from './files'

type Fault = Pick<ReturnType<typeof createWorld>['faults'][number], 'name' | 'title' | 'cards'>

/** Every fault with the cards it belongs to: for people on a terminal, as JSON where a program reads it. */
export function faults(options: { json?: boolean } = {}): number {
  const all = createWorld().faults.map(({ name, title, cards }): Fault => ({ name, title, cards }))
  if (options.json || !process.stdout.isTTY) printJson({ faults: all })
  else process.stdout.write(table(all, process.stdout.columns || 80))
  return 0
}

function table(all: Fault[], width: number): string {
  const indent = Math.max(...all.map(({ name }) => name.length)) + 2
  const row = (name: string, text: string) => `${name.padEnd(indent)}${text}\n`
  return all
    .map(({ name, title, cards }) => {
      const [first = '', ...more] = [title, cards.join(', ')].flatMap((text) =>
        wrapped(text, Math.max(width - indent, 30)),
      )
      return row(name, first) + more.map((line) => row('', line)).join('')
    })
    .join('')
}

/** A text in lines of at most that many characters, broken at blanks. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
