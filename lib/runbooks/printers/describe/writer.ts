import 'server-only'
import { Budget, CouldNotPrint } from '../limits'
import { alignColumns, escapeCell } from '../tabwriter'

/** Longest value of an annotation that stays on the line of its key, the key included. */
const MAX_ANNOTATION = 140
/** `kubectl apply` keeps a whole manifest there, which describe leaves out. */
const LEFT_OUT = 'kubectl.kubernetes.io/last-applied-configuration'
const MAX_OUTPUT = 1 << 20
/** k8s.io/kubectl/pkg/describe, tabbedString. */
const COLUMNS = { narrowest: 0, padding: 2 }

/** What a description is written into: lines at levels of two blanks, cells with tabs between them. */
export class Writer {
  private readonly budget: Budget

  /** `deeper` levels are put before everything that a nested writer writes, also inside a line, as kubectl does it. */
  constructor(
    maxLength = MAX_OUTPUT,
    private readonly parts: string[] = [],
    private readonly deeper = 0,
  ) {
    this.budget = new Budget(maxLength)
  }

  /** Text at a level; whoever writes it ends the line. Throws CouldNotPrint when all of it grows too long. */
  write(level: number, text: string): void {
    const whole = '  '.repeat(level + this.deeper) + text
    this.budget.step(Math.ceil(whole.length / 8))
    this.parts.push(this.budget.made(escapeCell(whole)))
  }

  /** A line of cells at a level. */
  row(level: number, ...cells: readonly (string | number | boolean)[]): void {
    this.write(level, `${cells.join('\t')}\n`)
  }

  /** Writes into the same text, `levels` deeper. */
  nested(levels: number): Writer {
    return new Writer(MAX_OUTPUT, this.parts, this.deeper + levels)
  }

  /** `Labels:` and the like: `key=value` in order, one a line. `title` may begin with blanks. */
  labels(title: string, labels: Record<string, string> | undefined | null): void {
    this.list(
      title,
      inOrder(labels ?? {}).map(([key, value]) => `${key}=${value}`),
    )
  }

  /** Entries under each other behind a title, or `<none>`. */
  list(title: string, entries: readonly string[]): void {
    this.write(0, `${title}:\t`)
    if (entries.length === 0) this.write(0, '<none>\n')
    entries.forEach((entry, index) => {
      if (index > 0) {
        this.write(0, '')
        this.write(0, '\t')
      }
      this.write(0, `${entry}\n`)
    })
  }

  /** Annotations in order; long ones and those of several lines stand below their key and are cut. */
  annotations(title: string, annotations: Record<string, string> | undefined | null): void {
    this.write(0, `${title}:\t`)
    const shown = inOrder(annotations ?? {}).filter(([key]) => key !== LEFT_OUT)
    if (shown.length === 0) this.write(0, '<none>\n')
    shown.forEach(([key, whole], index) => {
      if (index > 0) this.write(0, '\t')
      const value = whole.endsWith('\n') ? whole.slice(0, -1) : whole
      const long = octets(value) + octets(key) + 2 > MAX_ANNOTATION
      const below = long || value.includes('\n')
      this.write(0, below ? `${key}:\n` : `${key}: ${value}\n`)
      for (const line of below ? value.split('\n') : [])
        this.write(0, `\t  ${shortened(line, MAX_ANNOTATION - 2)}\n`)
    })
  }

  /** All of it, in columns. */
  text(): string {
    const text = this.budget.write(this.parts.join(''))
    return text === ''
      ? ''
      : alignColumns([[text.endsWith('\n') ? text.slice(0, -1) : text]], this.budget, COLUMNS)
  }
}

/** The first so many bytes of a text and an ellipsis, as Go cuts it; half a character becomes the sign for one. */
export function shortened(text: string, octetsAtMost: number): string {
  return octets(text) > octetsAtMost ? `${Buffer.from(text).subarray(0, octetsAtMost).toString()}...` : text
}

function octets(text: string): number {
  return Buffer.byteLength(text)
}

/** Pairs by key, in the order in which Go sorts strings. */
export function inOrder<T>(map: Record<string, T>): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/** A value without which kubectl itself breaks off. Throws CouldNotPrint where it is absent. */
export function needed<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new CouldNotPrint(`The object lacks ${what}.`)
  return value
}
