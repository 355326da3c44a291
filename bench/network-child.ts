/**
 * A network between this machine and the practice cluster, in a process of its own: what comes in on a free port goes
 * out to PORT half a round trip later, in both directions. Arguments: PORT, round trip in milliseconds. Sends its own
 * port, and ends with its parent.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

const [port = 0, roundTripMs = 0] = process.argv.slice(2).map(Number)

/** Bytes in order, each half a round trip late. */
function late(from: Socket, to: Socket): void {
  const after = (work: () => void) => setTimeout(() => !to.destroyed && work(), roundTripMs / 2)
  from.on('data', (bytes) => after(() => to.write(bytes)))
  from.on('end', () => after(() => to.end()))
  // Reset by either side: the other learns it as late as anything else.
  from.on('error', () => after(() => to.destroy()))
  from.on('close', () => after(() => to.destroySoon()))
}

const server = createServer({ allowHalfOpen: true }, (near) => {
  const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  near.setNoDelay(true)
  far.setNoDelay(true)
  late(near, far)
  late(far, near)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())
