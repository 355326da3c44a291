import 'server-only'
import { isNull, type Text, truth, unlike, type Value } from './yq-document'

/** A result as YAML: a text by itself without its quotes, lists set in by two, each with its newline. */
export function asYaml(value: Value): string {
  if (value.type === 'text') return `${value.text}\n`
  if (isFlow(value)) return `${flow(value)}\n`
  return value.type === 'map' ? map(value.pairs, '') : list(value.items, '')
}

/** Written on one line: as in the source, or because there is nothing in it. */
function isFlow(value: Value): boolean {
  if (value.type === 'text') return false
  return value.flow || (value.type === 'map' ? value.pairs : value.items).length === 0
}

function map(pairs: readonly [Text, Value][], margin: string): string {
  return pairs
    .map(([key, value], at) => `${at === 0 ? '' : margin}${inline(key)}:${below(value, margin)}`)
    .join('')
}

/** What follows the colon of a key. Of a map the first line has its margin already. */
function below(value: Value, margin: string): string {
  if (value.type === 'text' || isFlow(value)) return ` ${line(value, margin)}`
  const inner = `${margin}  `
  return `\n${inner}${value.type === 'map' ? map(value.pairs, inner) : list(value.items, inner)}`
}

function list(items: readonly Value[], margin: string): string {
  const inner = `${margin}  `
  return items
    .map((item, at) => {
      const head = `${at === 0 ? '' : margin}- `
      if (item.type === 'text' || isFlow(item)) return head + line(item, margin)
      return head + (item.type === 'map' ? map(item.pairs, inner) : list(item.items, inner))
    })
    .join('')
}

function line(value: Value, margin: string): string {
  if (value.type === 'text' && value.style === 'literal' && !value.odd)
    return literal(value.text, `${margin}  `)
  return `${value.type === 'text' ? inline(value) : flow(value)}\n`
}

function literal(text: string, margin: string): string {
  const whole = text.endsWith('\n')
  const lines = (whole ? text.slice(0, -1) : text).split('\n')
  return `|${whole ? '' : '-'}\n${lines.map((one) => (one === '' ? '\n' : `${margin}${one}\n`)).join('')}`
}

function flow(value: Value): string {
  if (value.type === 'text') return inline(value)
  if (value.type === 'list') return `[${value.items.map(flow).join(', ')}]`
  return `{${value.pairs.map(([key, one]) => `${inline(key)}: ${flow(one)}`).join(', ')}}`
}

function inline({ style, text, odd }: Text): string {
  if (odd) unlike('a text with such letters or lines')
  if (style === 'plain') return text
  if (style === 'single') return `'${text.replaceAll("'", "''")}'`
  const escapes: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' }
  return `"${text.replace(/[\n\t\r"\\]/g, (one) => escapes[one] ?? one)}"`
}

/** A result as JSON in lines set in by two, with its newline. */
export function asJson(value: Value): string {
  return `${json(value, '')}\n`
}

function json(value: Value, margin: string): string {
  if (value.type === 'text') return jsonText(value)
  const inner = `${margin}  `
  const parts =
    value.type === 'map'
      ? value.pairs.map(([key, one]) => `${inner}${quoted(key.text)}: ${json(one, inner)}`)
      : value.items.map((one) => inner + json(one, inner))
  const [open, close] = value.type === 'map' ? ['{', '}'] : ['[', ']']
  return parts.length === 0 ? open + close : `${open}\n${parts.join(',\n')}\n${margin}${close}`
}

/** Figures that YAML and JSON may write in different ways. */
const FIGURE = /^[-+]?(?:\.?\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?\d+)?|0[xob][\da-fA-F_]+|\.inf|\.nan)$/i

function jsonText(value: Text): string {
  if (value.style !== 'plain') return quoted(value.text)
  if (isNull(value)) return 'null'
  const is = truth(value)
  if (is !== undefined) return String(is)
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(value.text)) return value.text
  return FIGURE.test(value.text) ? unlike('a number like this') : quoted(value.text)
}

function quoted(text: string): string {
  // Beyond these, yq and this one escape differently.
  return /[\u007f-\u009f\u2028\u2029]/.test(text) ? unlike('a text with such letters') : JSON.stringify(text)
}
