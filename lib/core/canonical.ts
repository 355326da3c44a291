/**
 * One text for one value: JSON with sorted keys and no spaces. What JSON cannot hold (undefined,
 * functions) is left out, as `JSON.stringify` does. For hashes.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) => {
    if (!entry || typeof entry !== 'object' || Array.isArray(entry)) return entry
    const source = entry as Record<string, unknown>
    // By code unit, not by locale: the same everywhere.
    return Object.fromEntries(
      Object.keys(source)
        .sort()
        .map((key) => [key, source[key]]),
    )
  })
}
