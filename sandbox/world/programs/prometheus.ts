import type { ContainerInstance, ExecOutcome, ProgramHttpRequest, ProgramHttpResponse } from '../../types'
import { jsonAnswer, Log, MIB, noProgram, type Process, processesOf, type Scene } from '../scene'
import type { BackendApi } from './backend-api'
import { curl } from './curl'

const SCRAPE_MS = 2_000
const KEEP_MS = 65 * 60_000

interface Sample {
  at: number
  value: number
}

/** Prometheus: scrapes the backend pods and answers targets, query and query_range from what it kept. */
export class Prometheus implements Process {
  readonly log = new Log()
  private readonly series = new Map<string, Sample[]>()
  private lastScrape = 0
  private readonly errors = new Map<string, string>()

  constructor(
    readonly instance: ContainerInstance,
    private readonly scene: Scene,
    history: boolean,
  ) {
    this.log.write(
      scene.now(),
      `ts=${new Date(scene.now()).toISOString()} level=info msg="Server is ready to receive web requests."`,
    )
    if (history) this.backfill()
  }

  private backfill(): void {
    const now = this.scene.now()
    for (const pod of ['a', 'b', 'c']) {
      const samples: Sample[] = []
      for (let at = now - 60 * 60_000; at < now; at += 30_000)
        samples.push({ at, value: ((at - now + 60 * 60_000) / 1000) * (70 + 12 * Math.sin(at / 400_000)) })
      this.series.set(`backend-api-before-${pod}`, samples)
    }
  }

  listens(port: number): boolean {
    return port === 9090 && !this.scene.hung.has(this.instance.pod.metadata.uid)
  }

  async http(_port: number, request: ProgramHttpRequest): Promise<ProgramHttpResponse | 'refused'> {
    const url = new URL(request.path, 'http://prometheus')
    if (url.pathname === '/-/ready' || url.pathname === '/-/healthy')
      return { status: 200, body: 'Prometheus Server is Ready.\n' }
    if (url.pathname === '/api/v1/targets')
      return jsonAnswer(200, {
        status: 'success',
        data: { activeTargets: this.targets(), droppedTargets: [] },
      })
    if (url.pathname === '/api/v1/query') return this.query(url.searchParams.get('query') ?? '')
    if (url.pathname === '/api/v1/query_range') return this.range(url.searchParams)
    return { status: 404, body: '404 page not found\n' }
  }

  private wedged(): boolean {
    return this.scene.marks.get(this.instance.pod.metadata.uid)?.has('scrape-wedged') === true
  }

  private targets() {
    const last = new Date(this.lastScrape || this.scene.now()).toISOString()
    const backend = processesOf(this.scene, 'backend-api').map((one) => {
      const name = one.instance.pod.metadata.name
      const error = this.wedged() ? 'context deadline exceeded' : (this.errors.get(name) ?? '')
      return {
        labels: {
          job: 'backend-api',
          instance: `${one.instance.pod.status?.podIP}:8080`,
          pod: name,
          namespace: 'backend-services',
        },
        scrapePool: 'backend-api',
        scrapeUrl: `http://${one.instance.pod.status?.podIP}:8080/metrics`,
        lastError: error,
        lastScrape: last,
        lastScrapeDuration: 0.004,
        health: error ? 'down' : 'up',
        scrapeInterval: '15s',
      }
    })
    const own = {
      labels: { job: 'prometheus', instance: 'localhost:9090' },
      scrapePool: 'prometheus',
      scrapeUrl: 'http://localhost:9090/metrics',
      lastError: '',
      lastScrape: last,
      lastScrapeDuration: 0.002,
      health: 'up',
      scrapeInterval: '15s',
    }
    return [...backend, own]
  }

  private rateAt(at: number): number {
    let total = 0
    for (const samples of this.series.values()) {
      const window = samples.filter((one) => one.at > at - 300_000 && one.at <= at)
      const first = window[0]
      const last = window.at(-1)
      if (first && last && last.at > first.at)
        total += Math.max(0, ((last.value - first.value) / (last.at - first.at)) * 1000)
    }
    return total
  }

  private query(text: string): ProgramHttpResponse {
    const at = this.scene.now() / 1000
    const vector = (result: unknown[]) =>
      jsonAnswer(200, { status: 'success', data: { resultType: 'vector', result } })
    const expression = text.replace(/\s+/g, '')
    if (expression === 'backend_api_requests_total') {
      return vector(
        [...this.series].map(([pod, samples]) => ({
          metric: { __name__: 'backend_api_requests_total', job: 'backend-api', pod },
          value: [at, String(samples.at(-1)?.value ?? 0)],
        })),
      )
    }
    if (expression.includes('rate(backend_api_requests_total'))
      return vector([{ metric: {}, value: [at, String(this.rateAt(this.scene.now()))] }])
    if (expression.startsWith('up'))
      return vector(
        this.targets().map((one) => ({
          metric: { __name__: 'up', ...one.labels },
          value: [at, one.health === 'up' ? '1' : '0'],
        })),
      )
    if (/^[a-z_:][a-z0-9_:]*(\{.*\})?$/i.test(expression)) return vector([])
    return jsonAnswer(400, {
      status: 'error',
      errorType: 'bad_data',
      error: `the practice cluster's Prometheus cannot evaluate: ${text.slice(0, 100)}`,
    })
  }

  private range(query: URLSearchParams): ProgramHttpResponse {
    const start = Number(query.get('start'))
    const end = Number(query.get('end'))
    const step = Math.max(Number(query.get('step') ?? 60), (end - start) / 400, 1)
    if (!Number.isFinite(start) || !Number.isFinite(end))
      return jsonAnswer(400, { status: 'error', errorType: 'bad_data', error: 'invalid parameter "start"' })
    if (!(query.get('query') ?? '').includes('backend_api_requests_total'))
      return jsonAnswer(200, { status: 'success', data: { resultType: 'matrix', result: [] } })
    const values: [number, string][] = []
    for (let at = start; at <= end; at += step) {
      const rate = this.rateAt(at * 1000)
      if (rate > 0) values.push([at, rate.toFixed(3)])
    }
    return jsonAnswer(200, {
      status: 'success',
      data: { resultType: 'matrix', result: values.length ? [{ metric: {}, values }] : [] },
    })
  }

  async exec(argv: string[]): Promise<ExecOutcome> {
    return argv[0] === 'curl' || argv[0] === 'wget' ? curl(argv, this.scene, this) : noProgram(argv[0] ?? '')
  }

  usage() {
    return { cpuMillicores: 160, memoryBytes: 900 * MIB }
  }

  tick(): void {
    const now = this.scene.now()
    if (now - this.lastScrape < SCRAPE_MS || this.wedged()) return
    this.lastScrape = now
    for (const process of processesOf(this.scene, 'backend-api')) {
      const name = process.instance.pod.metadata.name
      void process.http(8080, { method: 'GET', path: '/metrics', headers: {}, body: '' }).then((answer) => {
        if (answer === 'refused') this.errors.set(name, 'connection refused')
        else if (answer.status !== 200)
          this.errors.set(name, `server returned HTTP status ${answer.status} Internal Server Error`)
        else {
          this.errors.delete(name)
          const samples = this.series.get(name) ?? []
          samples.push({ at: now, value: (process as BackendApi).requests() })
          this.series.set(
            name,
            samples.filter((one) => one.at > now - KEEP_MS),
          )
        }
      })
    }
    for (const [name, samples] of this.series)
      if ((samples.at(-1)?.at ?? 0) < now - KEEP_MS) this.series.delete(name)
  }

  async stop(): Promise<void> {}
}
