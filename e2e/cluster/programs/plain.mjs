// A service of which only health and logs matter. SIGUSR1 makes it answer 503, and again 200.
import { createServer } from 'node:http'

const ports = (process.env.PORTS ?? '').split(',').filter(Boolean).map(Number)
let well = true
const say = (text) => process.stdout.write(`${new Date().toISOString()} INFO ${text}\n`)

for (const port of ports)
  createServer((_request, answer) => {
    answer.writeHead(well ? 200 : 503, { 'content-type': 'application/json' })
    answer.end(JSON.stringify({ status: well ? 'ok' : 'down' }))
  }).listen(port, '0.0.0.0')
process.on('SIGUSR1', () => {
  well = !well
})
process.on('SIGTERM', () => process.exit(0))
say(`started ports=${ports.join(',')}`)
setInterval(() => say('alive'), 5_000)
