/** After a quarter of an hour what was found says how it was, not how it is. */
const OLD_AFTER_SECONDS = 15 * 60

/**
 * Whether somebody looked too long ago to rely on it.
 * @param at ISO time of the look; absent when nobody has looked
 * @param nowSeconds seconds since 1970; 0 where the viewer's clock is not known, and then nothing is old
 */
export function isOld(at: string | undefined, nowSeconds: number): boolean {
  return at !== undefined && nowSeconds - Date.parse(at) / 1_000 > OLD_AFTER_SECONDS
}
