/** Starts the real thing (`npm start`) on a free port with a data folder of its own, and ends it afterwards. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import getPort from 'get-port'

export default async function startCrashcart(): Promise<() => Promise<void>> {
  // One that runs already, for writing tests: nothing is started and nothing ended.
  if (process.env.CRASHCART_URL) return async () => {}
  const port = await getPort()
  const home = mkdtempSync(join(tmpdir(), 'crashcart-e2e-'))
  const { CRASHCART_CONTEXT: _context, DATABASE_URL: _database, ...rest } = process.env
  const server = spawn(process.execPath, ['bin/start.mjs'], {
    env: { ...rest, PORT: String(port), CRASHCART_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  const keep = (chunk: Buffer) => {
    said.push(chunk.toString())
    if (said.length > 500) said.shift()
  }
  server.stderr.on('data', keep)
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`Crashcart was not ready in 4 minutes:\n${said.join('')}`)),
      240_000,
    )
    server.stdout.on('data', (chunk: Buffer) => {
      keep(chunk)
      const ready = /Crashcart is ready on (\S+)/.exec(said.join(''))
      if (ready?.[1]) {
        clearTimeout(limit)
        resolve(ready[1])
      }
    })
    server.once('exit', (code) => {
      clearTimeout(limit)
      reject(new Error(`Crashcart ended with code ${code} before it was ready:\n${said.join('')}`))
    })
  })
  process.env.CRASHCART_URL = url
  return async () => {
    server.kill('SIGTERM')
    await gone
    rmSync(home, { recursive: true, force: true })
    if (process.env.CRASHCART_E2E_LOG) process.stderr.write(said.join(''))
  }
}
