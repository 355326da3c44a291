// What must be there before anything else can run. Plain Node, no packages: this file installs them.
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Where data of this installation lives: the database, caches, the session key. */
export const HOME = process.env.CRASHCART_HOME ?? join(ROOT, '.crashcart')

/** Says something to a person without touching standard output, which belongs to results. */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Ends the process with a sentence that says what to do. */
export function giveUp(text) {
  say(text)
  process.exit(2)
}

function run(what, command, args, env = {}) {
  const done = spawnSync(command, args, {
    cwd: ROOT,
    // Output of tools goes to standard error so that `crashcart … --json` prints JSON and nothing else.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  })
  if (done.status !== 0)
    giveUp(`${what} failed (${command} ${args.join(' ')}). Its own message stands above.`)
}

function hashOfFiles(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex')
}

function stampIs(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value
}

// The driver adapter talks to PostgreSQL, so Prisma's own engine is never used. Naming a program in its
// place keeps `prisma` from downloading one.
const NO_ENGINE = {
  PRISMA_SCHEMA_ENGINE_BINARY: process.platform === 'win32' ? process.execPath : '/bin/true',
}

/** Installs the packages of package-lock.json when they are not there, and generates the database client. */
export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    giveUp(
      `Crashcart needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and try again.`,
    )
  }
  const lock = hashOfFiles(['package-lock.json'])
  const stamp = join(ROOT, 'node_modules', '.crashcart-lock')
  if (!stampIs(stamp, lock)) {
    say('Installing packages (once) …')
    // Browsers for the tests are looked for by `npm test`; starting Crashcart needs none.
    run('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      ...NO_ENGINE,
      PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
    })
    writeFileSync(stamp, lock)
  }
  const schema = hashOfFiles(['prisma/schema.prisma', 'package-lock.json'])
  const generated = join(ROOT, 'lib', 'generated', '.schema')
  if (!stampIs(generated, schema)) {
    run(
      'Generating the database client',
      process.execPath,
      ['node_modules/prisma/build/index.js', 'generate'],
      NO_ENGINE,
    )
    writeFileSync(generated, schema)
  }
}

const SOURCES = [
  'app',
  'components',
  'lib',
  'prisma',
  'public',
  'instrumentation.ts',
  'next.config.js',
  'package-lock.json',
  'postcss.config.mjs',
  'tsconfig.json',
]

function filesUnder(path) {
  const whole = join(ROOT, path)
  if (!existsSync(whole)) return []
  if (!statSync(whole).isDirectory()) return [path]
  return readdirSync(whole)
    .sort()
    .flatMap((name) => filesUnder(`${path}/${name}`))
}

/** Builds the dashboard when its sources are not those of the last build. */
export function ensureBuilt() {
  const sources = hashOfFiles(SOURCES.flatMap(filesUnder).filter((path) => !/\.test\.tsx?$/.test(path)))
  const stamp = join(ROOT, '.next', 'crashcart-build')
  if (stampIs(stamp, sources)) return
  say('Building the dashboard (when sources changed) …')
  run('Building', process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    NEXT_TELEMETRY_DISABLED: '1',
  })
  writeFileSync(stamp, sources)
}

/** A random key that stays the same over restarts, readable by its owner only. */
export function lastingSecret(name) {
  mkdirSync(HOME, { recursive: true })
  const file = join(HOME, name)
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

/**
 * For Node when it compiles runbooks: a larger nursery (MiB). A document's steps live until it is compiled, and with
 * the usual 16 MiB a fifth of the time goes into moving them about.
 */
export const COMPILING = ['--max-semi-space-size=64']
