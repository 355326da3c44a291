import 'server-only'
import { goText, isMap, type Json, keysOf } from './go-values'
import { type Budget, NotPrintable } from './limits'
import { FUNCTIONS, fault, isTrue, type Value } from './template-functions'
import {
  type Operand,
  type Pipe,
  parseTemplate,
  type TemplateBlock,
  type TemplateNode,
} from './template-parse'

/** Thrown by `break` and `continue`, and caught by the range around them. */
class Leave extends Error {
  constructor(readonly what: 'break' | 'continue') {
    super(what)
  }
}

/** A variable by its name; the innermost one stands last. */
type Variables = { name: string; value: Value }[]

/** A template of Go's text/template, in the forms that print an object; after exec.go of that package. */
export class GoTemplate {
  private readonly nodes: TemplateNode[]

  /** Throws NotPrintable for a template that is none, or that is not understood. `missingKeys`: see PrinterOptions. */
  constructor(
    template: string,
    private readonly options: { missingKeys: boolean },
  ) {
    this.nodes = parseTemplate(template)
    checkArguments(this.nodes)
  }

  /** What the template makes of an object. Throws CouldNotPrint where it does not fit. */
  print(data: Json, budget: Budget): string {
    const run = new TemplateRun(data, this.options.missingKeys, budget)
    run.walk(this.nodes, data)
    return run.text
  }
}

class TemplateRun {
  private readonly written: string[] = []
  private readonly variables: Variables

  constructor(
    data: Json,
    private readonly missingKeys: boolean,
    private readonly budget: Budget,
  ) {
    this.variables = [{ name: '$', value: data }]
  }

  get text(): string {
    return this.written.join('')
  }

  walk(nodes: readonly TemplateNode[], dot: Value): void {
    for (const node of nodes) {
      this.budget.step()
      switch (node.type) {
        case 'text':
          this.written.push(this.budget.write(node.text))
          break
        case 'action': {
          const value = this.pipe(node.pipe, dot)
          if (node.pipe.variables.length === 0)
            this.written.push(this.budget.write(value === undefined ? '<no value>' : goText(value)))
          break
        }
        case 'break':
        case 'continue':
          throw new Leave(node.type)
        default: {
          if (node.type === 'range') {
            this.range(node, dot)
            break
          }
          const mark = this.variables.length
          const value = this.pipe(node.pipe, dot)
          if (isTrue(value)) this.walk(node.body, node.type === 'with' ? value : dot)
          else this.walk(node.otherwise, dot)
          this.variables.length = mark
        }
      }
    }
  }

  private range(node: TemplateBlock, dot: Value): void {
    const mark = this.variables.length
    const value = this.value(node.pipe, dot)
    const entries = entriesOf(value)
    this.budget.step(entries.length)
    try {
      for (const [key, item] of entries) {
        const { variables, assigns } = node.pipe
        const values = variables.length > 1 ? [key, item] : [item]
        for (const [index, name] of variables.entries())
          if (assigns) this.assign(name, values[index])
          else this.variables.push({ name, value: values[index] })
        try {
          this.walk(node.body, item)
        } catch (cause) {
          if (!(cause instanceof Leave) || cause.what === 'break') throw cause
        }
        this.variables.length = mark
      }
    } catch (cause) {
      if (!(cause instanceof Leave)) throw cause
    }
    this.variables.length = mark
    if (entries.length === 0) this.walk(node.otherwise, dot)
    this.variables.length = mark
  }

  private pipe(pipe: Pipe, dot: Value): Value {
    const value = this.value(pipe, dot)
    for (const name of pipe.variables)
      if (pipe.assigns) this.assign(name, value)
      else this.variables.push({ name, value })
    return value
  }

  /** The value of a pipe; what is null there is absent from then on, as Go has it. */
  private value(pipe: Pipe, dot: Value): Value {
    let value: Value
    for (const [index, command] of pipe.commands.entries()) {
      const [first, ...rest] = command as [Operand, ...Operand[]]
      this.budget.step()
      value =
        first.type === 'function'
          ? this.call(first.name, rest, dot, index > 0 ? [value] : [])
          : this.operand(first, dot)
      if (value === null) value = undefined
    }
    return value
  }

  private call(name: string, operands: readonly Operand[], dot: Value, handed: readonly Value[]): Value {
    if (name === 'and' || name === 'or') {
      // The first that decides is the answer, and what comes after it is not looked at.
      let value: Value
      for (const operand of operands) {
        value = this.operand(operand, dot)
        if (isTrue(value) === (name === 'or')) return value
      }
      return handed.length > 0 ? handed[0] : value
    }
    const values = operands.map((operand) => this.operand(operand, dot))
    for (const value of [...values, ...handed]) if (typeof value === 'string') this.budget.made(value)
    const result = FUNCTIONS[name]?.call(...values, ...handed)
    return typeof result === 'string' ? this.budget.made(result) : result
  }

  private operand(operand: Operand, dot: Value): Value {
    if (operand.type === 'constant') return operand.value
    if (operand.type === 'function') return FUNCTIONS[operand.name]?.call()
    const { from, keys } = operand
    const start =
      from === 'dot'
        ? dot
        : 'pipe' in from
          ? this.value(from.pipe, dot)
          : this.variables.findLast(({ name }) => name === from.variable)?.value
    return keys.reduce((value: Value, key) => this.key(value, key), start)
  }

  private key(value: Value, key: string): Value {
    if (value === undefined) {
      if (!this.missingKeys) throw fault(`there is no key ${key}`)
      return undefined
    }
    if (value === null) throw fault(`it asks for ${key} of what is null`)
    if (!isMap(value)) throw fault(`it asks for ${key} of what has no keys`)
    if (Object.hasOwn(value, key)) return value[key]
    if (!this.missingKeys) throw fault(`there is no key ${key}`)
    return undefined
  }

  private assign(name: string, value: Value): void {
    const variable = this.variables.findLast((one) => one.name === name)
    if (variable) variable.value = value
  }
}

function entriesOf(value: Value): [Value, Value][] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map((item, index) => [index, item])
  if (isMap(value)) return keysOf(value).map((key) => [key, value[key]])
  throw fault('a range goes through something that has no parts')
}

/** Refuses a call with too few or too many arguments while the template is read. Throws NotPrintable. */
function checkArguments(nodes: readonly TemplateNode[]): void {
  for (const node of nodes) {
    if ('pipe' in node) checkPipe(node.pipe)
    if ('body' in node) {
      checkArguments(node.body)
      checkArguments(node.otherwise)
    }
  }
}

function checkPipe(pipe: Pipe): void {
  for (const [index, [first, ...rest]] of pipe.commands.entries()) {
    for (const operand of [first, ...rest])
      if (operand?.type === 'keys' && typeof operand.from === 'object' && 'pipe' in operand.from)
        checkPipe(operand.from.pipe)
    if (first?.type !== 'function') continue
    const count = rest.length + (index > 0 ? 1 : 0)
    const { least, most } = FUNCTIONS[first.name] ?? { least: 0, most: 0 }
    if (count < least || count > most)
      throw new NotPrintable(`The template gives ${first.name} ${count} arguments.`)
  }
}
