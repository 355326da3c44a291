import type { CodeBlock } from './blocks'
import type { Joiner } from './joining'
import { isAssignment, isCommand, isKubernetes, isPrinted, isTableHeading } from './programs'
import { opensSession } from './sessions'
import { isOnlyTags } from './templates'

/** A line of a block by what it is. */
export interface Entry {
  /** A remark is a comment about the command before it. */
  kind: 'comment' | 'remark' | 'command' | 'output'
  text: string
  /** Where it is typed, when that is not the terminal of whoever reads it: a sentence. */
  within?: string
  /** 1-based line of the file. */
  line: number
}

/** `$ `, `user@host:~$ `, `[root@node ~]# `, `sh-5.1# `, `/ # `, `❯ `. */
const PROMPT =
  /^\s{0,12}(?:(?:\([\w.-]{1,40}\)\s*)?(?:[\w.-]{1,60}@[\w.-]{1,80}(?:[: ][^\s$#%]{0,80})?\s?|\[[^\]]{1,80}\]\s?|(?:sh|bash)-\d[\d.]{0,5}|~\s?|\/\s?)[$#%]|[$❯➜])[ \t]+(?=\S)/
/** Prompts of shells in containers: `/ # `, `bash-5.1$ `, `root@web-0:/# `. A person's own begins in their home. */
const CONTAINER_PROMPT = /^\s*(?:\/\s?[$#]|(?:sh|bash)-\d[\d.]*[$#]|root@[\w.-]+:\/[^\s$#]*#)\s/
/** Prompts that also start a comment, a quotation, or what curl prints of its progress. */
const DOUBTFUL = /^\s{0,12}[#>%]\s+(?=\S)/

/**
 * What in a block was typed, what a program printed and what explains. With prompts, what follows one is a command
 * and everything else was printed. Without, each line of a shell block is a command unless some line was clearly
 * printed; then, and always in a block that names no language, a command is what looks like one.
 */
export function readTranscript(block: CodeBlock, joiner: Joiner): Entry[] {
  const { lines } = block
  const length = lines.map((line) => PROMPT.exec(line)?.[0].length ?? 0)
  if (!length.some((one) => one > 0))
    lines.forEach((line, index) => {
      const mark = DOUBTFUL.exec(line)?.[0] ?? ''
      if (mark === '' || (mark.includes('#') && block.language !== 'session')) return
      const rest = line.slice(mark.length)
      if (mark.includes('>') ? isKubernetes(rest) : isCommand(rest)) length[index] = mark.length
    })
  if (!length.some((one) => one > 0)) rootPrompts(lines, length)
  const prompted = length.some((one) => one > 0)
  const typed = lines.map((line, index) => line.slice(length[index]))
  const read = (strict: boolean) => new Reader(block, typed, length, prompted, strict, joiner).read()
  if (prompted || block.language !== 'shell' || block.indented) return read(true)
  const all = read(true)
  // Only what is not a command can show that programs are quoted; a manifest in a here-document does not.
  return all.some((one) => one.kind === 'output' && isPrinted(one.text)) ? all : read(false)
}

/**
 * `# kubectl get pods` with the table that it printed under it, in a block where nothing else was typed: the prompt of
 * root. Of what prints no table it cannot be told from a comment, which must never become a command. Writes how long
 * the prompts are.
 */
function rootPrompts(lines: readonly string[], length: number[]): void {
  if (lines.some((line) => !/^\s*#/.test(line) && (isCommand(line) || /<<|^---|^\w+:\s/.test(line)))) return
  lines.forEach((line, index) => {
    const mark = /^\s{0,12}#\s+(?=(?:kubectl|oc)\s(?:.{0,200}\s)?(?:get|top)\s)/.exec(line)?.[0]
    if (mark && isTableHeading(lines[index + 1] ?? '')) length[index] = mark.length
  })
}

class Reader {
  /** The line that opened the session in which is typed what follows. */
  private session: number | undefined
  private readonly entries: Entry[] = []
  /** What kinds of lines came so far. */
  private readonly seen = new Set<Entry['kind']>()
  private inTable = false
  private inOutput = false
  private readonly base: number
  /** Index of the last line that is neither empty nor a comment. */
  private readonly lastTyped: number
  /** Index of the first line with a prompt. */
  private readonly firstPrompt: number

  constructor(
    private readonly block: CodeBlock,
    private readonly typed: readonly string[],
    private readonly prompts: readonly number[],
    private readonly prompted: boolean,
    private readonly strict: boolean,
    private readonly joiner: Joiner,
  ) {
    this.lastTyped = typed.findLastIndex(
      (line, index) => (prompts[index] ?? 0) > 0 || !/^\s*(?:#.*)?$/.test(line),
    )
    this.firstPrompt = prompts.findIndex((length) => length > 0)
    const indents = typed
      .filter((line) => line.trim() !== '')
      .map((line) => line.length - line.trimStart().length)
    this.base = indents.reduce((least, one) => Math.min(least, one), Number.MAX_SAFE_INTEGER)
  }

  read(): Entry[] {
    for (let index = 0; index < this.typed.length; ) index = this.line(index)
    return this.entries
  }

  private add(kind: Entry['kind'], text: string, index: number): number {
    this.inOutput = kind === 'output'
    if (kind !== 'output') this.inTable = false
    this.seen.add(kind)
    this.entries.push({ kind, text, line: this.block.line + index })
    return index + 1
  }

  private line(index: number): number {
    const line = this.typed[index] ?? ''
    if (line.trim() === '') {
      this.inTable = false
      return index + 1
    }
    const isPrompt = (this.prompts[index] ?? 0) > 0
    const comment = /^\s*#+(?!!)\s?(.*)$/.exec(line)
    if (comment && this.closes(index)) return this.add('remark', comment[1]?.trim() ?? '', index)
    if (comment && this.explains(index)) return this.add('comment', comment[1]?.trim() ?? '', index)
    if (/^\s*\{%-?\s*(?:end)?raw\s*-?%\}\s*$/.test(line)) return index + 1
    if (!(this.prompted ? isPrompt || this.isEarly(line, index) : this.isTyped(line))) {
      this.inTable ||= isTableHeading(line)
      return this.add('output', line.trimEnd(), index)
    }
    const { text, next } = this.joiner.join(
      this.typed,
      index,
      (other) => (this.prompts[other] ?? 0) > 0,
      this.prompted,
    )
    this.add('command', text, index)
    const within = this.whereTyped(text, index)
    const entry = this.entries.at(-1)
    if (within && entry) entry.within = within
    return next
  }

  /** Where a command is typed, when a session was opened before it or its prompt says so. */
  private whereTyped(text: string, index: number): string | undefined {
    const bare = text.trim()
    const prompt = (this.block.lines[index] ?? '').slice(0, this.prompts[index])
    if (CONTAINER_PROMPT.test(prompt)) return 'It is typed inside a container, as its prompt says.'
    if (opensSession(bare)) {
      this.session = this.block.line + index
      return undefined
    }
    // kubectl is at home where the session was opened from.
    if (isKubernetes(bare)) {
      this.session = undefined
      return undefined
    }
    const opened = this.session
    if (/^(?:exit|logout|\^D)\b/i.test(bare)) this.session = undefined
    return opened === undefined ? undefined : `It is typed in the session that line ${opened} opens.`
  }

  /** The last lines of a session that shows no output are comments, though no prompt follows them. */
  private closes(index: number): boolean {
    if (!this.prompted || (this.prompts[index] ?? 0) > 0 || this.inOutput || index < this.lastTyped)
      return false
    return this.seen.has('command') && !this.seen.has('output')
  }

  /** A `#` within what a program printed (`# HELP …` of metrics) explains nothing. */
  private explains(index: number): boolean {
    if ((this.prompts[index] ?? 0) > 0) return false
    if (!this.prompted) return !this.inOutput || (this.typed[index - 1] ?? '').trim() === ''
    let next = index + 1
    while (/^\s*(?:#.*)?$/.test(this.typed[next] ?? 'x') && next - index < 50) next++
    return (this.prompts[next] ?? 0) > 0 && (!this.inOutput || (this.typed[index - 1] ?? '').trim() === '')
  }

  private isTyped(line: string): boolean {
    return !isOnlyTags(line) && !/^\s*#!/.test(line) && this.looksTyped(line)
  }

  /** Nothing can have been printed before the first prompt, so kubectl was typed there: some write no prompt at first. */
  private isEarly(line: string, index: number): boolean {
    return index < this.firstPrompt && !this.seen.has('output') && isKubernetes(line)
  }

  private looksTyped(line: string): boolean {
    if (!this.strict) return true
    const text = line.trim()
    // Within what was printed, a deeper line belongs to it: a script in a manifest.
    if (this.inOutput && line.length - line.trimStart().length > this.base) return false
    if (this.inTable && (!isKubernetes(text) || /^\S+\s{2,}/.test(text))) return false
    if (isCommand(text)) return true
    return isAssignment(text) && !this.seen.has('output')
  }
}
