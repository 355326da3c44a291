// A small gateway that speaks the parts of Kong's admin API which runbooks use: proxy on 8000, admin on 8001.
// SIGHUP reads the configuration again; SIGUSR2 makes it lose its services until then, as a worker with an old
// configuration does.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'

const file = process.env.KONG_CONFIGURATION
let services = []
let hash = ''
const counts = { accepted: 0, active: 0, requests: 0 }
const say = (level, text) => process.stdout.write(`${new Date().toISOString()} [${level}] ${text}\n`)

function read() {
  const text = readFileSync(file, 'utf8')
  services = JSON.parse(text).services
  hash = createHash('md5').update(text).digest('hex')
}

function json(answer, status, body) {
  answer.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  answer.end(JSON.stringify(body))
}

const proxy = createServer((asked, answer) => {
  counts.requests += 1
  const service = services.find((one) => asked.url.startsWith(one.path ?? '/'))
  if (!service) {
    say('error', `no Route matched request: "${asked.method} ${asked.url}"`)
    json(answer, 404, { message: 'no Route matched with those values' })
    return
  }
  const sent = request(
    {
      host: service.host,
      port: service.port,
      method: asked.method,
      path: asked.url,
      headers: asked.headers,
      timeout: 5_000,
    },
    (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers)
      got.pipe(answer)
    },
  )
  sent.on('timeout', () => sent.destroy(new Error('upstream timed out')))
  sent.on('error', (cause) => {
    say('error', `upstream ${service.name}: ${cause.message}`)
    if (!answer.headersSent) json(answer, 503, { message: 'failure to get a peer from the ring-balancer' })
    else answer.destroy()
  })
  asked.pipe(sent)
})
proxy.on('connection', (socket) => {
  counts.accepted += 1
  counts.active += 1
  socket.on('close', () => {
    counts.active -= 1
  })
})
proxy.listen(8000, '0.0.0.0')

createServer((asked, answer) => {
  const path = asked.url.split('?')[0]
  if (path === '/status')
    json(answer, 200, {
      database: { reachable: true },
      server: {
        connections_active: counts.active,
        connections_accepted: counts.accepted,
        connections_handled: counts.accepted,
        connections_reading: 0,
        connections_writing: counts.active,
        connections_waiting: 0,
        total_requests: counts.requests,
      },
      configuration_hash: hash,
    })
  else if (path === '/services') json(answer, 200, { data: services, next: null })
  else if (path === '/routes' || path === '/upstreams') json(answer, 200, { data: [], next: null })
  else json(answer, 404, { message: 'Not found' })
}).listen(8001, '0.0.0.0')

process.on('SIGHUP', () => {
  read()
  say('notice', 'reconfiguring')
})
process.on('SIGUSR2', () => {
  services = []
  hash = '0'.repeat(32)
})
process.on('SIGTERM', () => process.exit(0))
read()
say('notice', 'start worker processes')
