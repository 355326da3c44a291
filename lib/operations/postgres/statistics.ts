import 'server-only'
import { z } from 'zod'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Check } from '@/lib/operations/types'
import { isReadOnlySql } from '@/lib/targets/exec-allow-list'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import {
  judgeConnections,
  judgeEventOrder,
  judgeIndexes,
  judgeReplicaPosition,
  judgeReplication,
  judgeSlowQueries,
} from '@/lib/verdicts/postgres'
import type { View } from '@/lib/verdicts/types'
import { psqlInside, psqlLine, select } from './psql'

const params = podSelection.extend({ database: z.string().optional() })
type Params = z.infer<typeof params>

/** Facts of a server that several checks need: one statement, so that they share one read. */
const SERVER =
  "SELECT current_setting('max_connections')::int AS max, current_setting('superuser_reserved_connections')::int AS reserved, current_setting('log_statement') AS log_statement, CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn, (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used, (SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock') AS blocked"

function table(rows: Record<string, string>[], columns: Record<string, string>, cap = 50): View {
  return {
    type: 'table',
    columns: Object.entries(columns).map(([key, label]) => ({
      key,
      label,
      ...(rows.every((row) => /^-?[\d.]*$/.test(row[key] ?? '')) ? { align: 'right' as const } : {}),
    })),
    rows: rows
      .slice(0, cap)
      .map((row) =>
        Object.fromEntries(
          Object.keys(columns).map((key) => [key, { text: (row[key] ?? '').slice(0, 300) }]),
        ),
      ),
    ...(rows.length > cap ? { more: rows.length - cap } : {}),
  }
}

/** Recognises psql with one statement that mentions a word. */
function recogniser(pattern: RegExp, database?: string): Check<Params>['recognise'] {
  return (commands, hints) => {
    const call = psqlInside(commands, hints)
    if (
      call?.sql.length !== 1 ||
      // A call that ends sessions mentions pg_stat_activity too.
      !isReadOnlySql(call.sql[0] ?? '') ||
      !pattern.test(call.sql[0] ?? '')
    )
      return undefined
    const named = call.database ?? database
    return { ...call.pods, ...(named ? { database: named } : {}) }
  }
}

const REPLICATION =
  'SELECT application_name, state, sync_state, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint AS lag_bytes, coalesce(extract(epoch FROM replay_lag), 0)::numeric(12,1) AS lag_seconds FROM pg_stat_replication'

/** Replicas as the primary sees them. */
export const replication: Check<Params> = {
  id: 'postgres.replication',
  title: 'Look at replication',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise: recogniser(/\bpg_stat_replication\b/i),
  kubectl: (p) => psqlLine(p, 'SELECT * FROM pg_stat_replication;', p.database),
  async run(context, p) {
    const [answer, sets] = await Promise.all([
      select(context, p, REPLICATION),
      context.cluster.list(RESOURCE.StatefulSet, { namespace: p.namespace }),
    ])
    if (!answer.ok) return couldNotLook(answer.error)
    const wanted = sets.ok
      ? sets.value
          .filter(
            (set) =>
              /replica/.test(set.metadata.name) &&
              set.spec?.template?.metadata?.labels?.app === answer.value.pod.metadata.labels?.app,
          )
          .reduce((sum, set) => sum + (set.spec?.replicas ?? 0), 0)
      : undefined
    const { rows } = answer.value
    return conclude({
      findings: judgeReplication(rows, wanted),
      healthy: `${rows.length} of ${wanted ?? rows.length} replicas streaming`,
      figure: `${rows.length} streaming`,
      views: [
        table(rows, {
          application_name: 'Replica',
          state: 'State',
          lag_bytes: 'Behind (bytes)',
          lag_seconds: 'Behind (s)',
        }),
      ],
    })
  },
}

const POSITION =
  'SELECT pg_last_wal_receive_lsn() AS received, pg_last_wal_replay_lsn() AS replayed, pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::bigint AS not_replayed, pg_is_wal_replay_paused() AS paused'

