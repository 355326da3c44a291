import { z } from 'zod'
import type { LintLine } from '../types'

/** A request as the compiler says it and as a recording holds it. */
export type SentRequest = NonNullable<LintLine['requests']>[number]

const request = z.object({
  method: z.string(),
  path: z.string(),
  query: z.string().optional(),
  contentType: z.string().optional(),
  body: z.string().optional(),
})

/** As recorded: also whether the connection was taken over for a stream, as exec does. */
const recorded = request.extend({ upgrade: z.string().optional() })

const record = z.object({
  repo: z.string(),
  path: z.string(),
  lineNo: z.number(),
  line: z.string(),
  expected: z.string(),
  kubectl: z.array(z.object({ argv: z.array(z.string()), requests: z.array(recorded) })),
})

/** One command line of a public runbook: what should become of it, and what kubectl was seen to send for it. */
export type CorpusRecord = z.infer<typeof record>

/** Reads JSON lines; the first one that is no record is an error that names its line. */
export function readRecords(text: string): CorpusRecord[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      throw new Error(`Line ${index + 1} is not JSON.`)
    }
    const read = record.safeParse(value)
    if (!read.success) throw new Error(`Line ${index + 1} is no record: ${z.prettifyError(read.error)}`)
    return [read.data]
  })
}
