import type pg from 'pg'
import type { PostgresServers } from './postgres-servers'

/** Real sessions that began a transaction and were forgotten: what a connection leak leaves behind. */
export class LeakedSessions {
  private clients: pg.Client[] = []

  constructor(private readonly servers: PostgresServers) {}

  get count(): number {
    return this.clients.length
  }

  /** Opens sessions until the server has hardly any left for others. */
  async open(wanted: number): Promise<void> {
    for (let i = 0; i < wanted; i++) {
      const client = this.servers.client('primary', undefined, 'backend-api')
      client.on('end', () => {
        this.clients = this.clients.filter((one) => one !== client)
      })
      await client.connect()
      await client.query('BEGIN')
      await client.query('SELECT count(*) FROM sessions')
      this.clients.push(client)
    }
  }

  async closeAll(): Promise<void> {
    const { clients } = this
    this.clients = []
    await Promise.allSettled(clients.map((client) => client.end()))
  }
}
