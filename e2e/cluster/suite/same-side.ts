/** One cluster as the comparison sees it: kubectl and plain requests, and what must differ taken out of the answers. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { expect } from 'vitest'
import { parse } from 'yaml'

export interface Side {
  name: 'practice' | 'real'
  kubeconfigFile: string
  /** Path of the kubectl program. */
  kubectl: string
}

export type Sides = () => { practice: Side; real: Side }

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
export type Json = any

export interface Answer {
  status: number
  body: Json
}

export const NAMESPACE = 'same-demo'

/** kubectl and requests on one cluster. */
export class Cluster {
  constructor(readonly side: Side) {}

  /** kubectl in the namespace of this suite; standard input may be an object. */
  kubectl(line: string, input?: unknown): Promise<{ out: string; err: string; code: number }> {
    return this.run(['-n', NAMESPACE, ...words(line)], input)
  }

  run(args: string[], input?: unknown): Promise<{ out: string; err: string; code: number }> {
    return new Promise((resolve) => {
      const child = execFile(
        this.side.kubectl,
        ['--kubeconfig', this.side.kubeconfigFile, ...args],
        { timeout: 60_000, maxBuffer: 32 << 20 },
        (failed, out, err) =>
          resolve({ out, err, code: failed ? (typeof failed.code === 'number' ? failed.code : -1) : 0 }),
      )
      child.stdin?.on('error', () => undefined) // kubectl may end before it has read everything
      child.stdin?.end(input === undefined ? undefined : JSON.stringify(input))
    })
  }

  /** The output of a kubectl that must succeed. */
  async must(line: string, input?: unknown): Promise<string> {
    const { out, err, code } = await this.kubectl(line, input)
    if (code !== 0) throw new Error(`kubectl ${line} (${this.side.name}): ${err || out}`)
    return out
  }

  async json(line: string): Promise<Json> {
    return JSON.parse(await this.must(`${line} -o json`))
  }

  /** One request; an answer of any status is a value. `lines` ends a stream after so many lines. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    lines?: number,
  ): Promise<Answer> {
    const config = parse(readFileSync(this.side.kubeconfigFile, 'utf8'))
    const { server, 'certificate-authority-data': authority } = config.clusters[0].cluster
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const options = {
        method,
        timeout: 20_000,
        ...(authority ? { ca: Buffer.from(authority, 'base64') } : {}),
        headers: {
          authorization: `Bearer ${config.users[0].user.token}`,
          accept: 'application/json',
          ...(text === undefined
            ? {}
            : // Node frames no body of a DELETE by itself.
              { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
          ...headers,
        },
      }
      const url = `${server}${path}`
      const sent = (url.startsWith('https:') ? overHttps : overHttp)(url, options, (answer) => {
        let whole = ''
        const done = () => {
          const events = whole.trim().split('\n')
          resolve({
            status: answer.statusCode ?? 0,
            body: lines ? events.slice(0, lines).map((line) => JSON.parse(line)) : read(whole),
          })
        }
        answer.setEncoding('utf8')
        answer.on('error', reject)
        answer.on('data', (chunk: string) => {
          whole += chunk
          if (lines && whole.split('\n').length > lines) {
            done()
            sent.destroy()
          }
        })
        answer.on('end', done)
      })
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer within 20 s`)))
      sent.on('error', reject)
      sent.end(text)
    })
  }

  /** A watch from now on; `stop` ends it and gives what it saw. */
  watch(path: string): {
    seen(): { type: string; object: Json }[]
    stop(): Promise<{ type: string; object: Json }[]>
  } {
    const config = parse(readFileSync(this.side.kubeconfigFile, 'utf8'))
    const { server, 'certificate-authority-data': authority } = config.clusters[0].cluster
    let whole = ''
    let broken: Error | undefined
    const sent = (server.startsWith('https:') ? overHttps : overHttp)(
      `${server}${path}`,
      {
        ...(authority ? { ca: Buffer.from(authority, 'base64') } : {}),
        headers: { authorization: `Bearer ${config.users[0].user.token}`, accept: 'application/json' },
      },
      (answer) => {
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          whole += chunk
        })
        answer.on('error', () => undefined) // it is ended from here
      },
    )
    let ended = false
    sent.on('error', (cause) => {
      if (!ended) broken = cause
    })
    sent.end()
    // What is left behind the last newline is half an event.
    const seen = () =>
      whole
        .slice(0, whole.lastIndexOf('\n') + 1)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    return {
      seen,
      async stop() {
        ended = true
        sent.destroy()
        if (broken) throw broken
        return seen()
      },
    }
  }

  patch(path: string, body: unknown, kind: 'json' | 'merge' | 'strategic-merge' = 'merge') {
    return this.send('PATCH', path, body, { 'content-type': `application/${kind}-patch+json` })
  }
}

