import { randomBytes } from 'node:crypto'
import type { LeakedSessions } from '../leaked-sessions'
import type { BackendApi } from '../programs/backend-api'
import { MIB, processesOf, type Scene } from '../scene'
import { configFault, type FaultRecipe, hangFault, replaceNow } from './recipe'

const HOUR = 3_600_000

/** Faults of the database, the cache, the event store and the backups. */
export function dataFaults(scene: Scene, sessions: LeakedSessions): FaultRecipe[] {
  let paused = false
  let logsAll = false
  const setting = async (sql: string) => {
    await scene.postgres.query('primary', sql)
    await scene.postgres.query('primary', 'SELECT pg_reload_conf()')
  }
  const latest = () => scene.dumps.get('/backup/latest.dump')
  const watch = setInterval(() => {
    // What a person did with psql shows in the server only: ask it now and then.
    if (paused)
      void scene.postgres.query('replica', 'SELECT pg_is_wal_replay_paused() AS paused').then(
        (result) => {
          paused = result.rows[0]?.paused === true
        },
        () => {},
      )
    if (logsAll)
      void scene.postgres
        .query('primary', "SELECT setting FROM pg_settings WHERE name = 'log_statement'")
        .then(
          (result) => {
            logsAll = result.rows[0]?.setting === 'all'
          },
          () => {},
        )
  }, 500)
  watch.unref()
  return [
    configFault(
      scene,
      {
        name: 'db-pool-exhausted',
        title: 'The connection pool is too small',
        teaches: 'Requests wait for a connection that the pool may not open.',
        cards: [
          'service-not-responding',
          'database-connections',
          'connection-pool',
          'api-gateway',
          'application-health',
          'service-recovery',
        ],
        cure: 'Raise the pool size',
      },
      'DB_POOL_SIZE',
      '4',
      (value) => Number(value) < 6,
    ),
    hangFault(
      scene,
      {
        name: 'db-down',
        title: 'PostgreSQL does not take connections',
        teaches: 'One cause, many symptoms: look for what explains the others.',
        cards: [
          'service-not-responding',
          'database-connections',
          'api-gateway',
          'data-consistency',
          'database-queries',
          'connection-pool',
          'application-health',
          'events-cqrs',
          'circuit-breakers',
          'service-recovery',
        ],
        cure: 'Restart the database',
      },
      { namespace: 'storage', app: 'postgresql', labels: { role: 'primary' } },
    ),
    {
      name: 'db-credentials-stale',
      title: 'The database password was changed and backend-api was not restarted',
      teaches: 'A secret in the environment is read at start.',
      cards: [
        'service-not-responding',
        'database-connections',
        'authentication',
        'api-gateway',
        'application-health',
        'service-recovery',
      ],
      cure: 'Restart the deployment',
      inject: async () => {
        scene.cluster.update(
          'Secret',
          'backend-services',
          'backend-db-secret',
          (secret) => {
            secret.data.password = Buffer.from(randomBytes(18).toString('base64url')).toString('base64')
          },
          'secret-rotator',
        )
      },
      active: () => {
        const now = Buffer.from(
          scene.cluster.get('Secret', 'backend-services', 'backend-db-secret')?.data.password ?? '',
          'base64',
        ).toString('utf8')
        return (processesOf(scene, 'backend-api') as BackendApi[]).some((one) => one.secrets.password !== now)
      },
      clear: () => replaceNow(scene, 'backend-services', 'backend-api'),
      settleMs: 4_000,
    },
    {
      name: 'db-connections-leaked',
      title: 'Forgotten transactions hold nearly all connections',
      teaches: 'Idle in transaction holds a connection and its locks until someone ends it.',
      cards: [
        'service-not-responding',
        'database-connections',
        'connection-pool',
        'api-gateway',
        'application-health',
        'service-recovery',
      ],
      cure: 'End sessions that are idle in transaction',
      inject: () => sessions.open(91),
      active: () => sessions.count > 20,
      clear: () => sessions.closeAll(),
      settleMs: 4_000,
    },
    {
      name: 'replica-lag',
      title: 'The replica has stopped replaying',
      teaches: 'A replica that receives and does not replay serves yesterday.',
      cards: ['data-consistency'],
      cure: 'Resume replay on the replica',
      inject: async () => {
        await scene.postgres.query('replica', 'SELECT pg_wal_replay_pause()')
        paused = true
        await scene.postgres.query(
          'primary',
          "INSERT INTO orders SELECT i, 1 + i % 500, 1, 'paid' FROM generate_series((SELECT max(id) + 1 FROM orders), (SELECT max(id) + 30000 FROM orders)) i",
        )
      },
      active: () => paused,
      clear: async () => {
        await scene.postgres.query('replica', 'SELECT pg_wal_replay_resume()')
        paused = false
      },
    },
    {
      name: 'statement-logging-on',
      title: 'Every statement is logged',
      teaches: "log_statement = 'all' costs disk and writes personal data to the log.",
      cards: ['database-queries'],
      cure: 'Reset log_statement',
      inject: async () => {
        await setting("ALTER SYSTEM SET log_statement = 'all'")
        logsAll = true
      },
      active: () => logsAll,
      clear: async () => {
        await setting('ALTER SYSTEM RESET log_statement')
        logsAll = false
      },
    },
    {
      name: 'event-sequence-gap',
      title: 'The event store has a gap and a duplicate',
      teaches: 'Order within a stream is what the read models rely on.',
      cards: ['events-cqrs'],
      cure: 'Rebuild the read models',
      inject: async () => {
        scene.flags.add('read-model-corrupt')
      },
      active: () => scene.flags.has('read-model-corrupt'),
      clear: async () => {
        scene.flags.delete('read-model-corrupt')
      },
    },
    hangFault(
      scene,
      {
        name: 'redis-down',
        title: 'Redis does not answer',
        teaches: 'The cache is gone; limits and sessions go with it.',
        cards: [
          'rate-limiting',
          'data-consistency',
          'caching',
          'application-health',
          'service-not-responding',
          'api-gateway',
          'circuit-breakers',
        ],
        cure: 'Restart Redis',
      },
      { namespace: 'storage', app: 'redis' },
    ),
    {
      name: 'rate-limit-keys-stuck',
      title: 'Rate-limit counters without an expiry',
      teaches: 'A counter that never expires blocks its client for good; remove those keys and no others.',
      cards: ['rate-limiting'],
      cure: 'Remove the rate-limit keys',
      inject: async () => {
        for (let i = 0; i < 12; i++) scene.redis.set(`ratelimit:stuck-${i}`, '9999')
      },
      active: () => scene.redis.stuckRateLimits() > 0,
      clear: async () => {
        scene.redis.remove(scene.redis.match('ratelimit:stuck-*'))
      },
    },
    {
      name: 'stale-event-cache',
      title: 'Stale event snapshots in Redis',
      teaches: 'DEL does not expand patterns: scan and unlink.',
      cards: ['events-cqrs', 'data-consistency'],
      cure: 'Remove the event cache',
      inject: async () => {
        for (let i = 0; i < 40; i++)
          scene.redis.set(`events:order-${i}`, '{"snapshot":true,"stale":true}', Date.now() + 3_600_000)
      },
      active: () => scene.redis.hasStaleEvents(),
      clear: async () => {
        scene.redis.remove(scene.redis.match('events:*'))
      },
    },
    {
      name: 'cache-memory-full',
      title: 'Redis is at its memory limit and evicts',
      teaches: 'At maxmemory every write drops something that someone needs.',
      cards: ['data-consistency', 'caching'],
      cure: 'Clear the cache',
      inject: async () => {
        scene.redis.maxMemory = 96 * MIB
        for (let i = 0; i < 4_000; i++) scene.redis.set(`cache:report:${i}`, 'x'.repeat(400))
      },
      active: () => scene.redis.usedMemory() >= scene.redis.maxMemory,
      clear: async () => {
        scene.redis.fill()
      },
    },
    configFault(
      scene,
      {
        name: 'cache-ttl-too-short',
        title: 'Cache entries live 2 seconds',
        teaches: 'A TTL below the time between two reads makes every read a miss.',
        cards: ['data-consistency', 'caching'],
        cure: 'Set the cache TTL',
      },
      'CACHE_TTL_SECONDS',
      '2',
      (value) => Number(value) < 30,
    ),
    {
      name: 'stale-cache',
      title: 'The cache serves entries that are hours old',
      teaches: 'Refreshing what is stale is enough; flushing everything is not needed.',
      cards: ['data-consistency'],
      cure: 'Refresh the cache',
      inject: async () => {
        scene.flags.add('cache-stale')
      },
      active: () => scene.flags.has('cache-stale'),
      clear: async () => {
        scene.flags.delete('cache-stale')
      },
    },
    {
      name: 'backup-stale',
      title: 'The last backup is three days old',
      teaches: 'A restore is only as good as the newest dump.',
      cards: ['data-recovery'],
      cure: 'Take a dump',
      inject: async () => {
        const dump = latest()
        if (dump) scene.dumps.set(dump.path, { ...dump, takenAt: scene.now() - 74 * HOUR })
      },
      active: () => (latest()?.takenAt ?? 0) < scene.now() - 26 * HOUR,
      clear: async () => {
        const dump = latest()
        if (dump) scene.dumps.set(dump.path, { ...dump, takenAt: scene.now() - 3 * HOUR })
      },
    },
  ]
}
