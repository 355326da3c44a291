import 'server-only'
import { unquote } from './jsonpath-parse'
import { MAX_DEPTH, MAX_TEMPLATE, NotPrintable } from './limits'
import { FUNCTIONS } from './template-functions'

export type TemplateNode =
  | { type: 'text'; text: string }
  | { type: 'action'; pipe: Pipe }
  | TemplateBlock
  | { type: 'break' | 'continue' }

export interface TemplateBlock {
  type: 'if' | 'with' | 'range'
  pipe: Pipe
  body: TemplateNode[]
  /** What stands after `else`. */
  otherwise: TemplateNode[]
}

/** Commands, each of which is given what the one before it made; the last value may be kept in variables. */
export interface Pipe {
  variables: string[]
  /** `=` rather than `:=`. */
  assigns: boolean
  commands: Operand[][]
}

export type Operand =
  | { type: 'constant'; value: string | number | boolean | null }
  | { type: 'function'; name: string }
  /** Keys one after the other from the dot, a variable (`$` is the whole) or what stands in parentheses. */
  | { type: 'keys'; from: { variable: string } | { pipe: Pipe } | 'dot'; keys: string[] }

const ELSEWHERE = new Set(['template', 'define', 'block', 'call', 'html', 'js', 'urlquery', 'slice'])
const KEYWORDS = ['if', 'with', 'range', 'else', 'end', 'break', 'continue']

/**
 * Reads the forms of Go's text/template that are of use for printing an object. Throws NotPrintable for templates
 * inside templates, functions that there are not, and whatever is no template.
 */
export function parseTemplate(text: string): TemplateNode[] {
  if (text.length > MAX_TEMPLATE)
    throw new NotPrintable(`The template is longer than ${MAX_TEMPLATE} characters.`)
  return new TemplateReader(text).read()
}

const wrong = (what: string) => new NotPrintable(`The template has ${what}.`)

class TemplateReader {
  private at = 0
  /** Names of the variables that are known here; `$` always is. */
  private known: string[] = ['$']
  private ranges = 0
  private depth = 0

  constructor(private readonly text: string) {}

