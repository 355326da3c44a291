// npm start: install, build, database, practice cluster, dashboard. One Ctrl-C ends all of it.
import { fork, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundled, ensureBuilt, ensureInstalled, giveUp, HOME, lastingSecret, ROOT, say } from './setup.mjs'

const dev = process.argv.includes('--dev')
const port = Number(process.env.PORT ?? 3000)
if (!Number.isInteger(port) || port < 1 || port > 65535)
  giveUp(`PORT is "${process.env.PORT}"; it must be a number from 1 to 65535.`)

/** One Crashcart per data folder: a second one would take the database from the first. */
function takeFolder() {
  mkdirSync(HOME, { recursive: true })
  const file = join(HOME, 'crashcart.pid')
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, 'utf8'))
    let running = false
    try {
      process.kill(pid, 0)
      running = existsSync(`/proc/${pid}/cmdline`)
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start.mjs')
        : true
    } catch {
      running = false
    }
    if (running && pid !== process.pid) {
      giveUp(
        `Crashcart is already running from this folder (process ${pid}). Stop it first, or set CRASHCART_HOME to another folder.`,
      )
    }
  }
  writeFileSync(file, String(process.pid))
  return () => rmSync(file, { force: true })
}

const giveBack = takeFolder()
const stops = []
let stopping = false

async function stopAll(code) {
  if (stopping) return
  stopping = true
  for (const stop of stops.reverse()) {
    try {
      await Promise.race([stop(), sleep(10_000)])
    } catch (cause) {
      say(`Something did not stop cleanly: ${cause instanceof Error ? cause.message : cause}`)
    }
  }
  giveBack()
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopAll(0))
// npm that is ended by a signal does not pass it on: whoever started us through it would find us still here.
const parent = process.ppid
if (process.env.npm_lifecycle_event)
  setInterval(() => {
    if (process.ppid !== parent) stopAll(0)
  }, 1_000).unref()

function stopChild(child) {
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await Promise.race([gone, sleep(8_000).then(() => child.kill('SIGKILL'))])
  }
}

/** The practice cluster in a process of its own: a fault in it cannot take the dashboard down. */
async function startPractice() {
  const kubeconfig = join(HOME, 'practice.kubeconfig')
  const { file, execArgv } = await bundled('practice')
  if (stopping) return new Promise(() => {}) // whoever stops has looked for children by now
  const child = fork(file, [kubeconfig], {
    cwd: ROOT,
    execArgv,
    stdio: ['ignore', 2, 2, 'ipc'],
    detached: true,
  })
  stops.push(stopChild(child))
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve({ url: message.url, kubeconfig }))
    child.once('exit', (code) =>
      stopping ? undefined : reject(new Error(`The practice cluster ended with code ${code}.`)),
    )
  })
}

/** Practice accounts have no passwords, so they are offered to this machine only unless HOST says otherwise. */
const host = process.env.HOST ?? (process.env.CRASHCART_CONTEXT ? undefined : '127.0.0.1')

/** Before anything else starts: what listens there already would answer in our place. */
function portIsFree() {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}

async function startDashboard(env) {
  const args = ['node_modules/next/dist/bin/next', dev ? 'dev' : 'start', '-p', String(port)]
  if (host) args.push('-H', host)
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 2, 'ipc'],
    detached: true,
    env: { ...process.env, ...env, NEXT_TELEMETRY_DISABLED: '1' },
  })
  child.stdout.on('data', (chunk) => process.stderr.write(chunk))
  stops.push(stopChild(child))
  child.once('exit', (code) => {
    if (!stopping) {
      say(`The dashboard ended with code ${code}. What stands above says why.`)
      stopAll(1)
    }
  })
  const url = `http://localhost:${port}`
  for (let i = 0; i < 600 && !stopping && child.exitCode === null; i++) {
    try {
      const answer = await fetch(`${url}/api/ready`, { signal: AbortSignal.timeout(5_000) })
      if (answer.ok) return url
      if (i % 50 === 49) say(`Not ready yet: ${(await answer.text()).slice(0, 300)}`)
    } catch {
      // Not listening yet: that is what this loop waits for; the limit below ends it.
    }
    await sleep(100)
  }
  if (child.exitCode !== null || stopping) return new Promise(() => {}) // its exit handler ends everything
  throw new Error('The dashboard did not become ready within a minute.')
}

try {
  if (!(await portIsFree()))
    throw new Error(
      `Port ${port} is in use by another program. Stop that one, or choose another port: PORT=3001 npm start`,
    )
  ensureInstalled()
  if (!dev) ensureBuilt()
  const real = Boolean(process.env.CRASHCART_CONTEXT)
  let databaseUrl = process.env.DATABASE_URL
  const practice = real ? undefined : startPractice()
  practice?.catch(() => {}) // awaited below; this keeps an early failure from ending the process unexplained
  if (!databaseUrl) {
    const { startDatabaseProcess } = await import('./database.mjs')
    const database = await startDatabaseProcess()
    stops.unshift(database.stop)
    databaseUrl = database.url
  }
  const env = {
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: process.env.NEXTAUTH_URL ?? `http://localhost:${port}`,
    NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET ?? lastingSecret('session-key'),
  }
  if (practice) {
    const { url, kubeconfig } = await practice
    env.CRASHCART_PRACTICE_URL = url
    env.CRASHCART_PRACTICE_KUBECONFIG = kubeconfig
  }
  const url = await startDashboard(env)
  process.stdout.write(`Crashcart is ready on ${url}\n`)
} catch (cause) {
  say(cause instanceof Error ? cause.message : String(cause))
  await stopAll(1)
}
