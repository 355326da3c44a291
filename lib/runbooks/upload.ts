/** What may come in as a runbook: a name and a text. Universal, so that the browser can say the same sooner. */
import { fail, ok, type Result } from '../core/result'

/** Largest text that is taken, in bytes. */
export const UPLOAD_LIMIT = 1 << 20

/** A name that is shown, typed and put into a download's header: no path, nothing invisible. */
export function checkFileName(given: string): Result<string> {
  const name = given.trim().normalize('NFC')
  if (name === '') return fail('invalid_input', 'The name of the file is missing.')
  if (name.length > 120) return fail('invalid_input', 'The name of the file is longer than 120 characters.')
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._()+-]*$/u.test(name))
    return fail('invalid_input', 'The name of the file has a character that is not taken.', {
      hint: 'Take letters, digits, spaces, dots, dashes and underscores.',
    })
  if (!/\.(?:md|markdown)$/i.test(name))
    return fail('invalid_input', `${name} is not the name of a Markdown file: it should end in .md.`)
  return ok(name)
}

/** The text of a file: UTF-8, at most 1 MiB, without zero bytes. */
export async function readText(file: Blob): Promise<Result<string>> {
  if (file.size > UPLOAD_LIMIT)
    return fail(
      'invalid_input',
      `The text has ${(file.size / UPLOAD_LIMIT).toFixed(1)} MiB; at most 1 MiB is taken.`,
    )
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
  } catch {
    return fail('invalid_input', 'This is not a text in UTF-8.', {
      hint: 'Save it as a UTF-8 text in your editor, and drop it again.',
    })
  }
  if (text.trim() === '') return fail('invalid_input', 'The text is empty.')
  // PostgreSQL stores no zero byte, and no text has one.
  if (text.includes('\0')) return fail('invalid_input', 'This is not a text: it has zero bytes.')
  return ok(text)
}