function read(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text // logs and plain error texts
  }
}

/** Splits a command line at spaces outside single quotes. */
function words(line: string): string[] {
  return (line.match(/(?:[^\s']|'[^']*')+/g) ?? []).map((word) => word.replaceAll("'", ''))
}

const SAFE = '[bcdfghjklmnpqrstvwxz2456789]'
const TEXT: [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, '<ip>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/\bnode-[abc]\b/g, '<node>'],
  [new RegExp(`-${SAFE}{8,10}-${SAFE}{5}\\b`, 'g'), '-<hash>-<id>'],
  [new RegExp(`\\b(echo|store|agent)-${SAFE}{8,10}\\b`, 'g'), '$1-<hash>'],
  [new RegExp(`(hash=)${SAFE}{8,10}\\b`, 'g'), '$1<hash>'],
  [new RegExp(`\\b(echo|agent)-${SAFE}{5}\\b`, 'g'), '$1-<id>'],
  [/\.[0-9a-f]{16}\b/g, '.<event>'],
]

/** A text without what differs from one cluster, or one second, to the next. */
export function plain(text: string): string {
  return TEXT.reduce((before, [pattern, word]) => before.replace(pattern, word), text)
}

/** The lines of a table of kubectl: ages and widths of columns taken out, rows in the order of their text. */
export function table(text: string): string[] {
  const [head = '', ...rows] = plain(text)
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .replace(/(?<=\s)(\d+[smhd]){1,2}(?=\s|$)/g, '<age>')
        .replace(/ {2,}/g, '  ')
        .trim(),
    )
  return [head, ...rows.sort()]
}

const DROPPED = new Set(['managedFields'])
const MARKED = new Set(['uid', 'resourceVersion', 'pod-template-hash', 'controller-revision-hash'])

/** An object without what must differ: its presence stays, its value becomes the name of the field. */
export function object(value: Json): Json {
  if (typeof value === 'string') return plain(value)
  if (Array.isArray(value)) return value.map(object)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DROPPED.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, MARKED.has(key) && one ? `<${key}>` : object(one)]),
  )
}

/** What kubectl said and its exit code, as one value. */
export function said(answer: { out: string; err: string; code: number }) {
  return { code: answer.code, out: table(answer.out), err: plain(answer.err) }
}

/** Runs the same on both clusters at once; the practice cluster must show what the real one shows. */
export async function compare(sides: Sides, look: (cluster: Cluster) => Promise<unknown>): Promise<void> {
  const { practice, real } = sides()
  const [ours, theirs] = await Promise.all([look(new Cluster(practice)), look(new Cluster(real))])
  expect(ours).toEqual(theirs)
}

/** Asks until the condition holds, at most for 30 s. */
export async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Not within 30 s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Status code and the Status object, without what names a version or a uid. */
export function answer({ status, body }: Answer): Json {
  if (body?.kind !== 'Status') return { status, kind: body?.kind ?? body }
  return { status, ...object(body) }
}
