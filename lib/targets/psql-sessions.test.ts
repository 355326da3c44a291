import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../sandbox/server'
import type { RunningSandbox } from '../../sandbox/types'
import { createWorld } from '../../sandbox/world/world'
import { connectCluster } from './cluster/connect'
import { shareSessions } from './psql-sessions'
import type { ClusterReader, ExecRequest } from './types'

let sandbox: RunningSandbox
let reader: ClusterReader
/** Statements of each psql that was really run. */
let runs: string[][] = []

beforeAll(async () => {
  sandbox = await startSandbox({ world: createWorld({ settle: true }) })
  const connected = connectCluster({ kubeconfig: sandbox.kubeconfig, practice: true })
  if (!connected.ok) throw new Error(connected.error.message)
  reader = connected.value.reader
}, 60_000)

afterAll(() => sandbox.stop())

const asking = () => {
  runs = []
  return shareSessions((request) => {
    runs.push(request.argv.filter((_word, index) => request.argv[index - 1] === '-c').slice(1))
    return reader.exec(request)
  })
}

const statement = (sql: string, database = 'aic_production'): ExecRequest => ({
  namespace: 'storage',
  pod: 'postgresql-primary-0',
  argv: ['psql', '-X', '--csv', '-d', database, '-c', 'SET default_transaction_read_only = on', '-c', sql],
})

const rows = async (answer: ReturnType<ClusterReader['exec']>) => {
  const given = await answer
  return given.ok ? given.value.stdout.replace(/^SET\n/, '') : given.error.message
}

describe('statements that are asked at the same time', () => {
  it('share one psql, and each gets its own answer', async () => {
    const exec = asking()
    const [one, two, three] = await Promise.all([
      rows(exec(statement('SELECT 1 AS one'))),
      rows(exec(statement("SELECT 'a\nb' AS two UNION ALL SELECT 'part' AS two"))),
      rows(exec(statement('SELECT 3 AS three WHERE false'))),
    ])
    expect([one, two, three]).toEqual(['one\n1\n', 'two\n"a\nb"\npart\n', 'three\n'])
    expect(runs).toHaveLength(1)
  })

  it('keep to themselves what goes wrong with one of them', async () => {
    const exec = asking()
    const [good, bad] = await Promise.all([
      exec(statement('SELECT 1 AS one')),
      exec(statement('SELECT * FROM no_such_table')),
    ])
    expect(good).toMatchObject({ ok: true, value: { exitCode: 0, stderr: '' } })
    expect(bad).toMatchObject({
      ok: true,
      value: { exitCode: 1, stderr: expect.stringMatching(/no_such_table/) },
    })
  })

  it('are not mixed between databases', async () => {
    const exec = asking()
    const asked = (database: string) => rows(exec(statement('SELECT current_database() AS name', database)))
    expect(await Promise.all([asked('aic_production'), asked('postgres')])).toEqual([
      'name\naic_production\n',
      'name\npostgres\n',
    ])
    expect(runs).toHaveLength(2)
  })
})

it('a statement that is asked alone runs as it is', async () => {
  const exec = asking()
  expect(await rows(exec(statement('SELECT 1 AS one')))).toBe('one\n1\n')
  expect(runs).toEqual([['SELECT 1 AS one']])
})

it('a change among the statements is refused as it would be alone', async () => {
  const exec = asking()
  const [good, bad] = await Promise.all([
    exec(statement('SELECT 1 AS one')),
    exec(statement('DELETE FROM event_store')),
  ])
  expect(good).toMatchObject({ ok: true })
  expect(bad).toMatchObject({ ok: false, error: { code: 'forbidden' } })
})
