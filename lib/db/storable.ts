import 'server-only'
import { redact, redactDeep } from '@/lib/core/redact'
import type { Prisma } from '@/lib/generated/prisma/client'

/** PostgreSQL stores neither NUL nor half a surrogate pair, and pod logs have both. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd')
}

/**
 * A text on its way into the database: redacted, storable, at most `max` characters.
 */
export function storableText(text: string, max = 4_000): string {
  const safe = clean(redact(text))
  return safe.length > max ? `${clean(safe.slice(0, max - 1))}…` : safe
}

/** A value on its way into a JSON column: plain data, redacted, storable. */
export function storableJson(value: unknown): Prisma.InputJsonValue {
  const plain: unknown = JSON.parse(JSON.stringify(redactDeep(value) ?? null), (_key, entry: unknown) =>
    typeof entry === 'string' ? clean(entry) : entry,
  )
  // Prisma's type has no null at the top, where a column would need Prisma.JsonNull.
  return (plain ?? {}) as Prisma.InputJsonValue
}
