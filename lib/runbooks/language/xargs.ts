import type { Filter } from '../command'
import { asKubectl } from './oc'
import { StaysManual } from './reasons'
import { programOf } from './wrappers'

/** `xargs kubectl …` at the end of a pipe, understood. */
export interface Xargs {
  /** Words of kubectl, without the program. */
  words: string[]
  /** With -I: what stands for a line of the text in those words. */
  replace?: string
  /** With -n: how many words of the text one command gets; absent for all of them. */
  atATime?: number
  /** With -L 1: a command for each line of the text. */
  byLine: boolean
}

/**
 * Reads a stage `xargs … kubectl …` (GNU findutils). Options that change what is done are understood, those that only
 * say how fast or how loud are passed over. undefined for any other program and for options that are not known.
 */
export function readXargs({ program, argv }: Filter): Xargs | undefined {
  if (program !== 'xargs') return undefined
  const xargs: Xargs = { words: [], byLine: false }
  let at = 1
  const after = (word: string, letters: number) => (word.length > letters ? word.slice(letters) : argv[++at])
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-')) break
    if (/^(-r|-t|--no-run-if-empty|--verbose)$/.test(word)) continue
    if (/^-P\d*$/.test(word)) {
      if (!/^\d+$/.test(after(word, 2) ?? '')) return undefined
    } else if (/^-[nL]\d*$/.test(word)) {
      const number = Number(after(word, 2))
      if (!Number.isInteger(number) || number < 1) return undefined
      if (word.startsWith('-n')) xargs.atATime = number
      else if (number === 1) xargs.byLine = true
      else return undefined
    } else if (word.startsWith('-I')) {
      const mark = after(word, 2)
      if (!mark) return undefined
      xargs.replace = mark
    } else if (word === '-i') xargs.replace = '{}'
    else return undefined
  }
  const client = programOf(argv[at])
  const words = argv.slice(at + 1)
  if (client === 'kubectl') return { ...xargs, words }
  const ofKubectl = client === 'oc' ? ocWords(words) : undefined
  return ofKubectl && { ...xargs, words: ofKubectl }
}

/** The words after `oc` as those of kubectl; undefined for what oc alone does. */
function ocWords(words: readonly string[]): string[] | undefined {
  try {
    return asKubectl(words)
  } catch (cause) {
    if (cause instanceof StaysManual) return undefined
    throw cause
  }
}

/** Words of a text that may become words of a command: names, `kind/name`, and the flag that names a namespace. */
const NAME = /^[A-Za-z0-9][\w.:/-]*$/
const NAMESPACE_FLAG = /^(-n|--namespace)$/

/**
 * The commands that xargs would run for a text, each as the words after kubectl. A text with anything but names in it
 * gives a sentence that says so: a word of it could be a flag, and nobody would have seen it before.
 */
export function commandsOf(xargs: Xargs, text: string): string[][] | { odd: string } {
  const lines = text.split('\n').map((one) => one.trim())
  const filled = lines.filter((one) => one !== '')
  const words = filled.flatMap((one) => one.split(/\s+/))
  const odd = words.find((word) => !NAME.test(word) && !NAMESPACE_FLAG.test(word))
  if (odd !== undefined) return { odd: `The text holds "${odd.slice(0, 60)}", which is no plain name.` }
  const { replace } = xargs
  if (replace !== undefined)
    return filled.some((one) => /\s/.test(one))
      ? { odd: 'A line of the text holds more than one name.' }
      : filled.map((one) => xargs.words.map((word) => word.replaceAll(replace, one)))
  const size = xargs.atATime ?? words.length
  const parts = xargs.byLine
    ? filled.map((one) => one.split(/\s+/))
    : Array.from({ length: Math.ceil(words.length / Math.max(1, size)) }, (_, part) =>
        words.slice(part * size, (part + 1) * size),
      )
  // kubectl takes the last of several namespaces for all names before it.
  if (parts.some((part) => part.filter((word) => NAMESPACE_FLAG.test(word)).length > 1))
    return { odd: 'One command would get several namespaces: with -L 1 each line is a command of its own.' }
  return parts.map((part) => [...xargs.words, ...part])
}
