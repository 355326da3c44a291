/** What has to be wrong, or typed in, for a fix to have something to do; and how it is put right where it has no undo. */
import { until } from '../kube-api'
import type { UnderTest } from './under-test'

export interface Preparation {
  inputs?: Record<string, string>
  before?(under: UnderTest): Promise<void>
  /** What only the cluster itself can confirm. */
  after?(under: UnderTest): Promise<void>
  finally?(under: UnderTest): Promise<void>
  /** What was there before was broken, so its verification rightly says that the undo brought trouble. */
  undoBringsTrouble?: boolean
}

const psql = (under: UnderTest, role: 'primary' | 'replica', sql: string) =>
  under.must('exec', `postgresql-${role}-0`, '-n', 'storage', '--', 'psql', '-c', sql)

/** A release before this one, so that there is something to go back to. */
async function newRelease(under: UnderTest): Promise<void> {
  await under.must('set', 'env', 'deployment/backend-api', '-n', 'backend-services', 'RELEASE=next')
  await under.settled()
}

async function aKey(under: UnderTest, key: string): Promise<void> {
  await under.must('exec', 'redis-0', '-n', 'storage', '--', 'redis-cli', 'SET', key, '1', 'EX', '600')
}

async function withoutAutoscaler(under: UnderTest): Promise<void> {
  await under.must('delete', 'hpa', 'backend-api', '-n', 'backend-services')
}

async function withAutoscaler(under: UnderTest): Promise<void> {
  const sizes = ['--min=3', '--max=10', '--cpu=70%']
  await under.must('autoscale', 'deployment', 'backend-api', ...sizes, '-n', 'backend-services')
}

export const PREPARATIONS: Record<string, Preparation> = {
  'service-not-responding/roll-back-to-the-former-release': { before: newRelease },
  'service-not-responding/scale-up': {
    async before(under) {
      // The autoscaler would bring the third pod back at once.
      await withoutAutoscaler(under)
      await under.must('scale', 'deployment/backend-api', '-n', 'backend-services', '--replicas=2')
      await under.settled()
    },
    async finally(under) {
      await under.must('scale', 'deployment/backend-api', '-n', 'backend-services', '--replicas=3')
      await withAutoscaler(under)
    },
  },
  'service-not-responding/set-the-selector-of-the-service': {
    undoBringsTrouble: true,
    before: async (under) => {
      await under.must('set', 'selector', 'service', 'backend-api', 'app=backend', '-n', 'backend-services')
    },
    finally: async (under) => {
      await under.must(
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
  'database-connections/raise-the-pool-size': { inputs: { 'pool-size': '24' } },
  'database-connections/end-sessions-that-are-idle-in-transaction': {
    async before(under) {
      await under.leaveTransactionOpen()
      // The fix ends those that have been idle for 5 s.
      await new Promise((resolve) => setTimeout(resolve, 7_000))
    },
    async finally(under) {
      await under.settled()
    },
  },
  'connection-pool/set-the-pool-size': { inputs: { 'pool-size': '24' } },
  'authentication/set-the-token-lifetime': { inputs: { 'ttl-seconds': '7200' } },
  'authentication/set-the-allowed-origins': { inputs: { origins: 'https://app.aicorp.com' } },
  'rate-limiting/raise-the-rate-limits': { inputs: { 'requests-per-minute': '900' } },
  'circuit-breakers/set-the-breaker-threshold': { inputs: { 'failure-threshold': '8' } },
  'caching/set-the-cache-lifetime': { inputs: { 'cache-seconds': '600' } },
  'memory-and-cpu/create-the-autoscaler': {
    before: withoutAutoscaler,
  },
  'rate-limiting/scale-to-five-pods': {
    // The autoscaler would take surplus pods away again while this is looked at.
    finally: async (under) => under.settled(),
  },
  // Whole databases are flushed before them in this list.
  'events-cqrs/remove-the-event-cache': { before: (under) => aKey(under, 'events:order-1') },
  'data-consistency/remove-the-cached-entries': { before: (under) => aKey(under, 'cache:product:1') },
  'rate-limiting/remove-the-rate-limit-keys': { before: (under) => aKey(under, 'ratelimit:app-1') },
  'data-consistency/resume-replay-on-the-replica': {
    before: async (under) => {
      await psql(under, 'replica', 'SELECT pg_wal_replay_pause()')
    },
    async after(under) {
      await until(
        async () => / f$/m.test(await psql(under, 'replica', 'SELECT pg_is_wal_replay_paused()')),
        'replay goes on',
        20_000,
      )
    },
  },
  'database-queries/stop-logging-every-statement': {
    async before(under) {
      await psql(under, 'primary', "ALTER SYSTEM SET log_statement = 'all'")
      await psql(under, 'primary', 'SELECT pg_reload_conf()')
    },
    async finally(under) {
      await psql(under, 'primary', 'ALTER SYSTEM RESET log_statement')
      await psql(under, 'primary', 'SELECT pg_reload_conf()')
    },
  },
}
