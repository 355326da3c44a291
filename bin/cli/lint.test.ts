import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lint } from './lint'

const CLEAN = '### A\n\n```bash\nkubectl get pods -n shop\n```\n'
const MANUAL =
  '### A\n\n```bash\nkubectl get pods -n shop\nhelm list\nhelm list -A\nkubectl edit deploy web\n```\n'

let folder: string
let out: string
let err: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crashcart-lint-'))
  vi.stubEnv('CRASHCART_CWD', folder)
  out = ''
  err = ''
  const into = (write: (text: string) => void) => (text: string | Uint8Array) => {
    write(String(text))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(into((text) => (out += text)))
  vi.spyOn(process.stderr, 'write').mockImplementation(into((text) => (err += text)))
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

function put(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

describe('lint of one file', () => {
  it('keeps its shape, and says by its exit code whether all is typed', async () => {
    put({ 'a.md': CLEAN, 'b.md': MANUAL })
    expect(await lint(['a.md'], { json: true })).toBe(0)
    const report = JSON.parse(out)
    expect(Object.keys(report)).toEqual(['summary', 'lines'])
    expect(report.summary).toEqual({ commandLines: 1, typed: 1, manual: 0 })
    expect(report.lines[0]).not.toHaveProperty('requests')
    expect(await lint(['b.md'], {})).toBe(1)
  })

  it('says what a line means that does nothing by itself', async () => {
    put({ 'a.md': '### A\n\n```bash\noc project shop\nkubectl get pods\n```\n' })
    expect(await lint(['a.md'], {})).toBe(0)
    expect(out).toMatch(
      /^ +4 {2}understood: The lines after it mean the namespace shop\.\n +oc project shop\n/,
    )
    expect(out).toContain('2 of 2 command lines typed, 0 manual')
    out = ''
    await lint(['a.md'], { json: true })
    expect(JSON.parse(out).lines[0]).toEqual({
      line: 4,
      text: 'oc project shop',
      outcome: 'typed',
      operation: null,
      reason: null,
      warnings: [],
    })
  })

  it('says what kubectl would send when that is asked for', async () => {
    put({ 'a.md': CLEAN })
    await lint(['a.md'], { json: true, requests: true })
    expect(JSON.parse(out).lines[0].requests).toMatchObject([
      { method: 'GET', path: '/api/v1/namespaces/shop/pods' },
    ])
  })

  it('ends with 2 and an empty standard output when there is no such file', async () => {
    put({ 'a.md': CLEAN })
    expect(await lint(['a.md', 'nowhere.md'], { json: true })).toBe(2)
    expect(out).toBe('')
    expect(err).toContain('nowhere.md')
  })
})

describe('lint of a folder', () => {
  it('takes every Markdown file below it but hidden folders, packages and what links lead to', async () => {
    put({
      'docs/b.md': CLEAN,
      'docs/a/z.md': CLEAN,
      'docs/notes.txt': CLEAN,
      'docs/.git/c.md': MANUAL,
      'docs/a/node_modules/d.md': MANUAL,
      'elsewhere/e.md': MANUAL,
    })
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'docs/link'))
    symlinkSync(join(folder, 'elsewhere/e.md'), join(folder, 'docs/e.md'))
    symlinkSync(join(folder, 'docs'), join(folder, 'docs/a/round'))
    expect(await lint(['docs'], { json: true })).toBe(0)
    const { summary, files } = JSON.parse(out)
    expect(summary).toEqual({ commandLines: 2, typed: 2, manual: 0 })
    expect(files.map((one: { file: string }) => one.file)).toEqual(['docs/a/z.md', 'docs/b.md'])
    expect(Object.keys(files[0])).toEqual(['file', 'summary', 'lines'])
  })

  it('follows a link that was typed, and tells a file once that is named twice', async () => {
    put({ 'docs/a.md': CLEAN })
    symlinkSync(join(folder, 'docs'), join(folder, 'link'))
    expect(await lint(['link'], { json: true })).toBe(0)
    expect(JSON.parse(out).files).toHaveLength(1)
    out = ''
    await lint(['docs/', 'docs/a.md'], { json: true })
    expect(JSON.parse(out).files.map((one: { file: string }) => one.file)).toEqual(['docs/a.md'])
  })

  it('counts per file and together, most frequent reason first', async () => {
    put({ 'docs/a.md': CLEAN, 'docs/b.md': MANUAL })
    expect(await lint(['docs'], {})).toBe(1)
    expect(out).toContain('docs/a.md: 1 of 1 command lines typed, 0 manual, 0 warnings\n')
    expect(out).toContain('Together, 2 files: 2 of 5 command lines typed, 3 manual, 0 warnings\n')
    const counts = Array.from(
      out.slice(out.indexOf('Together')).matchAll(/^ +(\d+) {2}\S/gm),
      ([, count]) => count,
    )
    expect(counts).toEqual(['2', '1'])
  })

  it('says so when there is nothing to lint', async () => {
    put({ 'docs/a.txt': CLEAN })
    expect(await lint(['docs'], {})).toBe(2)
    expect(err).toContain('no Markdown file below docs')
  })
})
