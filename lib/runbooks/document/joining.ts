/** One command of a block and the line after it. */
export interface Joined {
  text: string
  next: number
}

/** How far a quotation or bracket may reach before it counts as never closed. */
const MAX_LINES = 200
/** Longest line whose quotations are followed; no longer one is compiled. */
const MAX_LENGTH = 20_000
/** Characters that a document's quotations without an end may make us read in vain. */
const MAX_VAIN = 4_000_000

/** One per document: it does a limited amount of work in vain. */
export class Joiner {
  private vain = MAX_VAIN

  /**
   * The command that starts on a line: with the lines that a backslash, a pipe, `&&`, `||`, an open quotation or
   * bracket, a loop or condition, or a here-document joins to it. A quotation that nothing closes joins nothing:
   * it is an apostrophe. A loop that nothing closes takes the rest, since its lines alone would mean another thing.
   */
  join(
    lines: readonly string[],
    from: number,
    isPrompt: (index: number) => boolean,
    prompted: boolean,
  ): Joined {
    const attempt = this.vain > 0 ? new Command(lines, isPrompt, prompted, true).read(from) : undefined
    if (attempt && !('unclosed' in attempt)) return attempt
    this.vain -= attempt?.unclosed ?? 0
    const plain = new Command(lines, isPrompt, prompted, false).read(from)
    return 'unclosed' in plain ? { text: lines[from]?.trim() ?? '', next: from + 1 } : plain
  }
}

