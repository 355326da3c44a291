import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { clockOf, clockText } from './clock'

const gnu = spawnSync('date', ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU') ?? false

/** What GNU date prints at that time for the words of a capture, read by a shell. */
function real(capture: string, at: Date): string {
  const shifted = / -d|--date/.test(capture)
  const now = at.toISOString()
  const line = shifted
    ? capture.slice(2, -1).replace(/(-d ?|--date[= ])(["'])(.*?)\2/, (_, flag, quote, text) => {
        const meant = /^(now|today)$/.test(text) ? '' : text
        return `${flag}${quote}${now} ${meant}${quote}`
      })
    : `${capture.slice(2, -1)} -d ${now}`
  const { stdout } = spawnSync('sh', ['-c', line], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
  })
  return stdout.replace(/\n$/, '')
}

const CAPTURES = [
  '$(date)',
  '$(date +%s)',
  '$(date -u +%Y%m%d-%H%M%S)',
  "$(date +'%Y-%m-%dT%H:%M:%SZ')",
  '$(date "+%F %T")',
  '$(date -Iseconds)',
  '$(date -I)',
  '$(date --iso-8601=minutes)',
  '$(date -R)',
  '$(date +%a-%A-%b-%B-%e-%j-%I%p-%y-%-d-%_m-%-H-%D%%)',
  "$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%SZ)",
  "$(date --date='30 minutes ago' +%s)",
  "$(date -d '-2 days' +%F)",
  "$(date -d '+1 week' +%F)",
  "$(date -d 'yesterday' +%F)",
  "$(date -d '3 days' +%F)",
]

describe.skipIf(!gnu)('date in a capture prints what GNU date prints (skipped where there is none)', () => {
  it.each(CAPTURES)('%s', (capture) => {
    for (const now of ['2026-01-02T03:04:05Z', '2024-02-29T23:59:59Z', '2026-11-28T12:00:00Z']) {
      const words = clockOf(capture)
      expect(words).toBeDefined()
      expect(clockText(words ?? [], new Date(now)), now).toBe(real(capture, new Date(now)))
    }
  })
})

describe('a capture of date', () => {
  it.each([
    '$(date -d "$START" +%s)',
    "$(date -d 'last friday' +%F)",
    '$(date -f dates.txt)',
    '$(date -r file)',
    '$(date -s 12:00)',
    '$(date 010112002026)',
    '$(date +%Q)',
    '$(date +%s | cut -c1-5)',
    '$(date; hostname)',
    '$(TZ=Asia/Tokyo date)',
    '$(datefoo)',
    '$(date +)',
    "$(date '+ ')",
    '$(date +%n)',
    "$(date -d '999999999 weeks' +%s)",
    "$(date -d '-2 days ago' +%F)",
    '$(date +%-N)',
    '$(date +%_z)',
  ])('is not understood where more than the clock decides: %s', (capture) => {
    expect(clockOf(capture)).toBeUndefined()
  })
})
