import 'server-only'
import { isAlias, isMap, isScalar, isSeq, type Node, type ParsedNode, parseDocument, Scalar } from 'yaml'
import { CouldNotFinish } from './options'

/** A value of a document, with how it was written. */
export type Value =
  | { type: 'map'; flow: boolean; pairs: [key: Text, value: Value][] }
  | { type: 'list'; flow: boolean; items: Value[] }
  | Text

export interface Text {
  type: 'text'
  style: 'plain' | 'single' | 'double' | 'literal' | 'folded'
  text: string
  /** yq may write it in another style than it was written in: it is had as a value, but not inside a document. */
  odd: boolean
}

const MAX_DEPTH = 100
/** Letters that yq writes as they are, whatever the quotes. */
const PRINTING = /^[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/

/** Throws CouldNotFinish: yq would print this, and how is not certain enough. */
export function unlike(what: string): never {
  throw new CouldNotFinish(`yq: ${what} is not printed here as yq prints it.`)
}

/**
 * One YAML document as kubectl prints it, or JSON. Comments, anchors, tags and other documents behind the first throw
 * CouldNotFinish, as does what is no YAML.
 */
export function readDocument(text: string): Value {
  const document = parseDocument(text, {
    schema: 'failsafe',
    version: '1.2',
    uniqueKeys: false,
    keepSourceTokens: false,
  })
  const [error] = document.errors
  if (error)
    throw new CouldNotFinish(
      error.code === 'MULTIPLE_DOCS'
        ? 'yq would read several documents, which is not done here.'
        : `yq reads no YAML here: ${error.code.toLowerCase().replaceAll('_', ' ')}.`,
    )
  if (
    document.comment ||
    document.commentBefore ||
    document.directives?.docStart ||
    document.warnings.length > 0
  )
    unlike('a document with marks or comments')
  if (!document.contents) unlike('an empty document')
  return valueIn(document.contents, 0)
}

function valueIn(node: ParsedNode | Node | null | undefined, depth: number): Value {
  if (depth > MAX_DEPTH) unlike(`a document more than ${MAX_DEPTH} levels deep`)
  if (!node || isAlias(node)) unlike('a reference or an empty value')
  if (node.comment || node.commentBefore || node.spaceBefore) unlike('a comment or an empty line')
  if ((isScalar(node) || isMap(node) || isSeq(node)) && (node.anchor || node.tag !== undefined))
    unlike('a value with an anchor or a tag')
  if (isScalar(node)) return textOf(node)
  if (isMap(node)) {
    const seen = new Set<string>()
    const pairs = node.items.map((pair): [Text, Value] => {
      const key = valueIn(pair.key as Node | null, depth + 1)
      // Longer keys get a mark of their own.
      if (
        key.type !== 'text' ||
        key.odd ||
        key.style === 'literal' ||
        key.text.length > 120 ||
        key.text === '<<'
      )
        unlike('a key like this')
      if (seen.has(key.text)) unlike('a key that stands twice')
      seen.add(key.text)
      return [key, valueIn(pair.value as Node | null, depth + 1)]
    })
    return { type: 'map', flow: node.flow === true, pairs }
  }
  if (isSeq(node))
    return {
      type: 'list',
      flow: node.flow === true,
      items: node.items.map((one) => valueIn(one as Node | null, depth + 1)),
    }
  return unlike('a value like this')
}

const STYLES: Record<string, Text['style']> = {
  [Scalar.PLAIN]: 'plain',
  [Scalar.QUOTE_SINGLE]: 'single',
  [Scalar.QUOTE_DOUBLE]: 'double',
  [Scalar.BLOCK_LITERAL]: 'literal',
  [Scalar.BLOCK_FOLDED]: 'folded',
}

function textOf(node: Scalar): Text {
  const style = STYLES[node.type ?? '']
  const text = node.value
  if (!style || typeof text !== 'string') unlike('a value like this')
  if (style === 'plain' && text === '') unlike('an empty value')
  return { type: 'text', style, text, odd: !keepsStyle(style, text) }
}

function keepsStyle(style: Text['style'], text: string): boolean {
  if (style === 'folded') return false
  // A first line that is empty or set in needs a figure behind the bar.
  if (style === 'literal')
    return /^[^\s]/.test(text) && !/\n\n$/.test(text) && PRINTING.test(text.replace(/[\n\t]/g, ''))
  return PRINTING.test(style === 'double' ? text.replace(/[\n\t\r]/g, '') : text)
}

/** A text that yq makes itself: a figure, `null`. */
export function plain(text: string): Text {
  return { type: 'text', style: 'plain', text, odd: false }
}

/** Whether a value is YAML's null. */
export function isNull(value: Value): boolean {
  return value.type === 'text' && value.style === 'plain' && /^(?:~|null|Null|NULL)$/.test(value.text)
}

/** Whether a value is YAML's true or false; undefined for all others. */
export function truth(value: Value): boolean | undefined {
  if (value.type !== 'text' || value.style !== 'plain') return undefined
  if (/^(?:true|True|TRUE)$/.test(value.text)) return true
  return /^(?:false|False|FALSE)$/.test(value.text) ? false : undefined
}