/** Without one of these a line opens nothing. */
const MAY_OPEN = /[({]|\b(?:for|select|while|until|if|case|function)\b/
/** What opens a block, in a line with single blanks. */
const OPENERS =
  /(?:^|[;&|({]|\b(?:do|then|else)\b) ?(?:for \w+ in\b|for ?\(\(|select \w+ in\b|(?:while|until|if) |case .{1,200} in\b|(?:function )?[\w.:-]+ ?\( ?\) ?\{(?= |$)|function [\w.:-]+ ?\{(?= |$))/g
/** A list in braces opens one within another, or behind `||` and `&&`. */
const BRACES = /(?<=(?:^|[;&|({]|\b(?:do|then|else)\b) ?)\{(?= |$)/g
const BRACES_BEHIND = /(?:\|\||&&) ?\{ ?$/g
const CLOSERS = /(?<=(?:^|[;&|]|\} |\b(?:do|then|else)\b) ?)(?:(?:done|fi|esac)\b|\}(?=[ ;&|)]|$))/g
/** A function whose body begins on a line below. */
const HEAD = /^ ?(?:(?:function )?[\w-]+ ?\( ?\)|function [\w.:-]+) ?$/
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0

class Command {
  private quote = ''
  private brackets = 0
  private blocks = 0
  /** Whether a function was named whose body is still to come. */
  private head = false
  private readonly heredocs: string[] = []

  constructor(
    private readonly lines: readonly string[],
    private readonly isPrompt: (index: number) => boolean,
    private readonly prompted: boolean,
    /** Whether open quotations and brackets join lines. */
    private readonly quoting: boolean,
  ) {}

  read(from: number): Joined | { unclosed: number } {
    let text = ''
    let length = 0
    let glue = ''
    for (let index = from; index < this.lines.length; index++) {
      const raw = this.lines[index] ?? ''
      const inside = this.quoting && (this.quote !== '' || this.brackets > 0)
      if (index > from && inside && (index - from > MAX_LINES || this.isPrompt(index)))
        return { unclosed: length }
      if (index > from && !inside && this.isPrompt(index)) return this.done(text, index)
      const own = index > from && this.prompted ? raw.replace(/^\s*>(?: |$)/, '') : raw
      const line = glue === ' ' ? own.trim() : own
      length += line.length + 1
      const { code, continued } = this.scan(line)
      const bare = code.trimEnd()
      if (this.heredocs.length > 0) {
        const body = this.body(index + 1)
        text += glue + line + body.text
        index = body.next - 1
        if (!/(?:\||&&)$/.test(bare) && this.blocks === 0) return this.done(text, body.next)
        glue = '\n'
      } else if (this.quote !== '' && this.quoting) {
        // Within double quotes a shell takes out a backslash with its line break; within single ones it does not.
        const joined = this.quote !== "'" && /(?:^|[^\\])(?:\\\\)*\\$/.test(line.slice(-100))
        text += glue + (joined ? line.slice(0, -1) : line)
        glue = joined ? '' : '\n'
      } else if (continued) {
        text += glue + bare.slice(0, -1).trimEnd()
        glue = ' '
      } else if (/(?:\||&&)$/.test(bare)) {
        text += glue + bare
        glue = ' '
      } else if ((this.brackets > 0 && this.quoting) || this.blocks > 0 || this.bodyFollows(index)) {
        text += glue + line
        glue = '\n'
      } else return this.done(text + glue + line, index + 1)
      if ((this.lines[index + 1] ?? '').trim() === '' && glue === ' ') return this.done(text, index + 1)
    }
    if (this.quoting && (this.quote !== '' || this.brackets > 0)) return { unclosed: length }
    return this.done(text, this.lines.length)
  }

  private bodyFollows(index: number): boolean {
    if (!this.head) return false
    const next = this.lines.findIndex((line, at) => at > index && line.trim() !== '')
    return /^(?:>\s)?\s*[{(]/.test(this.lines[next] ?? '')
  }

  private done(text: string, next: number): Joined {
    return { text: text.trim(), next }
  }

  /** The lines of the here-documents that a line opened, to their ends or to the end of the block. */
  private body(from: number): { text: string; next: number } {
    let text = ''
    let next = from
    for (const end of this.heredocs.splice(0))
      for (let ended = false; next < this.lines.length && !ended; next++) {
        const raw = this.lines[next] ?? ''
        const line = this.prompted ? raw.replace(/^> /, '') : raw
        text += `\n${line}`
        ended = line.trim() === end
      }
    return { text, next }
  }

  /** Follows quotations, brackets and blocks through one line; says what of it is not a comment. */
  private scan(line: string): { code: string; continued: boolean } {
    let bare = ''
    let end = line.length
    if (!this.quoting) this.quote = ''
    if (line.length > MAX_LENGTH) return { code: line, continued: line.endsWith('\\') }
    for (let at = 0; at < line.length; at++) {
      const char = line[at] ?? ''
      if (char === '\\' && this.quote !== "'") {
        if (
          /^\s*$/.test(line.slice(at + 1, at + 200)) &&
          this.quote === '' &&
          line.slice(at + 1).trim() === ''
        )
          return this.count(bare, line.slice(0, at + 1), true)
        at++
      } else if (this.quote !== '') {
        if (char === this.quote) this.quote = ''
      } else if (char === '"' || char === "'" || char === '`') {
        this.quote = char
        bare += '_'
      } else if (char === '#' && (at === 0 || /\s/.test(line[at - 1] ?? ''))) {
        end = at
        break
      } else {
        if (char === '(') this.brackets++
        else if (char === ')' && this.brackets > 0) this.brackets--
        else if (char === '<' && line[at + 1] === '<') {
          const rest = line.slice(at, at + 120)
          const open = /^<<-?\s*(["']?)\\?([A-Za-z_][\w.-]*)\1(?![\w>])/.exec(rest)
          if (open?.[2]) this.heredocs.push(open[2])
          const skip = open?.[0].length ?? /^<+/.exec(rest)?.[0].length ?? 1
          at += skip - 1
          bare += '_'
          continue
        }
        bare += char
      }
    }
    return this.count(bare, line.slice(0, end), false)
  }

  private count(bare: string, code: string, continued: boolean) {
    if (this.blocks === 0 && !this.head && !MAY_OPEN.test(bare)) return { code, continued }
    const text = bare.length > 10_000 ? '' : bare.replace(/\s+/g, ' ')
    // `case` has brackets of its own that close without opening.
    const opened = count(text, OPENERS)
    const braces =
      opened > 0 || this.blocks > 0 || this.head ? count(text, BRACES) : count(text, BRACES_BEHIND)
    this.head = HEAD.test(text) || (this.head && text.trim() === '')
    if (opened + braces > 0 || this.blocks > 0)
      this.blocks = Math.max(0, this.blocks + opened + braces - count(text, CLOSERS))
    return { code, continued }
  }
}