/** How far a replica has received and replayed, against the primary. */
export const replicaPosition: Check<Params> = {
  id: 'postgres.replica-position',
  title: 'Compare the replica with the primary',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise: recogniser(/\bpg_last_wal_(receive|replay)_lsn\b/i),
  kubectl: (p) => psqlLine(p, 'SELECT pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn();', p.database),
  async run(context, p) {
    const primary = {
      namespace: p.namespace,
      pod: (p.pod ?? 'postgresql-primary-0').replace('replica', 'primary'),
    }
    const [mine, theirs] = await Promise.all([select(context, p, POSITION), select(context, primary, SERVER)])
    if (!mine.ok) return couldNotLook(mine.error)
    const row = mine.value.rows[0] ?? {}
    const lsn = theirs.ok ? theirs.value.rows[0]?.lsn : undefined
    const judged = judgeReplicaPosition(row, lsn, theirs.ok ? undefined : theirs.error.message)
    return conclude({
      ...judged,
      views: [
        {
          type: 'facts',
          items: [
            { label: 'Primary writes at', value: lsn ?? 'not seen' },
            { label: 'Received', value: row.received ?? '' },
            { label: 'Replayed', value: row.replayed ?? '' },
            { label: 'Received, not replayed', value: `${row.not_replayed ?? '?'} bytes` },
            {
              label: 'Replay',
              value: row.paused === 't' ? 'paused' : 'running',
              tone: row.paused === 't' ? 'fail' : 'pass',
            },
          ],
        },
      ],
    })
  },
}

const SLOW =
  'SELECT left(query, 200) AS query, calls, round(mean_exec_time::numeric, 1) AS mean_ms, round(total_exec_time::numeric) AS total_ms FROM pg_stat_statements WHERE calls > 4 ORDER BY mean_exec_time DESC LIMIT 10'

/** The slowest statements by mean time; also whether every statement is being logged. */
export const slowQueries: Check<Params> = {
  id: 'postgres.slow-queries',
  title: 'Look at slow queries',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise: recogniser(/\bpg_stat_statements\b/i),
  kubectl: (p) =>
    psqlLine(
      p,
      'SELECT query, calls, mean_exec_time FROM pg_stat_statements ORDER BY mean_exec_time DESC LIMIT 10;',
      p.database,
    ),
  async run(context, p) {
    const [answer, setting] = await Promise.all([
      select(context, p, SLOW, p.database),
      select(context, p, SERVER),
    ])
    if (!answer.ok) {
      if (
        /pg_stat_statements.*(does not exist|must be loaded)|relation "pg_stat_statements"/.test(
          answer.error.message,
        )
      ) {
        return couldNotLook({
          ...answer.error,
          message: 'the extension pg_stat_statements is not installed in this database',
          hint: 'Add it to shared_preload_libraries, restart, and CREATE EXTENSION pg_stat_statements.',
        })
      }
      return couldNotLook(answer.error)
    }
    const { rows } = answer.value
    const slowest = Number(rows[0]?.mean_ms ?? 0)
    return conclude({
      findings: judgeSlowQueries(rows, setting.ok ? setting.value.rows[0]?.log_statement : undefined),
      healthy: rows.length
        ? `Slowest mean is ${slowest} ms`
        : 'No statement has been called often enough to judge',
      figure: `slowest mean ${slowest} ms`,
      views: [
        table(rows, { query: 'Statement', calls: 'Calls', mean_ms: 'Mean (ms)', total_ms: 'Total (ms)' }),
      ],
    })
  },
}

const INDEXES =
  'SELECT s.schemaname, s.relname AS table_name, s.indexrelname AS index_name, s.idx_scan AS scans, pg_relation_size(s.indexrelid) AS bytes, i.indisunique AS is_unique, i.indisprimary AS is_primary FROM pg_stat_user_indexes s JOIN pg_index i ON i.indexrelid = s.indexrelid ORDER BY s.idx_scan, s.indexrelname LIMIT 50'

