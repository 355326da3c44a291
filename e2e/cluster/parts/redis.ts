/** A real Redis with the limits and the kinds of keys that the practice cluster's has. */
import { existsSync } from 'node:fs'
import { COMMON_PROGRAMS } from './plain'
import type { Launch, Part } from './types'

const SERVER = '/usr/bin/redis-server'

/** Part of the image `redis`. */
export function redisPart(): Part {
  return {
    image: /^redis:/,
    async launch(context): Promise<Launch> {
      if (!existsSync(SERVER)) throw new Error('Redis is not installed: install the package redis-server.')
      return {
        argv: [
          SERVER,
          ...['--bind', '0.0.0.0', '--protected-mode', 'no', '--dir', context.volume],
          ...['--maxmemory', '512mb', '--maxmemory-policy', 'allkeys-lru'],
          ...['--save', '900', '1'],
        ],
        env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
        programs: { ...COMMON_PROGRAMS, 'redis-cli': '/usr/bin/redis-cli' },
      }
    },
  }
}

/** Fills database 0 as in the practice cluster: sessions, cache, event snapshots. `run` starts redis-cli in the pod. */
export async function seedRedis(run: (argv: string[]) => Promise<string>): Promise<void> {
  const fill = `
for i = 1, 300 do redis.call('SET', 'session:' .. i, 'user-' .. i, 'EX', 86400) end
for i = 1, 800 do redis.call('SET', 'cache:product:' .. i, string.rep('v', 60), 'EX', 3600) end
for i = 1, 40 do redis.call('SET', 'events:order-' .. i, '{"sequence":100}', 'EX', 86400) end
return redis.call('DBSIZE')`
  await run(['redis-cli', 'EVAL', fill, '0'])
  // So that "last save" speaks of these keys.
  await run(['redis-cli', 'SAVE'])
}
