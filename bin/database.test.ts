import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'crashcart-test-home-'))
let child: ReturnType<typeof spawn> | undefined

afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

/** Like `npm start`: begins a database, and at Ctrl-C has something left to ask it before it ends. */
const OWNER = `
  import pg from 'pg'
  const { startDatabaseProcess } = await import('./bin/database.mjs')
  const { url, stop } = await startDatabaseProcess()
  const client = new pg.Client({ connectionString: url })
  client.on('error', (error) => console.log('lost: ' + error.message))
  await client.connect()
  process.once('SIGINT', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    console.log('answers: ' + (await client.query('SELECT 1 AS one')).rows[0].one)
    await client.end()
    await stop()
    console.log('stopped')
  })
  console.log('ready')
`

it('at Ctrl-C in a terminal the database stays until its owner has ended with it', {
  timeout: 60_000,
}, async () => {
  const owner = spawn(process.execPath, ['--input-type=module', '-e', OWNER], {
    env: { ...process.env, CRASHCART_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  child = owner
  let said = ''
  const ended = new Promise<number | null>((resolve) => owner.once('exit', resolve))
  await new Promise<void>((resolve, reject) => {
    owner.stdout.on('data', (chunk: Buffer) => {
      said += chunk
      if (said.includes('ready')) resolve()
    })
    void ended.then((code) => reject(new Error(`It ended with code ${code} before it was ready.`)))
  })
  // What a terminal does: the signal goes to everything in the group.
  process.kill(-(owner.pid ?? 0), 'SIGINT')
  expect(await ended).toBe(0)
  expect(said.trim().split('\n')).toEqual(['ready', 'answers: 1', 'stopped'])
})
