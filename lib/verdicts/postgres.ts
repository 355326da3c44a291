import { bytes, count, howLong } from './durations'
import type { Finding } from './types'

type Row = Record<string, string>

/** Bytes and seconds a replica may be behind before it is worth a word, and before it is a failure. */
const LAG_WARN_BYTES = 1 << 20
const LAG_WARN_SECONDS = 10
const LAG_FAIL_SECONDS = 60
/** A mean above these is slow for an online service: what a person notices, and what makes requests time out. */
const SLOW_WARN_MS = 200
const SLOW_FAIL_MS = 1_000

/** Replicas: missing ones, states other than streaming, and lag. */
export function judgeReplication(rows: Row[], wanted: number | undefined): Finding[] {
  const findings: Finding[] = []
  if (wanted !== undefined && rows.length < wanted) {
    findings.push({
      severity: 'fail',
      code: 'replication.missing',
      title: `${rows.length} of ${count(wanted, 'replica')} ${rows.length === 1 ? 'is' : 'are'} connected to the primary`,
      evidence: rows.map((row) => `${row.application_name}: ${row.state}`),
      remedies: [
        { operation: 'kubernetes.rollout-restart', params: { workload: 'statefulset/postgresql-replica' } },
      ],
    })
  } else if (rows.length === 0)
    findings.push({
      severity: 'warn',
      code: 'replication.none',
      title: 'No replica is connected to the primary',
      evidence: [],
      remedies: [],
    })
  for (const row of rows) {
    const lagBytes = Number(row.lag_bytes)
    const lagSeconds = Number(row.lag_seconds)
    if (row.state !== 'streaming')
      findings.push({
        severity: 'warn',
        code: 'replication.state',
        title: `${row.application_name} is in state ${row.state}, not streaming`,
        evidence: [],
        remedies: [],
      })
    if (lagSeconds >= LAG_WARN_SECONDS || lagBytes >= LAG_WARN_BYTES) {
      findings.push({
        severity: lagSeconds >= LAG_FAIL_SECONDS ? 'fail' : 'warn',
        code: 'replication.lag',
        title: `${row.application_name} is ${bytes(lagBytes)} behind (${lagSeconds} s)`,
        evidence: [],
        remedies: [{ operation: 'postgres.wal-replay-resume' }],
        explainedBy: ['replica.paused'],
      })
    }
  }
  return findings
}

/** `0/3000148` as a number of bytes. */
function position(lsn: string | undefined): number | undefined {
  const match = /^([0-9A-F]+)\/([0-9A-F]+)$/i.exec(lsn ?? '')
  return match
    ? Number.parseInt(match[1] as string, 16) * 2 ** 32 + Number.parseInt(match[2] as string, 16)
    : undefined
}

/** A replica's position against the primary's; one LSN alone says nothing. */
export function judgeReplicaPosition(
  row: Row,
  primaryLsn: string | undefined,
  primaryError: string | undefined,
): { findings: Finding[]; healthy: string; figure?: string } {
  const findings: Finding[] = []
  const primary = position(primaryLsn)
  const replayed = position(row.replayed)
  const paused = row.paused === 't' || row.paused === 'true'
  if (paused)
    findings.push({
      severity: 'fail',
      code: 'replica.paused',
      title: 'Replay is paused on the replica: it receives and does not apply',
      evidence: [`received ${row.received}, replayed ${row.replayed}`],
      remedies: [{ operation: 'postgres.wal-replay-resume' }],
    })
  if (primary === undefined)
    findings.push({
      severity: 'unknown',
      code: 'replica.primary-unseen',
      title: `Could not compare: the primary's position was not seen${primaryError ? ` (${primaryError})` : ''}`,
      evidence: [],
      remedies: [],
      explainedBy: ['postgres.down'],
    })
  else if (replayed === undefined)
    findings.push({
      severity: 'fail',
      code: 'replica.no-position',
      title: 'The replica has replayed nothing: is it a replica at all?',
      evidence: [],
      remedies: [],
    })
  const behind =
    primary !== undefined && replayed !== undefined ? Math.max(0, primary - replayed) : Number.NaN
  if (behind >= 16 * LAG_WARN_BYTES && !paused)
    findings.push({
      severity: 'warn',
      code: 'replica.behind',
      title: `The replica is ${bytes(behind)} behind the primary`,
      evidence: [],
      remedies: [],
    })
  return {
    findings,
    healthy: `${bytes(behind || 0)} behind the primary`,
    figure: `${bytes(behind || 0)} behind`,
  }
}

