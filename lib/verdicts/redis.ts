import { bytes, count, howLong } from './durations'
import type { Finding, Remedy, Tone, View } from './types'

/** Share of maxmemory in use that is worth a word, and that is a failure. */
const MEMORY_WARN = 0.85
const MEMORY_FAIL = 0.97
/** A cache that misses more often than it hits does not do its work; below 80 % it is worth a look. */
const HIT_WARN = 0.8
const HIT_FAIL = 0.5
/** Lookups before a ratio says anything. */
const HIT_SAMPLE = 100

export const RESTART_REDIS: Remedy = {
  operation: 'kubernetes.rollout-restart',
  params: { workload: 'statefulset/redis' },
}

/** `INFO` as key → value over all sections (https://redis.io/docs/latest/commands/info/). */
export function parseInfo(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf(':')
    if (at > 0 && !line.startsWith('#')) values[line.slice(0, at)] = line.slice(at + 1).trim()
  }
  return values
}

/** Redis does not answer: the cause that explains what its users complain of. */
export function redisDown(said: string, pod: string): Finding {
  return {
    severity: 'fail',
    code: 'redis.down',
    title: `Redis in ${pod} does not answer`,
    evidence: [said.slice(0, 300)],
    remedies: [RESTART_REDIS],
  }
}

/** Keys of the keyspaces with how many have no expiry: `db0:keys=1170,expires=1158`. */
function keyspaces(info: Record<string, string>): { name: string; keys: number; expires: number }[] {
  return Object.entries(info).flatMap(([name, value]) => {
    const match = /^keys=(\d+),expires=(\d+)/.exec(value)
    return /^db\d+$/.test(name) && match ? [{ name, keys: Number(match[1]), expires: Number(match[2]) }] : []
  })
}

