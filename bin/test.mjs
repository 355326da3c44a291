// npm test: everything that must hold, from a clean clone. Its last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, HOME, ROOT, say } from './setup.mjs'

function run(command, args, env = {}) {
  const done = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
  return done.status === 0
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
if (unit) {
  passed += unit.numPassedTests
  failed += unit.numFailedTests
  skipped += unit.numPendingTests + (unit.numTodoTests ?? 0)
}
// A file that does not even load counts no failed test, yet must not pass.
if (!unitOk && (!unit || unit.numFailedTests === 0)) gate('unit and integration tests ran', false)

process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
process.exit(failed === 0 ? 0 : 1)
