import type { Redirection, Word, WordPart } from 'unbash'
import type { Placeholders } from './placeholders'
import { manual } from './reasons'

/** What the words of a line may need of whoever reads it. */
export interface WordContext {
  placeholders: Placeholders
  note(sentence: string): void
  /** Takes the output of a command as a value, within double quotes or not; gives the word that stands for it. */
  capture(part: Expansion, quoted: boolean): string
}

export type Expansion = Extract<WordPart, { type: 'CommandExpansion' }>

/** A word as a shell would pass it, variables and captures as placeholders in disguise. Throws StaysManual. */
export function wordText(word: Word, context: WordContext): string {
  if (!word.parts) return word.value
  return word.parts.map((part) => partText(part, context)).join('')
}

function partText(part: WordPart, context: WordContext, quoted = false): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return part.value
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map((inner) => partText(inner, context, true)).join('')
    case 'ExtendedGlob':
      return part.text
    case 'SimpleExpansion': {
      const name = part.text.slice(1)
      if (!/^[A-Za-z_]\w*$/.test(name)) manual('argument', part.text)
      return context.placeholders.add(name, part.text) ?? manual('argument', part.text)
    }
    case 'ParameterExpansion': {
      const inner = part.text.slice(2, -1)
      // `${pod-name}` gives a default in a shell, but no author means that.
      const plain = !part.operation && !part.prefix && !part.index
      if (!(plain ? /^[A-Za-z_]\w*$/ : /^[A-Za-z]\w*(-\w+)+$/).test(inner))
        manual(plain ? 'argument' : 'expansion', context.placeholders.spelled(part.text))
      return context.placeholders.add(inner, part.text) ?? manual('argument', part.text)
    }
    case 'CommandExpansion':
      return context.capture(part, quoted)
    case 'ArithmeticExpansion':
      return manual('arithmetic')
    case 'ProcessSubstitution':
      return manual('processSubstitution')
    case 'BraceExpansion':
      return expands(part.text) ? manual('braces', context.placeholders.spelled(part.text)) : part.text
  }
}

/** Whether a shell would write several words for it: `{a,b}`, `{1..3}`. `{..metadata.name}` it leaves alone. */
function expands(text: string): boolean {
  return text.includes(',') || /^\{(-?\d+\.\.-?\d+|[A-Za-z]\.\.[A-Za-z])(\.\.-?\d+)?\}$/.test(text)
}

/** The `$(…)` that a word consists of, quoted or not; undefined when it holds anything else. */
export function loneExpansion(word: Word): Expansion | undefined {
  const [part, ...more] = word.parts ?? []
  if (!part || more.length > 0) return undefined
  if (part.type === 'CommandExpansion') return part
  if (part.type !== 'DoubleQuoted' || part.parts.length !== 1) return undefined
  const [inner] = part.parts
  return inner?.type === 'CommandExpansion' ? inner : undefined
}

/** What redirections give a command to read; those that change nothing that is looked at are noted. */
export function inputOf(redirects: readonly Redirection[], context: WordContext): string | undefined {
  let input: string | undefined
  for (const one of redirects) {
    if (one.type === 'HereDoc') {
      if (!one.closing) manual('hereDocumentOpen')
      const { parts, text } = one.body
      const body =
        one.delimiter?.quoted || !parts ? text : parts.map((part) => partText(part, context, true)).join('')
      input = context.placeholders.restore(one.operator === '<<-' ? body.replace(/^\t+/gm, '') : body)
      continue
    }
    if (one.type === 'HereString') {
      input = `${one.target ? context.placeholders.restore(wordText(one.target, context)) : ''}\n`
      continue
    }
    const target = one.target?.value ?? ''
    const written = `${one.descriptor?.type === 'FileDescriptor' ? one.descriptor.value : ''}${one.operator}${target}`
    const elsewhere = /^\/dev\/(null|stdout|stderr)$/.test(target)
    const copies = /^[<>]&$/.test(one.operator) && /^(\d|-)$/.test(target)
    if (one.operator === '<' && target === '/dev/null') continue
    if (elsewhere || copies) context.note(`${written} is left out: it changes nothing that is looked at.`)
    else manual(one.operator.startsWith('<') ? 'readsFile' : 'writesFile')
  }
  return input
}