/** How often indexes are used. Never used is not the same as removable. */
export const indexUsage: Check<Params> = {
  id: 'postgres.index-usage',
  title: 'Look at index usage',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise: recogniser(/\bpg_stat_user_indexes\b/i),
  kubectl: (p) =>
    psqlLine(
      p,
      'SELECT schemaname, relname, indexrelname, idx_scan FROM pg_stat_user_indexes ORDER BY idx_scan;',
      p.database,
    ),
  async run(context, p) {
    const answer = await select(context, p, INDEXES, p.database)
    if (!answer.ok) return couldNotLook(answer.error)
    const { rows } = answer.value
    return conclude({
      findings: judgeIndexes(rows),
      healthy: `${rows.length} indexes looked at`,
      figure: `${rows.length} indexes`,
      views: [
        table(rows, {
          table_name: 'Table',
          index_name: 'Index',
          scans: 'Scans',
          bytes: 'Bytes',
          is_unique: 'Unique',
        }),
      ],
    })
  },
}

const CONNECTIONS =
  'SELECT coalesce(state, backend_type) AS state, count(*) AS count, max(extract(epoch FROM now() - state_change))::int AS longest_seconds FROM pg_stat_activity WHERE datname IS NOT NULL AND pid <> pg_backend_pid() GROUP BY 1 ORDER BY 2 DESC'

/** Connections by state against the maximum; idle in transaction; blocked by locks. */
export const connections: Check<Params> = {
  id: 'postgres.connections',
  title: 'Look at database connections',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise: recogniser(/\bpg_stat_activity\b/i),
  kubectl: (p) => psqlLine(p, 'SELECT state, count(*) FROM pg_stat_activity GROUP BY state;', p.database),
  async run(context, p) {
    const [states, capacity] = await Promise.all([
      select(context, p, CONNECTIONS),
      select(context, p, SERVER),
    ])
    if (!states.ok) return couldNotLook(states.error, [{ operation: 'postgres.terminate-idle' }])
    if (!capacity.ok) return couldNotLook(capacity.error)
    const row = capacity.value.rows[0] ?? {}
    const [max, reserved, used, blocked] = [
      Number(row.max),
      Number(row.reserved),
      Number(row.used),
      Number(row.blocked),
    ]
    const share = used / Math.max(1, max - reserved)
    return conclude({
      findings: judgeConnections({ max, reserved, used, blocked }, states.value.rows),
      healthy: `${used} of ${max - reserved} connections in use`,
      figure: `${used} of ${max - reserved}`,
      views: [
        {
          type: 'gauge',
          label: 'Connections',
          value: used,
          max: max - reserved,
          unit: '',
          tone: share >= 0.9 ? 'fail' : share >= 0.75 ? 'warn' : 'pass',
          note: `${reserved} reserved`,
        },
        table(states.value.rows, { state: 'State', count: 'Connections', longest_seconds: 'Longest (s)' }),
      ],
    })
  },
}

const ORDER =
  'SELECT stream_id, count(*) AS events, min(sequence) AS first, max(sequence) AS last, max(sequence) - min(sequence) + 1 - count(DISTINCT sequence) AS missing, count(*) - count(DISTINCT sequence) AS duplicates FROM event_store GROUP BY stream_id ORDER BY missing + 0 DESC, duplicates DESC, stream_id LIMIT 50'

/** Gaps and duplicates of sequence numbers within each stream of the event store. */
export const eventOrder: Check<Params> = {
  id: 'postgres.event-order',
  title: 'Look for gaps in the event store',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise: recogniser(/\bfrom\s+event_store\b/i, 'aic_production'),
  kubectl: (p) =>
    psqlLine(
      p,
      'SELECT stream_id, count(*), min(sequence), max(sequence) FROM event_store GROUP BY stream_id;',
      p.database,
    ),
  async run(context, p) {
    const answer = await select(
      context,
      p,
      ORDER.replace('missing + 0 DESC', '5 DESC').replace('duplicates DESC', '6 DESC'),
      p.database,
    )
    if (!answer.ok) return couldNotLook(answer.error)
    const { rows } = answer.value
    return conclude({
      findings: judgeEventOrder(rows),
      healthy: `${rows.length} streams without gaps or duplicates`,
      figure: 'no gaps',
      views: [
        table(
          rows,
          {
            stream_id: 'Stream',
            events: 'Events',
            last: 'Last',
            missing: 'Missing',
            duplicates: 'Duplicates',
          },
          20,
        ),
      ],
    })
  },
}
