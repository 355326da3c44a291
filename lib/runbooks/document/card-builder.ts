import type { Block, CodeBlock, TextBlock } from './blocks'
import type { PlainText } from './inline'
import type { Joiner } from './joining'
import { isKubernetes, isPrinted } from './programs'
import { inlineStep, leadOf, shorten, stepsOf } from './steps'
import { readTranscript } from './transcript'
import type { DocumentAttachment, DocumentCard, DocumentSection, DocumentStep } from './types'
import type { Meaning } from './vocabulary'

interface Part {
  depth: number
  title: string
  meaning: Meaning | undefined
}

const MAX_PURPOSE = 600
/** Under these headings a sentence with a command in it says what to do. */
const DOING = new Set<DocumentSection>(['diagnosis', 'mitigation', 'verification', 'steps', 'prevention'])

const isTyped = (line: string) => /^\s*\$ \S/.test(line) || isKubernetes(line)

/** Fills one card with the blocks that stand under its heading. */
export class CardBuilder {
  private parts: Part[] = []
  /** Texts since the last heading or step. */
  private prose: TextBlock[] = []
  private waiting: DocumentAttachment[] = []
  private intro = ''
  private readonly purposes: { meaning?: string; impact?: string } = {}

  constructor(
    readonly card: DocumentCard,
    /** The headings of the document are the vocabulary of alerts, so Meaning comes before what stands on top. */
    private readonly alert: boolean,
    private readonly plain: PlainText,
    private readonly joiner: Joiner,
  ) {}

  private get section(): DocumentSection | undefined {
    return this.parts.findLast((part) => part.meaning)?.meaning?.section
  }

  /** A heading below the one of the card, or a paragraph in bold that stands for one. */
  heading(part: Part) {
    this.prose = []
    while ((this.parts.at(-1)?.depth ?? 0) >= part.depth) this.parts.pop()
    this.parts.push(part)
  }

  text(block: TextBlock, next: Block | undefined) {
    const { card, section } = this
    const words = () => this.plain.of(block.text).replace(/\s+/g, ' ').trim()
    if (section === 'symptoms') return this.symptom(block, words())
    if (section === 'meaning' || section === 'impact') {
      const before = this.purposes[section]
      // The first paragraph says it; of a list every item does.
      if (before === undefined) this.purposes[section] = words()
      else if (block.level > 0 && before.length < MAX_PURPOSE) this.purposes[section] = `${before} ${words()}`
    }
    if (this.parts.length === 0 && card.steps.length === 0 && this.intro === '') {
      this.intro = words()
      return
    }
    if (section && DOING.has(section)) {
      const step = inlineStep(block, section, this.plain)
      const repeated = (text: string) =>
        next?.kind === 'code' && next.lines.some((line) => line.includes(text))
      if (step && !step.commands.some((line) => repeated(line.text))) this.add([step])
    }
    this.prose.push(block)
  }

  private symptom(block: TextBlock, words: string) {
    const { symptoms } = this.card
    if (block.item && block.level === 1) symptoms.push(words)
    else if (block.level > 0 && symptoms.length > 0) symptoms[symptoms.length - 1] += ` ${words}`
    else if (!words.endsWith(':')) symptoms.push(words)
  }

  code(block: CodeBlock) {
    if (block.language === 'data' || block.language === 'printed') return this.attach(block)
    // Four spaces are as often a quotation as a terminal.
    if (block.indented && !block.lines.some(isTyped)) return this.attach(block)
    const entries = readTranscript(block, this.joiner)
    const has = (kind: string) => entries.some((entry) => entry.kind === kind)
    if (!has('command') && (has('output') || block.indented)) return this.attach(block)
    this.add(stepsOf(entries, block.attributes, this.section, leadOf(this.prose, this.current(), this.plain)))
    this.prose = []
  }

  private current(): { title: string; plain: boolean } {
    const part = this.parts.at(-1)
    return part
      ? { title: part.title, plain: part.meaning?.plain ?? false }
      : { title: this.card.title, plain: true }
  }

  private add(steps: DocumentStep[]) {
    const [first] = steps
    if (first && this.waiting.length > 0) first.attachments = this.waiting.splice(0)
    this.card.steps.push(...steps)
  }

  /** What is no command line stays with the step before, or waits for the first one of the card. */
  private attach(block: CodeBlock) {
    const last = this.card.steps.at(-1)
    const text = block.lines.join('\n').trimEnd()
    if (text.trim() === '') return
    const printed = block.language !== 'data' && (block.language === 'printed' || block.lines.some(isPrinted))
    if (last && printed && !block.indented) {
      last.output ??= []
      for (const line of block.lines) if (line.trim() !== '') last.output.push(line)
      return
    }
    const attachment = { lang: block.lang, text, line: block.line }
    if (!last) this.waiting.push(attachment)
    else if (last.attachments) last.attachments.push(attachment)
    else last.attachments = [attachment]
  }

  /** To be called when the card is over. */
  finish() {
    const { card, intro } = this
    const meant = [this.purposes.meaning, this.purposes.impact].filter(Boolean).join(' ')
    card.purpose = shorten((this.alert ? meant || intro : intro || meant) || '', MAX_PURPOSE)
    const [first] = this.waiting
    // An alert whose only help is a query: a person asks it.
    if (this.alert && first && card.steps.length === 0) {
      const { title, note } = leadOf(this.prose, this.current(), this.plain)
      this.add([{ title, commands: [], line: first.line, attributes: {}, ...(note ? { note } : {}) }])
    }
  }
}
