import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

/** Another process, as the log of a test run is silent. */
function logged(code: string): Record<string, unknown>[] {
  const out = execFileSync(
    process.execPath,
    [
      '--conditions=react-server',
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `import('./lib/core/log.ts').then(({ log }) => { ${code} })`,
    ],
    { encoding: 'utf8', env: { ...process.env, VITEST: '', LOG_LEVEL: 'nonsense' } },
  )
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('log', () => {
  it('redacts messages, fields and errors, and survives a wrong level', () => {
    const [first, second] = logged(`
      log.info({ password: 'hunter2', url: 'postgres://a:hunter2@db/x' }, 'DB_PASSWORD=hunter2 used')
      log.error({ err: new Error('connect postgres://a:hunter2@db/x', { cause: new Error('token=hunter2') }) }, 'failed')
    `)
    expect(JSON.stringify([first, second])).not.toContain('hunter2')
    expect(first).toMatchObject({ level: 'info', msg: 'DB_PASSWORD=[redacted] used', password: '[redacted]' })
    expect(second).toMatchObject({ err: { message: 'connect postgres://a:[redacted]@db/x', type: 'Error' } })
  })
})
