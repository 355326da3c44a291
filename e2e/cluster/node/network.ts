/** The network of the test cluster: one bridge for the pods, and the address range of the Services, in a network namespace of this test alone. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The bridge's own address: the API server, the nodes, and the pods' way out. */
export const CONTROL_PLANE_IP = '10.244.0.1'
export const SERVICE_CIDR = '10.96.0.0/16'
export const BRIDGE = 'pods0'

/**
 * Makes the bridge. Refuses where other devices than `lo` are up: this belongs in a namespace of its own, where no
 * packet can reach another machine.
 */
export async function startNetwork(): Promise<void> {
  const { stdout } = await run('ip', ['-o', 'link'])
  const others = stdout
    .split('\n')
    .flatMap((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? [])
    .filter((name) => name !== 'lo')
  if (others.length > 0)
    throw new Error(
      `This is not a network namespace of its own (it has ${others.join(', ')}). Start it by npm run test:cluster.`,
    )
  const ip = (...args: string[]) => run('ip', args)
  await ip('link', 'set', 'lo', 'up')
  await ip('link', 'add', BRIDGE, 'type', 'bridge')
  await ip('addr', 'add', `${CONTROL_PLANE_IP}/16`, 'dev', BRIDGE)
  await ip('link', 'set', BRIDGE, 'up')
  // Every address of the range is this host's: the service proxy listens on them.
  await ip('route', 'add', 'local', SERVICE_CIDR, 'dev', 'lo')
}

let last = 256

/** The next free pod address. */
export function nextPodIp(): string {
  last += 1
  if (last % 256 === 0 || last % 256 === 255) last += 2
  return `10.244.${Math.floor(last / 256)}.${last % 256}`
}
