import { resolve } from 'node:path'

/** A file argument as the person meant it: relative to the folder the command was typed in. */
export function fromTypedFolder(file: string): string {
  return resolve(process.env.CRASHCART_CWD ?? process.cwd(), file)
}

/** One JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}