/** Slow statements, and whether every statement is being logged. */
export function judgeSlowQueries(rows: Row[], logStatement: string | undefined): Finding[] {
  const findings: Finding[] = []
  const slow = rows.filter((row) => Number(row.mean_ms) >= SLOW_WARN_MS)
  const top = slow[0]
  if (top)
    findings.push({
      severity: Number(top.mean_ms) >= SLOW_FAIL_MS ? 'fail' : 'warn',
      code: 'postgres.slow',
      title: `${count(slow.length, 'statement')} take ${SLOW_WARN_MS} ms or more on average; the slowest ${top.mean_ms} ms over ${top.calls} calls`,
      evidence: slow.slice(0, 3).map((row) => `${row.mean_ms} ms: ${(row.query ?? '').slice(0, 160)}`),
      remedies: [],
    })
  if (logStatement === 'all')
    findings.push({
      severity: 'warn',
      code: 'postgres.log-all',
      title: "log_statement is 'all': every statement, with personal data in it, goes to the log",
      evidence: [],
      remedies: [{ operation: 'postgres.log-statement', params: { value: 'RESET' } }],
    })
  return findings
}

/** Indexes never scanned: told, not judged, since unique ones and reads on replicas count too. */
export function judgeIndexes(rows: Row[]): Finding[] {
  const idle = rows.filter((row) => row.scans === '0' && row.is_unique !== 't')
  if (idle.length === 0) return []
  return [
    {
      severity: 'info',
      code: 'postgres.unused-indexes',
      title: `${count(idle.length, 'index', 'indexes')} not scanned on this server since its statistics began; replicas may use them`,
      evidence: idle
        .slice(0, 8)
        .map((row) => `${row.index_name} on ${row.table_name}, ${bytes(Number(row.bytes))}`),
      remedies: [],
    },
  ]
}

/** Connections against the maximum, transactions left open, sessions waiting for locks. */
export function judgeConnections(
  figures: { max: number; reserved: number; used: number; blocked: number },
  states: Row[],
): Finding[] {
  const findings: Finding[] = []
  const free = figures.max - figures.reserved
  const share = figures.used / Math.max(1, free)
  const idle = states.find((row) => row.state === 'idle in transaction')
  const idleCount = Number(idle?.count ?? 0)
  if (idleCount >= 5)
    findings.push({
      severity: idleCount >= 20 ? 'fail' : 'warn',
      code: 'postgres.idle-in-transaction',
      title: `${count(idleCount, 'session')} idle in transaction, the longest for ${howLong(Number(idle?.longest_seconds ?? 0) * 1000)}, ${figures.used} of ${free} connections in use`,
      evidence: [],
      remedies: [{ operation: 'postgres.terminate-idle' }],
    })
  if (share >= 0.75)
    findings.push({
      severity: share >= 0.9 ? 'fail' : 'warn',
      code: 'postgres.connections-exhausted',
      title: `${figures.used} of ${free} connections in use (${figures.reserved} reserved)`,
      evidence: states.slice(0, 6).map((row) => `${row.state}: ${row.count}`),
      remedies: [{ operation: 'postgres.terminate-idle' }],
      explainedBy: ['postgres.idle-in-transaction'],
    })
  if (figures.blocked > 0)
    findings.push({
      severity: 'warn',
      code: 'postgres.blocked',
      title: `${count(figures.blocked, 'session')} wait for a lock`,
      evidence: [],
      remedies: [{ operation: 'postgres.terminate-idle' }],
    })
  return findings
}

/** Gaps and duplicates in event streams. */
export function judgeEventOrder(rows: Row[]): Finding[] {
  if (rows.length === 0)
    return [
      {
        severity: 'warn',
        code: 'events.none',
        title: 'The event store is empty',
        evidence: [],
        remedies: [],
      },
    ]
  const gaps = rows.filter((row) => Number(row.missing) > 0)
  const doubles = rows.filter((row) => Number(row.duplicates) > 0)
  if (gaps.length + doubles.length === 0) return []
  const words = [
    gaps.length ? `gaps in ${count(gaps.length, 'stream')}` : '',
    doubles.length ? `duplicates in ${count(doubles.length, 'stream')}` : '',
  ]
    .filter(Boolean)
    .join(' and ')
  return [
    {
      severity: 'fail',
      code: 'events.order',
      title: `The event store has ${words}`,
      evidence: [...new Set([...gaps, ...doubles])]
        .slice(0, 6)
        .map(
          (row) => `${row.stream_id}: ${row.missing} missing, ${row.duplicates} double, up to ${row.last}`,
        ),
      remedies: [{ operation: 'http.rebuild', params: { path: '/events/rebuild' } }],
    },
  ]
}
