// npm test: everything that must hold, from a clean clone. Its last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, HOME, ROOT, say } from './setup.mjs'
import { broken, tellFailures } from './test-report.mjs'

const BROWSERS = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

function run(command, args, env = {}) {
  const done = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
  return done.status === 0
}

function browser() {
  const found = BROWSERS.find((path) => path && existsSync(path))
  if (found) return found
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    say('Installing Chromium for the browser tests …')
    if (run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', 'chromium']))
      return '/usr/bin/chromium'
  }
  say('Fetching a Chromium for the browser tests …')
  if (run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'])) return undefined
  throw new Error(
    'The browser tests need Chromium. Install the package `chromium`, or set CHROMIUM_PATH to a Chromium.',
  )
}

let passed = 0
let failed = 0
let skipped = 0

/** A step that passes or fails as a whole. */
function gate(name, ok) {
  say(`${ok ? 'ok    ' : 'FAILED'} ${name}`)
  if (ok) passed += 1
  else failed += 1
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

ensureInstalled()
mkdirSync(HOME, { recursive: true })
// A report of an earlier run must not be counted for this one.
for (const name of ['unit.json', 'e2e.json']) rmSync(join(HOME, name), { force: true })
gate('lint', run('npm', ['run', '--silent', 'lint']))
gate('types', run(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit']))

const unitReport = join(HOME, 'unit.json')
const unitOk = run(process.execPath, [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${unitReport}`,
])
const unit = readJson(unitReport)
const unitFailed = unit ? unit.numFailedTests + broken(unit.testResults).length : 0
if (unit) {
  passed += unit.numPassedTests
  failed += unitFailed
  skipped += unit.numPendingTests + (unit.numTodoTests ?? 0)
}
if (!unitOk && unitFailed === 0) gate('unit and integration tests ran', false)

ensureBuilt()
gate('build', true)

const e2eReport = join(HOME, 'e2e.json')
let e2eOk = false
try {
  const chromium = browser()
  e2eOk = run(process.execPath, ['node_modules/@playwright/test/cli.js', 'test'], {
    ...(chromium ? { CHROMIUM_PATH: chromium } : {}),
    PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport,
  })
} catch (cause) {
  say(cause instanceof Error ? cause.message : String(cause))
}
const e2e = readJson(e2eReport)
if (e2e) {
  passed += e2e.stats.expected + e2e.stats.flaky
  failed += e2e.stats.unexpected
  skipped += e2e.stats.skipped
}
if (!e2eOk && (!e2e || e2e.stats.unexpected === 0)) gate('browser tests ran', false)

// What failed long before the browser tests is told again where people look first.
if (unit) tellFailures(unit.testResults)
if (skipped > 0) say(`${skipped} skipped: what they need is not on this machine; each says what.`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
