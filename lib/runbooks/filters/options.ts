import 'server-only'

/** Says why a filter, or a part of it, does not run here. Caught where filters are understood. */
export class NotUnderstood extends Error {}

/**
 * Says why a filter that was understood could not finish on this text. `printed` is what the tool had written by then,
 * as octets; undefined where that is of no use. Caught where filters are applied.
 */
export class CouldNotFinish extends Error {
  constructor(
    message: string,
    readonly printed?: string,
  ) {
    super(message)
  }
}

export interface OptionTable {
  program: string
  /** Letters of the switches, for example `ivc`. */
  switches: string
  /** Letters of the options that take a value, for example `ABm`. */
  values?: string
  /** Long names and the letter each stands for. */
  long?: Record<string, string>
  /** Its other long names. Only where they are all known may a name be cut short: `--numeric`. */
  others?: readonly string[]
}

export interface ReadOptions {
  /** Letters in order of appearance, each with its value ('' for a switch). */
  given: [letter: string, value: string][]
  operands: string[]
}

/**
 * Words after the program as GNU getopt reads them: letters in one word, values in the same or the next word, long
 * names with `=`, operands anywhere, `--` ending the options. Throws NotUnderstood for an option not in the table.
 */
export function readOptions(words: readonly string[], table: OptionTable): ReadOptions {
  const { program, switches, values = '' } = table
  const read: ReadOptions = { given: [], operands: [] }
  const unknown = (option: string) => new NotUnderstood(`${program} ${option} is not understood here.`)
  const valueAfter = (index: number, option: string) => {
    const value = words[index]
    if (value === undefined) throw new NotUnderstood(`${program} ${option} lacks its value.`)
    return value
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === '--') {
      read.operands.push(...words.slice(i + 1))
      break
    }
    if (word.startsWith('--')) {
      const [name = '', ...rest] = word.slice(2).split('=')
      const letter = letterOf(name, table)
      if (letter === undefined) throw unknown(`--${name}`)
      const takes = values.includes(letter)
      if (!takes && rest.length > 0) throw unknown(word)
      read.given.push([letter, takes ? (rest.length > 0 ? rest.join('=') : valueAfter(++i, word)) : ''])
    } else if (word.startsWith('-') && word !== '-') {
      for (let at = 1; at < word.length; at++) {
        const letter = word[at] as string
        if (values.includes(letter)) {
          const attached = word.slice(at + 1)
          read.given.push([letter, attached === '' ? valueAfter(++i, `-${letter}`) : attached])
          break
        }
        if (!switches.includes(letter)) throw unknown(`-${letter}`)
        read.given.push([letter, ''])
      }
    } else read.operands.push(word)
  }
  return read
}

/** What a long name stands for: one that is cut short must begin no other name (getopt_long). */
function letterOf(name: string, { long = {}, others }: OptionTable): string | undefined {
  if (Object.hasOwn(long, name)) return long[name]
  const [whole, ...more] = others
    ? [...Object.keys(long), ...others].filter((one) => one.startsWith(name))
    : []
  return whole !== undefined && more.length === 0 && name !== '' ? long[whole] : undefined
}

/** A filter reads the pipe; a file name beside it means another input. */
export function noFiles(program: string, operands: readonly string[]): void {
  if (operands.some((one) => one !== '-') || operands.length > 1)
    throw new NotUnderstood(`${program} would read a file instead of the pipe.`)
}

/** A count of lines, bytes or fields. */
export function wholeNumber(program: string, text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new NotUnderstood(`${program} takes a whole number here, not "${text.slice(0, 40)}".`)
  return Number(text)
}
