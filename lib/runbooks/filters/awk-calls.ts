import 'server-only'
import type { Expression } from './awk-expressions'
import type { AwkMachine } from './awk-machine'
import { type AwkValue, checkFormat, formatText, toNumber, toText } from './awk-values'
import { lower, upper } from './lines'
import { Matcher } from './matcher'
import { NotUnderstood } from './options'
import { parsePattern } from './pattern'

/** Makes the value of a call from its arguments; undefined when there are no parentheses. */
type Call = (given: Expression[] | undefined) => (machine: AwkMachine) => AwkValue

function takes(name: string, given: Expression[] | undefined, least: number, most: number): Expression[] {
  const list = given ?? []
  if (list.length < least || list.length > most)
    throw new NotUnderstood(`awk's ${name}() has ${list.length} arguments.`)
  return list
}

function simple(
  name: string,
  least: number,
  most: number,
  compute: (...values: AwkValue[]) => AwkValue,
): Call {
  return (given) => {
    const list = takes(name, given, least, most)
    return (machine) => compute(...list.map((one) => one.value(machine)))
  }
}

/** sub and gsub: how many were replaced; what was replaced is assigned to the third argument, or to $0. */
function substitution(name: string, all: boolean): Call {
  return (given) => {
    const [what, by, target] = takes(name, given, 2, 3)
    const matcher =
      what?.pattern ??
      (what?.constant === undefined ? undefined : new Matcher(parsePattern(what.constant, 'awk')))
    if (!matcher || !by || (target && !target.assign))
      throw new NotUnderstood(
        `awk's ${name}() is understood with a plain expression and a field or variable.`,
      )
    return (machine) => {
      const text = toText(target ? target.value(machine) : machine.field(0))
      const { result, count } = replace(text, matcher, toText(by.value(machine)), all)
      if (count > 0) {
        if (target) target.assign?.(machine, result)
        else machine.setField(0, result)
      }
      return count
    }
  }
}

function replace(text: string, matcher: Matcher, by: string, all: boolean) {
  const put = (found: string) => by.replace(/\\\\|\\&|&/g, (mark) => (mark === '&' ? found : mark.slice(1)))
  let [result, count, at] = ['', 0, 0]
  while (at <= text.length) {
    const found = count > 0 && !all ? undefined : matcher.find(text, at)
    if (!found) break
    const [start, end] = found
    result += text.slice(at, start) + put(text.slice(start, end))
    count++
    if (end > start) at = end
    else {
      result += text.slice(end, end + 1)
      at = end + 1
    }
    // After a match the empty rest matches no more.
    if (end > start && at === text.length) break
  }
  return { result: result + text.slice(at), count }
}

export const CALLS: Record<string, Call> = {
  length: (given) => {
    const [text] = takes('length', given, 0, 1)
    return (machine) => toText(text ? text.value(machine) : machine.field(0)).length
  },
  substr: simple('substr', 2, 3, (text, from, count) => {
    const start = Math.round(toNumber(from))
    const end = count === undefined ? Number.POSITIVE_INFINITY : start + Math.round(toNumber(count))
    return toText(text).slice(Math.max(0, start - 1), Math.max(0, end - 1))
  }),
  index: simple('index', 2, 2, (text, part) => toText(text).indexOf(toText(part)) + 1),
  tolower: simple('tolower', 1, 1, (text) => lower(toText(text))),
  toupper: simple('toupper', 1, 1, (text) => upper(toText(text))),
  int: simple('int', 1, 1, (value) => Math.trunc(toNumber(value))),
  sub: substitution('sub', false),
  gsub: substitution('gsub', true),
  sprintf: (given) => {
    const [format, ...rest] = takes('sprintf', given, 1, 50)
    const text = format?.constant
    if (text === undefined) throw new NotUnderstood('awk sprintf needs its format in quotes.')
    checkFormat(text)
    return (machine) =>
      formatText(
        text,
        rest.map((one) => one.value(machine)),
      )
  },
}
