import { describe, expect, it } from 'vitest'
import {
  judgeConnections,
  judgeEventOrder,
  judgeIndexes,
  judgeReplicaPosition,
  judgeReplication,
  judgeSlowQueries,
} from './postgres'
import type { Finding } from './types'

const codes = (findings: Finding[]) => findings.map((one) => `${one.severity} ${one.code}`)

describe('replicas', () => {
  const row = (values: Record<string, string> = {}) => ({
    application_name: 'replica-0',
    state: 'streaming',
    lag_bytes: '0',
    lag_seconds: '0.0',
    ...values,
  })

  it('that stream are well', () => {
    expect(judgeReplication([row()], 1)).toEqual([])
    expect(judgeReplication([row()], undefined)).toEqual([])
  })

  it('that are missing fail', () => {
    expect(judgeReplication([], 1)).toMatchObject([
      { severity: 'fail', code: 'replication.missing', title: '0 of 1 replica are connected to the primary' },
    ])
    expect(codes(judgeReplication([], undefined))).toEqual(['warn replication.none'])
  })

  it('that lag warn and fail', () => {
    expect(codes(judgeReplication([row({ lag_seconds: '12' })], 1))).toEqual(['warn replication.lag'])
    expect(codes(judgeReplication([row({ lag_seconds: '90', lag_bytes: '5000000' })], 1))).toEqual([
      'fail replication.lag',
    ])
    expect(codes(judgeReplication([row({ state: 'catchup' })], 1))).toEqual(['warn replication.state'])
  })
})

describe('the position of a replica', () => {
  const judge = (row: Record<string, string>, primary?: string) =>
    judgeReplicaPosition(row, primary, 'no route')

  it('near the primary is well, across the boundary of the log too', () => {
    expect(judge({ replayed: '0/3000148', paused: 'f' }, '0/3000148')).toMatchObject({
      findings: [],
      figure: '0 B behind',
    })
    expect(judge({ replayed: '0/FFFFFF00', paused: 'f' }, '1/0').figure).toBe('256 B behind')
  })

  it('far from it warns', () => {
    expect(codes(judge({ replayed: '0/0', paused: 'f' }, '0/2000000').findings)).toEqual([
      'warn replica.behind',
    ])
  })

  it('with replay paused names the cause and the way out', () => {
    expect(judge({ received: '0/5', replayed: '0/1', paused: 't' }, '0/5').findings).toMatchObject([
      { severity: 'fail', code: 'replica.paused', remedies: [{ operation: 'postgres.wal-replay-resume' }] },
    ])
  })

  it('that cannot be compared is unknown', () => {
    expect(judge({ replayed: '0/1', paused: 'f' }).findings).toMatchObject([
      { severity: 'unknown', code: 'replica.primary-unseen' },
    ])
    expect(codes(judge({ replayed: '', paused: 'f' }, '0/1').findings)).toEqual(['fail replica.no-position'])
  })
})

describe('statements', () => {
  it('that are quick are well; slow ones are counted, the slowest is named', () => {
    expect(judgeSlowQueries([{ query: 'SELECT 1', mean_ms: '3.1', calls: '9' }], 'none')).toEqual([])
    expect(
      judgeSlowQueries(
        [
          { query: 'SELECT a', mean_ms: '1200', calls: '9' },
          { query: 'SELECT b', mean_ms: '250', calls: '2' },
        ],
        'none',
      ),
    ).toMatchObject([
      {
        severity: 'fail',
        title: '2 statements take 200 ms or more on average; the slowest 1200 ms over 9 calls',
        evidence: ['1200 ms: SELECT a', '250 ms: SELECT b'],
      },
    ])
  })

  it('that are all logged are a warning with a way back', () => {
    expect(judgeSlowQueries([], 'all')).toMatchObject([
      {
        code: 'postgres.log-all',
        remedies: [{ operation: 'postgres.log-statement', params: { value: 'RESET' } }],
      },
    ])
  })
})

describe('connections', () => {
  const judge = (used: number, idle = 0, blocked = 0) =>
    judgeConnections({ max: 100, reserved: 3, used, blocked }, [
      { state: 'active', count: '4', longest_seconds: '1' },
      { state: 'idle in transaction', count: String(idle), longest_seconds: '240' },
    ])

  it('with room are well', () => {
    expect(judge(40)).toEqual([])
    expect(judge(40, 4)).toEqual([])
  })

  it('that run out warn and fail, against what is not reserved', () => {
    expect(codes(judge(73))).toEqual(['warn postgres.connections-exhausted'])
    expect(judge(97)[0]).toMatchObject({
      severity: 'fail',
      title: '97 of 97 connections in use (3 reserved)',
    })
  })

  it('idle in transaction are the cause when there are many', () => {
    const findings = judge(95, 60)
    expect(codes(findings)).toEqual([
      'fail postgres.idle-in-transaction',
      'fail postgres.connections-exhausted',
    ])
    expect(findings[0]?.title).toBe(
      '60 sessions idle in transaction, the longest for 4 min, 95 of 97 connections in use',
    )
    expect(findings[1]?.explainedBy).toEqual(['postgres.idle-in-transaction'])
  })

  it('that wait for locks warn', () => {
    expect(codes(judge(10, 0, 2))).toEqual(['warn postgres.blocked'])
  })
})

describe('indexes', () => {
  it('never scanned are told and do not weigh; unique ones are not even told', () => {
    const row = (scans: string, unique: string) => ({
      index_name: 'i',
      table_name: 't',
      bytes: '8192',
      scans,
      is_unique: unique,
    })
    expect(codes(judgeIndexes([row('0', 'f'), row('9', 'f'), row('0', 't')]))).toEqual([
      'info postgres.unused-indexes',
    ])
    expect(judgeIndexes([row('9', 'f')])).toEqual([])
  })
})

describe('event streams', () => {
  const row = (missing: string, duplicates: string) => ({
    stream_id: 'order-1',
    missing,
    duplicates,
    last: '9',
  })

  it('without gaps are well', () => {
    expect(judgeEventOrder([row('0', '0')])).toEqual([])
  })

  it('with gaps and duplicates fail', () => {
    expect(judgeEventOrder([row('2', '0'), row('0', '1')])).toMatchObject([
      { severity: 'fail', title: 'The event store has gaps in 1 stream and duplicates in 1 stream' },
    ])
  })

  it('that are none are told', () => {
    expect(codes(judgeEventOrder([]))).toEqual(['warn events.none'])
  })
})
