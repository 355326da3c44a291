import 'server-only'

/** Says why an output cannot be printed here. Caught where outputs are understood. */
export class NotPrintable extends Error {}

/** Says why an output that was understood could not be printed of these objects. Caught where they are printed. */
export class CouldNotPrint extends Error {}

/** Longest template or path that is read. */
export const MAX_TEMPLATE = 4_000
/** Deepest nesting of a template, of a path or of an object. */
export const MAX_DEPTH = 100
/** Most values that one print may touch: a path such as `..*..*` asks for all of them many times over. */
const MAX_STEPS = 2_000_000
/** So much text is as much work as a value. */
const OCTETS_A_STEP = 8

/** Counts what a print does and what it writes, and ends it where that is too much. */
export class Budget {
  private steps = 0
  private written = 0

  /** `maxLength` is the most characters that may be written. */
  constructor(private readonly maxLength: number) {}

  /** Throws CouldNotPrint when more than two million values were touched. */
  step(count = 1): void {
    this.steps += count
    if (this.steps > MAX_STEPS) throw new CouldNotPrint('The output asks for more values than are looked at.')
  }

  /**
   * Counts the work on text that is not written yet. Throws CouldNotPrint when it alone is larger than what may be
   * written, or when there was too much work.
   */
  made(text: string): string {
    this.step(Math.ceil(text.length / OCTETS_A_STEP))
    if (text.length > this.maxLength) throw this.tooLarge()
    return text
  }

  /** Throws CouldNotPrint when text of that length may not be written any more. */
  room(length: number): void {
    if (this.written + length > this.maxLength) throw this.tooLarge()
  }

  private tooLarge(): CouldNotPrint {
    return new CouldNotPrint(`The output is larger than ${Math.round(this.maxLength / 1024)} KiB.`)
  }

  /** Throws CouldNotPrint when more was written than is allowed; returns the text otherwise. */
  write(text: string): string {
    this.room(text.length)
    this.written += text.length
    return text
  }
}
