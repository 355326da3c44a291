import 'server-only'
import { AwkMachine, Leave } from './awk-machine'
import { type AwkRule, parseAwk } from './awk-parse'
import { isTrue } from './awk-values'
import { unescapeAwk } from './awk-words'
import { linesOf, type Stage, toOctets } from './lines'
import { NotUnderstood } from './options'
import { parsePattern } from './pattern'

/** awk programs without loops, files and commands; -F and -v. */
export function readAwk(argv: readonly string[]): Stage {
  const { program, variables } = readArguments(argv.slice(1))
  const rules = parseAwk(toOctets(program))
  return (octets) => {
    const machine = new AwkMachine()
    for (const [name, value] of variables) machine.set(name, name === 'FS' ? value : { field: value })
    run(machine, rules, linesOf(octets))
    return machine.output
  }
}

function readArguments(words: readonly string[]) {
  const variables: [string, string][] = []
  let i = 0
  // awk takes options only before its program.
  for (; i < words.length && words[i]?.startsWith('-') && words[i] !== '-'; i++) {
    const word = words[i] as string
    if (word === '--') {
      i++
      break
    }
    const letter = word.slice(1, 2)
    const value = word.length > 2 ? word.slice(2) : words[++i]
    if (!'Fv'.includes(letter)) throw new NotUnderstood(`awk ${word} is not understood here.`)
    if (value === undefined) throw new NotUnderstood(`awk -${letter} lacks its value.`)
    if (letter === 'F') variables.push(['FS', separator(value)])
    else {
      const [, name, text = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(value) ?? []
      if (!name || ['NF', 'NR', 'FNR', 'RS'].includes(name))
        throw new NotUnderstood(`awk -v ${value} is not understood here.`)
      variables.push([name, name === 'FS' ? separator(text) : unescapeAwk(toOctets(text))])
    }
  }
  const program = words[i]
  if (program === undefined) throw new NotUnderstood('awk lacks its program.')
  if (words.length > i + 1) throw new NotUnderstood('awk would read a file instead of the pipe.')
  return { program, variables }
}

function separator(written: string): string {
  if (written === 't') throw new NotUnderstood('awk -Ft means a tab to some and the letter to others.')
  const octets = unescapeAwk(toOctets(written))
  if (octets === '') throw new NotUnderstood('awk without a field separator is not understood here.')
  if (octets.length > 1) parsePattern(octets, 'awk')
  return octets
}

function run(machine: AwkMachine, rules: readonly AwkRule[], lines: readonly string[]): void {
  let ended = false
  const all = (kind: 'BEGIN' | 'END' | 'line') => {
    try {
      for (const { when, act } of rules) {
        if (typeof when === 'string' ? when === kind : kind === 'line' && isTrue(when(machine))) act(machine)
      }
    } catch (cause) {
      if (!(cause instanceof Leave)) throw cause
      if (cause.what === 'exit') ended = true
    }
  }
  all('BEGIN')
  if (!ended && rules.some(({ when }) => when !== 'BEGIN'))
    for (const line of lines) {
      machine.read(line)
      all('line')
      if (ended) break
    }
  // `exit` in a rule still runs END; in BEGIN it does so too, without any line having been read.
  all('END')
}
