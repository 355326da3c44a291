/** A small client of the API server for the harness: it must not share code with what it tests. */
import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'

export interface ApiAccess {
  /** `https://10.244.0.1:6443`. */
  server: string
  /** PEM. */
  certificateAuthority: string
  token: string
}

export interface ApiAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
  body: any
}

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
export type Json = any

/** Watches end after this and begin anew with a list: whatever was missed is made up for. */
const WATCH_SECONDS = 30

/** An event of a watch; undefined for what is none: half a line of a server that died, or its refusal. */
function eventOf(line: string): { type: string; object: Json } | undefined {
  try {
    const event = JSON.parse(line)
    return typeof event?.type === 'string' && event.object ? event : undefined
  } catch {
    return undefined
  }
}

const PATCH = 'application/merge-patch+json'

/** Requests as one user; an answer of any status is a value, only a connection that fails is thrown. */
export class KubeApi {
  private readonly agent: Agent

  constructor(readonly access: ApiAccess) {
    this.agent = new Agent({ keepAlive: true, ca: access.certificateAuthority, maxSockets: 32 })
  }

  send(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
    tries = 1,
  ): Promise<ApiAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.access.server}${path}`,
        {
          method,
          agent: this.agent,
          timeout: 20_000,
          headers: {
            authorization: `Bearer ${this.access.token}`,
            accept: 'application/json',
            'user-agent': 'crashcart-test-harness',
            // Node sends a body with DELETE only when its length is said.
            ...(text === undefined
              ? {}
              : { 'content-type': contentType, 'content-length': String(Buffer.byteLength(text)) }),
          },
        },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () => {
            const answered = Buffer.concat(chunks).toString('utf8')
            let parsed: Json = answered
            try {
              parsed = JSON.parse(answered)
            } catch {
              // Health endpoints answer plain text: the text is the body then.
            }
            resolve({ status: answer.statusCode ?? 0, body: parsed })
          })
        },
      )
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer within 20 s`)))
      sent.on('error', (cause: NodeJS.ErrnoException) => {
        // A kept connection that the server ended just when it was used again (see http.ClientRequest.reusedSocket);
        // reading once more is harmless anyhow, and what exists already is left alone.
        const again = sent.reusedSocket || method === 'GET' || method === 'POST'
        if (again && cause.code === 'ECONNRESET' && tries < 3)
          resolve(this.send(method, path, body, contentType, tries + 1))
        else reject(cause)
      })
      sent.end(text)
    })
  }

  /** The body of a 2xx answer; any other status throws with what the server said. */
  async must(method: string, path: string, body?: unknown, contentType?: string): Promise<Json> {
    const answer = await this.send(method, path, body, contentType)
    if (answer.status >= 300)
      throw new Error(
        `${method} ${path}: ${answer.status} ${answer.body?.message ?? JSON.stringify(answer.body).slice(0, 300)}`,
      )
    return answer.body
  }

  get(path: string): Promise<Json> {
    return this.must('GET', path)
  }

  merge(path: string, body: unknown): Promise<ApiAnswer> {
    return this.send('PATCH', path, body, PATCH)
  }

  /** Creates an object; one that is there already is left alone. */
  async create(path: string, body: unknown): Promise<void> {
    const answer = await this.send('POST', path, body)
    if (answer.status >= 300 && answer.status !== 409)
      throw new Error(`POST ${path}: ${answer.status} ${answer.body?.message}`)
  }

  /**
   * Calls back with the whole list at first and after every break, then with each change, until stopped.
   * It never gives up: the API server may be away for as long as a test wants.
   */
  follow(
    path: string,
    on: { list(items: Json[]): void; change(type: string, object: Json): void },
  ): () => void {
    let stopped = false
    let drop: (() => void) | undefined
    const once = async () => {
      const listed = await this.get(path)
      on.list(listed.items ?? [])
      const from = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${listed.metadata.resourceVersion}`
      await new Promise<void>((resolve) => {
        const sent = request(
          `${this.access.server}${path}${path.includes('?') ? '&' : '?'}${from}`,
          {
            agent: new Agent({ ca: this.access.certificateAuthority }),
            headers: { authorization: `Bearer ${this.access.token}`, 'user-agent': 'crashcart-test-harness' },
          },
          (answer) => {
            const lines = createInterface({ input: answer })
            // A reader passes on the errors of what it reads; they are heard at the answer itself, below.
            lines.on('error', () => undefined)
            lines.on('line', (line) => {
              const event = eventOf(line)
              if (!event || event.type === 'ERROR') sent.destroy()
              else if (event.type !== 'BOOKMARK') on.change(event.type, event.object)
            })
            for (const end of ['error', 'close', 'aborted']) answer.on(end, () => sent.destroy())
          },
        )
        // A server that was killed may leave a connection that never says another word.
        const limit = setTimeout(() => sent.destroy(), (WATCH_SECONDS + 10) * 1000)
        drop = () => sent.destroy()
        sent.on('error', () => sent.destroy())
        sent.on('close', () => {
          clearTimeout(limit)
          resolve()
        })
        sent.end()
      })
    }
    const loop = async () => {
      while (!stopped) {
        await once().catch(() => undefined) // away or restarting: asked again below
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
    void loop()
    return () => {
      stopped = true
      drop?.()
    }
  }
}

/** Waits until the condition holds; the last error or `what` is the failure after the limit. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 60_000,
  everyMs = 200,
): Promise<void> {
  const end = Date.now() + limitMs
  let last: unknown
  for (;;) {
    try {
      if (await condition()) return
    } catch (cause) {
      last = cause
    }
    if (Date.now() > end)
      throw new Error(`Not within ${limitMs / 1000} s: ${what}${last ? ` (${String(last)})` : ''}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
