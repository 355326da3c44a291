import { describe, expect, it } from 'vitest'
import { judgeInfo, parseInfo, redisDown } from './redis'

const NOW = new Date('2026-03-01T12:00:00Z')

/** What INFO prints, with some of its values replaced. */
function info(values: Record<string, string | number> = {}): Record<string, string> {
  const all = {
    redis_version: '7.4.1',
    loading: 0,
    connected_clients: 12,
    blocked_clients: 0,
    used_memory: 100 * 2 ** 20,
    maxmemory: 256 * 2 ** 20,
    maxmemory_policy: 'allkeys-lru',
    rdb_last_save_time: NOW.getTime() / 1000 - 60,
    rdb_last_bgsave_status: 'ok',
    keyspace_hits: 9_400,
    keyspace_misses: 600,
    evicted_keys: 0,
    rejected_connections: 0,
    role: 'master',
    connected_slaves: 0,
    ...values,
  }
  return parseInfo(
    `# Server\r\n${Object.entries(all)
      .map(([key, value]) => `${key}:${value}`)
      .join('\r\n')}\r\n\r\n# Keyspace\r\ndb0:keys=1170,expires=1158,avg_ttl=60000\r\n`,
  )
}

const codes = (values: Record<string, string | number>) =>
  judgeInfo(info(values), NOW).findings.map((one) => `${one.severity} ${one.code}`)

describe('INFO of Redis', () => {
  it('is well, with memory and hit ratio computed', () => {
    const judged = judgeInfo(info(), NOW)
    expect(judged.findings).toEqual([])
    expect(judged.healthy).toBe('Redis is well: memory 39 % of 256 MiB, hit ratio 94.0 %')
    expect(judged.figure).toBe('39 % of memory · hits 94.0 %')
    expect(JSON.stringify(judged.views)).toContain('1170 keys, 12 without expiry')
  })

  it('near its memory warns and fails, and says when keys were evicted', () => {
    expect(codes({ used_memory: 0.9 * 256 * 2 ** 20 })).toEqual(['warn redis.memory'])
    const [finding] = judgeInfo(info({ used_memory: 255 * 2 ** 20, evicted_keys: 3_000 }), NOW).findings
    expect(finding).toMatchObject({ severity: 'fail', code: 'redis.memory' })
    expect(finding?.title).toBe('Redis uses 255 MiB of 256 MiB (100 %) and has evicted 3000 keys')
  })

  it('with many misses warns and fails, but not after a handful of lookups', () => {
    expect(codes({ keyspace_hits: 700, keyspace_misses: 300 })).toEqual(['warn redis.hit-ratio'])
    expect(codes({ keyspace_hits: 100, keyspace_misses: 900 })).toEqual(['fail redis.hit-ratio'])
    expect(codes({ keyspace_hits: 1, keyspace_misses: 9 })).toEqual([])
    expect(codes({ keyspace_hits: 0, keyspace_misses: 0 })).toEqual([])
  })

  it.each<[Record<string, string | number>, string]>([
    [{ blocked_clients: 2 }, 'warn redis.blocked'],
    [{ rejected_connections: 5 }, 'info redis.rejected'],
    [{ loading: 1 }, 'fail redis.loading'],
    [{ role: 'slave', master_link_status: 'down' }, 'fail redis.link'],
    [{ rdb_last_bgsave_status: 'err' }, 'warn redis.save'],
    [{ aof_last_write_status: 'err' }, 'fail redis.aof'],
  ])('%j', (values, code) => {
    expect(codes(values)).toEqual([code])
  })

  it('of a replica whose link is up is well', () => {
    expect(codes({ role: 'slave', master_link_status: 'up' })).toEqual([])
  })

  it('of one section is judged by what stands in it', () => {
    const stats = parseInfo('# Stats\r\nkeyspace_hits:90\r\nkeyspace_misses:10\r\n')
    expect(judgeInfo(stats, NOW)).toMatchObject({ findings: [], figure: 'hit ratio 90.0 %' })
  })
})

describe('a Redis that does not answer', () => {
  it('is a failure with a restart', () => {
    expect(redisDown('Could not connect to Redis: Connection refused', 'redis-0')).toMatchObject({
      severity: 'fail',
      code: 'redis.down',
      title: 'Redis in redis-0 does not answer',
      remedies: [{ operation: 'kubernetes.rollout-restart', params: { workload: 'statefulset/redis' } }],
    })
  })
})
