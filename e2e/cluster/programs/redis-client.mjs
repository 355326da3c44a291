// Commands to Redis over one connection (RESP, https://redis.io/docs/latest/develop/reference/protocol-spec/).
import { connect } from 'node:net'

export class RedisClient {
  #socket
  #waiting = []
  #text = Buffer.alloc(0)

  constructor(host, port) {
    this.host = host
    this.port = port
  }

  /** Sends one command; resolves with its answer, rejects when the server or the connection says no. */
  command(...words) {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => this.#drop(new Error('no answer within 2 s')), 2_000)
      const settle = (work) => (value) => {
        clearTimeout(limit)
        work(value)
      }
      this.#open()
      this.#waiting.push({ resolve: settle(resolve), reject: settle(reject) })
      this.#socket.write(
        `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`).join('')}`,
      )
    })
  }

  #open() {
    if (this.#socket) return
    const socket = connect(this.port, this.host)
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.#text = Buffer.concat([this.#text, chunk])
      for (;;) {
        const read = parse(this.#text, 0)
        if (!read) return
        this.#text = this.#text.subarray(read.end)
        const one = this.#waiting.shift()
        if (read.value instanceof Error) one?.reject(read.value)
        else one?.resolve(read.value)
      }
    })
    socket.on('error', (cause) => this.#drop(cause))
    socket.on('close', () => this.#drop(new Error('the connection was closed')))
  }

  #drop(cause) {
    this.#socket?.destroy()
    this.#socket = undefined
    this.#text = Buffer.alloc(0)
    for (const one of this.#waiting.splice(0)) one.reject(cause)
  }
}

/** One answer from `at` on, or undefined while it is not whole. */
function parse(text, at) {
  const line = text.indexOf('\r\n', at)
  if (line < 0) return undefined
  const head = text.toString('utf8', at + 1, line)
  const end = line + 2
  switch (String.fromCharCode(text[at])) {
    case '+':
      return { value: head, end }
    case '-':
      return { value: new Error(head), end }
    case ':':
      return { value: Number(head), end }
    case '$': {
      const size = Number(head)
      if (size < 0) return { value: null, end }
      if (text.length < end + size + 2) return undefined
      return { value: text.toString('utf8', end, end + size), end: end + size + 2 }
    }
    case '*': {
      const value = []
      let next = end
      for (let i = 0; i < Number(head); i++) {
        const one = parse(text, next)
        if (!one) return undefined
        value.push(one.value)
        next = one.end
      }
      return { value, end: next }
    }
    default:
      return { value: new Error(`not RESP: ${head}`), end }
  }
}
