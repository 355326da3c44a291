/** Ways to break real parts, what must show for each step, and how it is mended. */
import type { Clusters } from './under-test'

type Real = Clusters['real']

export interface RealFault {
  name: string
  break(real: Real): Promise<void>
  /** Step → what its verdict and words must match. Every step named here was healthy before. */
  shows: Record<string, RegExp>
  mend(real: Real): Promise<void>
}

const bad = /: (fail|warn)/
const badOrUnknown = /: (fail|warn|unknown)/

/** Ends a pod's processes hard; its container starts again only when it is mended. */
const hold = (namespace: string, start: string): Pick<RealFault, 'break' | 'mend'> => ({
  break: async ({ cluster }) => cluster.agent.pod(namespace, start).hold(),
  mend: async (real) => {
    real.cluster.agent.pod(namespace, start).release()
    // As a person would end it: restarts within the last hour are worth a warning, a new pod has none.
    await real.must('delete', 'pod', start, '-n', namespace, '--wait=true')
    await real.settled()
  },
})

/**
 * New pods in place of those that wrote of a lost database into their logs: such lines count for a minute, and the next
 * test would wait for that.
 */
export async function freshLogs(real: Real): Promise<void> {
  await real.must('delete', 'pod', 'postgresql-replica-0', '-n', 'storage', '--wait=true')
  await real.must('rollout', 'restart', 'deployment/backend-api', '-n', 'backend-services')
  await real.settled()
}

const redis = (real: Real, ...argv: string[]) =>
  real.cluster.exec('storage', 'redis-0', ['redis-cli', ...argv])

export const REAL_FAULTS: RealFault[] = [
  {
    name: 'PostgreSQL is killed',
    break: async ({ cluster }) => cluster.agent.pod('storage', 'postgresql-primary-0').hold(),
    mend: async (real) => {
      await hold('storage', 'postgresql-primary-0').mend(real)
      await freshLogs(real)
    },
    shows: {
      'database-connections/test-database-connectivity': /: fail.*(does not respond|refuses)/i,
      'database-connections/check-database-pod-status': bad,
      'connection-pool/check-connections-by-state': badOrUnknown,
      'data-consistency/check-replication': badOrUnknown,
      'service-not-responding/check-service-endpoints': bad,
    },
  },
  {
    name: 'the replica is stopped',
    ...hold('storage', 'postgresql-replica-0'),
    shows: {
      'data-consistency/check-replication': bad,
      'data-consistency/compare-the-replica-s-position': badOrUnknown,
      'database-connections/check-database-pod-status': bad,
    },
  },
  {
    name: 'a replica that has stopped replaying',
    break: async (real) => {
      await real.cluster.exec('storage', 'postgresql-replica-0', [
        'psql',
        '-c',
        'SELECT pg_wal_replay_pause()',
      ])
    },
    shows: { 'data-consistency/compare-the-replica-s-position': /: (fail|warn).*paused/i },
    mend: async (real) => {
      await real.cluster.exec('storage', 'postgresql-replica-0', [
        'psql',
        '-c',
        'SELECT pg_wal_replay_resume()',
      ])
    },
  },
  {
    name: 'Redis is full',
    async break(real) {
      await redis(real, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      await redis(
        real,
        'EVAL',
        "for i=1,40000 do redis.call('SET','cache:filler:'..i,string.rep('x',1000)) end",
        '0',
      )
      const info = await redis(real, 'INFO', 'memory')
      const used = Number(/used_memory:(\d+)/.exec(info)?.[1])
      // Buffers of clients come and go, some 20 kB each: among 40 MB of values they make no per cent.
      await redis(real, 'CONFIG', 'SET', 'maxmemory', String(used))
    },
    shows: {
      'caching/check-cache-memory': /: fail.*(99|100|101) %/,
      'data-consistency/check-the-cache': bad,
    },
    async mend(real) {
      await redis(real, 'CONFIG', 'SET', 'maxmemory', '512mb')
      await redis(real, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
      await redis(
        real,
        'EVAL',
        "for i=1,40000 do redis.call('DEL','cache:filler:'..i) end redis.call('CONFIG','RESETSTAT')",
        '0',
      )
    },
  },
  {
    name: 'a broker is stopped',
    ...hold('messaging', 'kafka-1'),
    shows: { 'events-cqrs/check-kafka-topics': /: (fail|warn).*(replicat|broker|in sync)/i },
  },
  {
    name: 'a release that crashes at its start',
    break: async (real) => {
      await real.must('set', 'env', 'deployment/backend-api', '-n', 'backend-services', 'FAIL_AT_START=1')
    },
    shows: {
      'service-not-responding/check-pod-status': /: (fail|warn).*(crash|restart|exit)/i,
      'service-recovery/check-the-rollout': badOrUnknown,
    },
    async mend(real) {
      await real.must('set', 'env', 'deployment/backend-api', '-n', 'backend-services', 'FAIL_AT_START-')
      await real.settled()
    },
  },
  {
    name: 'the Service selects no pod',
    break: async (real) => {
      await real.must('set', 'selector', 'service', 'backend-api', 'app=nothing', '-n', 'backend-services')
    },
    shows: {
      'service-not-responding/check-service-endpoints': /: fail.*selector/i,
      'service-not-responding/check-service-configuration': bad,
      'api-gateway/check-registered-services': badOrUnknown,
    },
    mend: async (real) => {
      await real.must(
        'set',
        'selector',
        'service',
        'backend-api',
        'app=backend-api',
        '-n',
        'backend-services',
      )
    },
  },
  {
    name: 'no node takes new pods',
    async break(real) {
      await real.must('cordon', 'node-a', 'node-b', 'node-c')
      await real.must('scale', 'deployment/backend-api', '-n', 'backend-services', '--replicas=4')
    },
    shows: { 'service-not-responding/check-pod-status': /: (fail|warn).*(schedul|pending)/i },
    async mend(real) {
      await real.must('uncordon', 'node-a', 'node-b', 'node-c')
      await real.must('scale', 'deployment/backend-api', '-n', 'backend-services', '--replicas=3')
      await real.settled()
    },
  },
]