/** Memory, evictions, hit ratio, clients, replication link and last save, from what INFO printed. */
export function judgeInfo(
  info: Record<string, string>,
  now: Date,
): { findings: Finding[]; views: View[]; healthy: string; figure: string } {
  const findings: Finding[] = []
  const items: { label: string; value: string; tone?: Tone }[] = []
  const views: View[] = []
  const has = (key: string) => info[key] !== undefined
  const number = (key: string) => Number(info[key] ?? 0)
  const words: string[] = []
  let figure = ''

  if (has('used_memory')) {
    const used = number('used_memory')
    const max = number('maxmemory')
    const share = max > 0 ? used / max : 0
    const evicting = number('evicted_keys') > 0
    const tone: Tone = share >= MEMORY_FAIL ? 'fail' : share >= MEMORY_WARN ? 'warn' : 'pass'
    if (max > 0)
      views.push({
        type: 'gauge',
        label: 'Memory',
        value: used,
        max,
        unit: 'bytes',
        tone,
        note: `${bytes(used)} of ${bytes(max)} · ${info.maxmemory_policy ?? 'no policy'}`,
      })
    else items.push({ label: 'Memory', value: `${bytes(used)}, no maxmemory set`, tone: 'warn' })
    if (share >= MEMORY_WARN)
      findings.push({
        severity: tone === 'fail' ? 'fail' : 'warn',
        code: 'redis.memory',
        title: `Redis uses ${bytes(used)} of ${bytes(max)} (${Math.round(share * 100)} %)${evicting ? ` and has evicted ${count(number('evicted_keys'), 'key')}` : ''}`,
        evidence: [`maxmemory_policy: ${info.maxmemory_policy ?? 'unknown'}`],
        // Caches come back by themselves; a flush takes sessions along.
        remedies: [
          { operation: 'redis.unlink-prefix', params: { pattern: 'cache:*' } },
          { operation: 'redis.flush' },
        ],
      })
    words.push(max > 0 ? `memory ${Math.round(share * 100)} % of ${bytes(max)}` : `${bytes(used)} in use`)
    figure = max > 0 ? `${Math.round(share * 100)} % of memory` : bytes(used)
  }
  if (has('keyspace_hits')) {
    const hits = number('keyspace_hits')
    const total = hits + number('keyspace_misses')
    const ratio = total > 0 ? hits / total : undefined
    const text = ratio === undefined ? 'nothing looked up yet' : `${(ratio * 100).toFixed(1)} %`
    if (ratio !== undefined) {
      const tone: Tone =
        total < HIT_SAMPLE ? 'neutral' : ratio < HIT_FAIL ? 'fail' : ratio < HIT_WARN ? 'warn' : 'pass'
      views.push({
        type: 'gauge',
        label: 'Hit ratio',
        value: Math.round(ratio * 1000) / 10,
        max: 100,
        unit: '%',
        tone,
        note: `${hits.toLocaleString('en')} hits, ${(total - hits).toLocaleString('en')} misses`,
      })
      if (tone === 'warn' || tone === 'fail')
        findings.push({
          severity: tone,
          code: 'redis.hit-ratio',
          title: `Only ${text} of lookups find their key`,
          evidence: [`keyspace_hits ${hits}, keyspace_misses ${total - hits}`],
          remedies: [{ operation: 'kubernetes.edit-configmap', params: { key: 'CACHE_TTL_SECONDS' } }],
          explainedBy: ['config.cache-ttl', 'redis.memory'],
        })
    }
    words.push(`hit ratio ${text}`)
    if (ratio !== undefined) figure = figure ? `${figure} · hits ${text}` : `hit ratio ${text}`
  }
  if (number('blocked_clients') > 0)
    findings.push({
      severity: 'warn',
      code: 'redis.blocked',
      title: `${count(number('blocked_clients'), 'client')} of Redis are blocked`,
      evidence: [],
      remedies: [],
    })
  if (number('rejected_connections') > 0)
    findings.push({
      severity: 'info',
      code: 'redis.rejected',
      title: `${count(number('rejected_connections'), 'connection')} refused since Redis started`,
      evidence: [],
      remedies: [],
    })
  if (info.loading === '1')
    findings.push({
      severity: 'fail',
      code: 'redis.loading',
      title: 'Redis is loading its data and answers nothing yet',
      evidence: [],
      remedies: [],
    })
  if (info.role === 'slave' && info.master_link_status !== 'up')
    findings.push({
      severity: 'fail',
      code: 'redis.link',
      title: 'The link of this replica to its master is down',
      evidence: [`master_link_status: ${info.master_link_status}`],
      remedies: [],
    })
  if (has('rdb_last_bgsave_status') && info.rdb_last_bgsave_status !== 'ok')
    findings.push({
      severity: 'warn',
      code: 'redis.save',
      title: 'The last save to disk failed',
      evidence: [`rdb_last_bgsave_status: ${info.rdb_last_bgsave_status}`],
      remedies: [],
    })
  if (has('aof_last_write_status') && info.aof_last_write_status !== 'ok')
    findings.push({
      severity: 'fail',
      code: 'redis.aof',
      title: 'The append-only file cannot be written',
      evidence: [`aof_last_write_status: ${info.aof_last_write_status}`],
      remedies: [],
    })
  if (has('connected_clients'))
    items.push({
      label: 'Clients',
      value: `${info.connected_clients} connected, ${info.blocked_clients ?? 0} blocked`,
    })
  if (has('role'))
    items.push({
      label: 'Replication',
      value:
        info.role === 'master'
          ? `master with ${count(number('connected_slaves'), 'replica')}`
          : `replica, link ${info.master_link_status}`,
    })
  if (has('rdb_last_save_time'))
    items.push({
      label: 'Last save',
      value: `${howLong(now.getTime() - number('rdb_last_save_time') * 1000)} ago, ${info.rdb_last_bgsave_status ?? 'unknown'}`,
    })
  for (const space of keyspaces(info))
    items.push({
      label: space.name,
      value: `${count(space.keys, 'key')}, ${space.keys - space.expires} without expiry`,
    })
  if (has('redis_version')) items.push({ label: 'Version', value: info.redis_version ?? '' })
  if (items.length > 0) views.push({ type: 'facts', items })
  return { findings, views, healthy: `Redis is well: ${words.join(', ') || 'it answered'}`, figure }
}