  read(): TemplateNode[] {
    const { nodes, ended } = this.list()
    if (ended !== '') throw wrong(`an {{${ended}}} that belongs to nothing`)
    return nodes
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  private blanks(): void {
    this.take(/[ \t\r\n]*/y)
  }

  private close(): void {
    this.blanks()
    if (this.take(/\}\}/y)) return
    // A dash trims the text that follows, and needs a blank before it.
    if (/\s/.test(this.text[this.at - 1] ?? '') && this.take(/-\}\}/y)) this.blanks()
    else if (this.at >= this.text.length) throw wrong('an action that is not closed')
    else throw wrong(`"${this.text.slice(this.at, this.at + 10)}", which is not understood at that place`)
  }

  /** Nodes up to an `end` or an `else`, or to the end of the text. */
  private list(): { nodes: TemplateNode[]; ended: '' | 'end' | 'else' } {
    if (++this.depth > MAX_DEPTH) throw wrong(`more than ${MAX_DEPTH} blocks or parentheses in each other`)
    const nodes: TemplateNode[] = []
    for (;;) {
      const open = this.text.indexOf('{{', this.at)
      let before = this.text.slice(this.at, open < 0 ? undefined : open)
      const trims = open >= 0 && /^\{\{-[ \t\r\n]/.test(this.text.slice(open, open + 4))
      if (trims) before = before.replace(/[ \t\r\n]+$/, '')
      if (before !== '') nodes.push({ type: 'text', text: before })
      if (open < 0) {
        this.at = this.text.length
        this.depth--
        return { nodes, ended: '' }
      }
      this.at = open + (trims ? 3 : 2)
      const node = this.action()
      if (typeof node === 'string') {
        this.depth--
        return { nodes, ended: node }
      }
      if (node) nodes.push(node)
    }
  }

  private action(): TemplateNode | 'end' | 'else' | undefined {
    this.blanks()
    if (this.take(/\/\*[\s\S]*?\*\//y)) {
      this.close()
      return undefined
    }
    const word = this.take(/(?:if|with|range|else|end|break|continue)(?![\p{L}\p{Nd}_])/uy)
    if (word === 'end') {
      this.close()
      return word
    }
    // What follows `else` is for the block that it belongs to.
    if (word === 'else') return word
    if (word === 'break' || word === 'continue') {
      if (this.ranges === 0) throw wrong(`a ${word} outside of a range`)
      this.close()
      return { type: word }
    }
    if (word === 'if' || word === 'with' || word === 'range') return this.block(word)
    const pipe = this.pipe(false)
    this.close()
    return { type: 'action', pipe }
  }

  private block(type: 'if' | 'with' | 'range'): TemplateNode {
    const outer = [...this.known]
    const pipe = this.pipe(type === 'range')
    this.close()
    if (type === 'range') this.ranges++
    const body = this.list()
    if (type === 'range') this.ranges--
    let otherwise: TemplateNode[] = []
    if (body.ended === 'else') {
      this.blanks()
      const again = this.take(/(?:if|with)(?![\p{L}\p{Nd}_])/uy)
      if (again !== undefined) {
        // `else if` stands for a block of its own that shares the end of this one.
        if (again !== type) throw wrong(`an else ${again} after ${type}`)
        otherwise = [this.block(type)]
        this.known = outer
        return { type, pipe, body: body.nodes, otherwise }
      }
      this.close()
      const rest = this.list()
      if (rest.ended !== 'end') throw wrong(`an ${type} that has no end`)
      otherwise = rest.nodes
    } else if (body.ended !== 'end') throw wrong(`an ${type} that has no end`)
    this.known = outer
    return { type, pipe, body: body.nodes, otherwise }
  }

  private pipe(range: boolean): Pipe {
    if (++this.depth > MAX_DEPTH) throw wrong(`more than ${MAX_DEPTH} blocks or parentheses in each other`)
    this.blanks()
    const declared =
      this.take(/\$[\p{L}\p{Nd}_]+\s*(?::?=)(?!=)/uy) ??
      (range ? this.take(/\$[\p{L}\p{Nd}_]+\s*,\s*\$[\p{L}\p{Nd}_]+\s*:?=/uy) : undefined)
    const variables = declared?.match(/\$[\p{L}\p{Nd}_]+/gu) ?? []
    const assigns = declared !== undefined && !declared.endsWith(':=')
    if (assigns) for (const name of variables) this.checkVariable(name)
    const commands: Operand[][] = []
    do commands.push(this.command(commands.length > 0))
    while (this.take(/\s*\|/y))
    if (!assigns) this.known.push(...variables)
    this.depth--
    return { variables, assigns, commands }
  }

  private command(later: boolean): Operand[] {
    const operands: Operand[] = []
    this.blanks()
    for (let operand = this.operand(); operand; operand = this.operand()) {
      operands.push(operand)
      const gap = this.take(/[ \t\r\n]+/y)
      if (!gap && !/^(?:$|[|)]|\}\}|-\}\})/.test(this.text.slice(this.at, this.at + 3)))
        throw wrong(`"${this.text.slice(this.at, this.at + 10)}", which is not understood at that place`)
    }
    const [first] = operands
    if (!first) throw wrong('an action without a value')
    if (first.type !== 'function' && (later || operands.length > 1))
      throw wrong('arguments for what is no function')
    if (first.type === 'constant' && first.value === null) throw wrong('a nil that is no argument')
    for (const [index, operand] of operands.entries())
      if (operand.type === 'function' && index > 0 && FUNCTIONS[operand.name]?.least !== 0)
        throw wrong(`${operand.name} without parentheses as an argument`)
    return operands
  }

  private operand(): Operand | undefined {
    if (/^-?\}\}/.test(this.text.slice(this.at, this.at + 3))) return undefined
    const string = this.take(/"(?:[^"\\\n]|\\[^\n])*"/y)
    if (string !== undefined) return { type: 'constant', value: unquote(string.slice(1, -1), '"') }
    const raw = this.take(/`[^`]*`/y)
    if (raw !== undefined) return { type: 'constant', value: raw.slice(1, -1).replaceAll('\r', '') }
    const number = this.take(/[-+]?(?:\d[\d.]*|\.\d+)[\p{L}\p{Nd}_.]*/uy)
    if (number !== undefined) {
      if (!/^[-+]?(?:0|[1-9]\d{0,14})$/.test(number))
        throw wrong(`the number ${number.slice(0, 20)}, which is not understood here`)
      return { type: 'constant', value: Number(number) }
    }
    if (this.take(/\(/y)) {
      const pipe = this.pipe(false)
      this.blanks()
      if (pipe.variables.length > 0 || !this.take(/\)/y)) throw wrong('parentheses that are not closed')
      return { type: 'keys', from: { pipe }, keys: this.keys() }
    }
    const variable = this.take(/\$[\p{L}\p{Nd}_]*/uy)
    if (variable !== undefined) {
      this.checkVariable(variable)
      return { type: 'keys', from: { variable }, keys: this.keys() }
    }
    if (this.text[this.at] === '.') {
      const keys = this.keys()
      if (keys.length === 0) this.at++
      return { type: 'keys', from: 'dot', keys }
    }
    const name = this.take(/[\p{L}_][\p{L}\p{Nd}_]*/uy)
    if (name === undefined) return undefined
    if (name === 'true' || name === 'false') return { type: 'constant', value: name === 'true' }
    if (name === 'nil') return { type: 'constant', value: null }
    if (ELSEWHERE.has(name) || KEYWORDS.includes(name)) throw wrong(`"${name}", which is not understood here`)
    if (!Object.hasOwn(FUNCTIONS, name)) throw wrong(`the function ${name.slice(0, 40)}, which there is not`)
    return { type: 'function', name }
  }

  private keys(): string[] {
    const keys: string[] = []
    for (
      let key = this.take(/\.[\p{L}_][\p{L}\p{Nd}_]*/uy);
      key;
      key = this.take(/\.[\p{L}_][\p{L}\p{Nd}_]*/uy)
    )
      keys.push(key.slice(1))
    return keys
  }

  private checkVariable(name: string): void {
    if (!this.known.includes(name)) throw wrong(`the variable ${name.slice(0, 40)}, which nothing sets`)
  }
}
