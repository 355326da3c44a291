import { z } from 'zod'
import type { PlaceholderMeaning } from '../../operations/types'
import type { RunbookDocument } from '../parse-document'
import type { Warning } from '../types'
import { normalName } from './placeholders'

const meaning = z.union([
  z.object({ kind: z.literal('pod').default('pod'), namespace: z.string().optional(), workload: z.string() }),
  z.object({ kind: z.literal('generated-secret') }),
  z.object({
    kind: z.literal('input').default('input'),
    label: z.string(),
    type: z.enum(['text', 'integer', 'quantity', 'choice', 'secret']).default('text'),
    help: z.string().optional(),
    default: z.coerce.string().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
])

/**
 * Front matter `placeholders` by the names that placeholders have in words; a meaning that does not parse is left out,
 * told, and the placeholder stays a plain text field.
 */
export function readMeanings(document: RunbookDocument): {
  meanings: Record<string, PlaceholderMeaning>
  warnings: Warning[]
} {
  const warn = (message: string): Warning => ({ id: 'front-matter', message })
  const warnings = document.frontMatterError ? [warn(document.frontMatterError)] : []
  const given = document.frontMatter.placeholders
  if (given === undefined) return { meanings: {}, warnings }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { meanings: {}, warnings: [...warnings, warn('`placeholders` must be a map of names.')] }
  const meanings = Object.entries(given).flatMap(([name, value]): [string, PlaceholderMeaning][] => {
    const read = meaning.safeParse(value)
    if (read.success) return [[normalName(name), read.data as PlaceholderMeaning]]
    warnings.push(warn(`The meaning of <${name}> is not understood, so it stays a plain text field.`))
    return []
  })
  return { meanings: Object.fromEntries(meanings), warnings }
}
