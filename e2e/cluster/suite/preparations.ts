/** What has to be wrong, or typed in, for a fix to have something to do; and how it is put right where it has no undo. */
import { until } from '../kube-api'
import type { UnderTest } from './under-test'

interface Preparation {
  inputs?: Record<string, string>
  before?(under: UnderTest): Promise<void>
  /** What only the cluster itself can confirm. */
  after?(under: UnderTest): Promise<void>
  finally?(under: UnderTest): Promise<void>
}

const psql = (under: UnderTest, role: 'primary' | 'replica', sql: string) =>
  under.must('exec', `postgresql-${role}-0`, '-n', 'storage', '--', 'psql', '-c', sql)

/** A release before this one, so that there is something to go back to. */
async function newRelease(under: UnderTest): Promise<void> {
  await under.must('set', 'env', 'deployment/backend-api', '-n', 'backend-services', 'RELEASE=next')
  await under.settled()
}

export const PREPARATIONS: Record<string, Preparation> = {
  'service-not-responding/roll-back-to-the-former-release': { before: newRelease },
  'service-not-responding/scale-up': {
    async before(under) {
      await under.must('scale', 'deployment/backend-api', '-n', 'backend-services', '--replicas=2')
      await under.settled()
    },
    async finally(under) {
      await under.must('scale', 'deployment/backend-api', '-n', 'backend-services', '--replicas=3')
    },
  },
  'service-not-responding/set-the-selector-of-the-service': {
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
  'connection-pool/set-the-pool-size': { inputs: { 'pool-size': '24' } },
  'authentication/set-the-token-lifetime': { inputs: { 'ttl-seconds': '7200' } },
  'authentication/set-the-allowed-origins': { inputs: { origins: 'https://app.aicorp.com' } },
  'rate-limiting/raise-the-rate-limits': { inputs: { 'requests-per-minute': '900' } },
  'circuit-breakers/set-the-breaker-threshold': { inputs: { 'failure-threshold': '8' } },
  'caching/set-the-cache-lifetime': { inputs: { 'cache-seconds': '600' } },
  'memory-and-cpu/create-the-autoscaler': {
    before: async (under) => {
      await under.must('delete', 'hpa', 'backend-api', '-n', 'backend-services')
    },
  },
  'rate-limiting/scale-to-five-pods': {
    // The autoscaler would take surplus pods away again while this is looked at.
    finally: async (under) => under.settled(),
  },
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
