/** A runbook's shape before any command is interpreted. Plain data. */

/** What a part of a card is about, by the heading it stands under. It never decides whether a step is a fix. */
export type DocumentSection =
  | 'symptoms'
  | 'meaning'
  | 'impact'
  | 'diagnosis'
  | 'mitigation'
  | 'verification'
  | 'prevention'
  | 'prerequisites'
  | 'escalation'
  | 'steps'
  | 'references'

export interface DocumentLine {
  /** 1-based line of the file on which the command starts. */
  line: number
  /** The command: continued lines joined by a space, lines of a here-document or a quotation by a newline. */
  text: string
  /** It stood as code within a sentence. */
  inline?: boolean
  /** Where it is typed, when that is not the terminal of whoever reads it: a sentence. */
  within?: string
  /** Why a person should look twice: characters that are not seen, or are seen in another order. */
  suspicious?: string
}

/** A block that is no command line: a manifest, a query, a piece of a program. */
export interface DocumentAttachment {
  /** Language of the fence, lower case; empty when it has none. */
  lang: string
  text: string
  /** 1-based line of the file on which the text starts. */
  line: number
}

/** The commands under one comment of a fence, in order. */
export interface DocumentStep {
  title: string
  /** The title is only that of the part it stands in ("Diagnosis"), which says nothing of this step. */
  plain?: true
  commands: DocumentLine[]
  /** Further comment lines and the prose above the fence. */
  note?: string
  line: number
  attributes: Record<string, string>
  section?: DocumentSection
  /** Lines of the fence that are what a program printed. */
  output?: string[]
  attachments?: DocumentAttachment[]
}

export interface DocumentCard {
  id: string
  title: string
  group: string
  purpose: string
  symptoms: string[]
  line: number
  steps: DocumentStep[]
}

export interface RunbookDocument {
  title: string
  frontMatter: Record<string, unknown>
  /** Why the front matter could not be read, in a sentence. */
  frontMatterError?: string
  cards: DocumentCard[]
}
