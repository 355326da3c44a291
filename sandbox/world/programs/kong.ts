import type { ContainerInstance, ExecOutcome, ProgramHttpRequest, ProgramHttpResponse } from '../../types'
import { jsonAnswer, Log, MIB, marked, noProgram, type Process, printed, type Scene } from '../scene'
import { curl } from './curl'

/** Kong with its admin API on 8001 and the proxy on 8000. */
export class Kong implements Process {
  readonly log = new Log()
  private requests = 90_000

  constructor(
    readonly instance: ContainerInstance,
    private readonly scene: Scene,
  ) {
    this.log.write(scene.now(), '[notice] 1#0: start worker processes')
  }

  private get down(): boolean {
    return this.scene.hung.has(this.instance.pod.metadata.uid)
  }

  /** A worker that kept an old configuration knows no service until it is reloaded. */
  private get stale(): boolean {
    return marked(this.scene, this.instance, 'kong-stale')
  }

  listens(port: number): boolean {
    return (port === 8000 || port === 8001) && !this.down
  }

  async http(port: number, request: ProgramHttpRequest): Promise<ProgramHttpResponse | 'refused'> {
    if (this.down) return 'refused'
    const path = request.path.split('?')[0]
    if (port === 8000) return this.proxy(request)
    if (path === '/status') {
      return jsonAnswer(200, {
        database: { reachable: true },
        server: {
          connections_active: 12,
          connections_accepted: 48_210,
          connections_handled: 48_210,
          connections_reading: 0,
          connections_writing: 3,
          connections_waiting: 9,
          total_requests: this.requests,
        },
        configuration_hash: this.stale
          ? '00000000000000000000000000000000'
          : '9be4a1c7d0f24e6a8f3b5c7d9e1f2a3b',
      })
    }
    if (path === '/services')
      return jsonAnswer(200, {
        data: this.stale
          ? []
          : [
              {
                id: '2f6a4c1e-7b1d-4a53-9a5c-0c7b6f1d2e3a',
                name: 'backend-api',
                host: 'backend-api.backend-services',
                port: 80,
                protocol: 'http',
                retries: 5,
                enabled: true,
              },
            ],
        next: null,
      })
    if (path === '/upstreams') return jsonAnswer(200, { data: [], next: null })
    return jsonAnswer(404, { message: 'Not found' })
  }

  private async proxy(request: ProgramHttpRequest): Promise<ProgramHttpResponse> {
    this.requests += 1
    if (this.stale) return jsonAnswer(404, { message: 'no Route matched with those values' })
    const endpoints = this.scene.cluster.get('Endpoints', 'backend-services', 'backend-api')
    const address = endpoints?.subsets?.[0]?.addresses?.[0]
    const backend =
      address &&
      [...this.scene.processes.values()].find(
        (one) => one.instance.pod.metadata.uid === address.targetRef.uid,
      )
    const answer = backend ? await backend.http(8080, request) : 'refused'
    return answer === 'refused'
      ? jsonAnswer(503, { message: 'failure to get a peer from the ring-balancer' })
      : answer
  }

  async exec(argv: string[]): Promise<ExecOutcome> {
    const name = argv[0] ?? ''
    if (name === 'curl') return curl(argv, this.scene, this)
    if (name !== 'kong') return noProgram(name)
    if (argv[1] === 'reload') {
      this.scene.marks.get(this.instance.pod.metadata.uid)?.delete('kong-stale')
      this.log.write(this.scene.now(), '[notice] 1#0: reconfiguring')
      return printed('Kong reloaded\n')
    }
    if (argv[1] === 'health') return printed('nginx.......running\n\nKong is healthy at /usr/local/kong\n')
    return { stdout: '', stderr: 'Usage: kong COMMAND [OPTIONS]\n', exitCode: 1 }
  }

  usage() {
    return { cpuMillicores: 46, memoryBytes: 210 * MIB }
  }

  tick(): void {
    this.requests += 40
    if (this.stale)
      this.log.write(
        this.scene.now(),
        `${new Date(this.scene.now()).toISOString()} [error] no Route matched request: "GET /api/v1/orders HTTP/1.1"`,
      )
  }

  async stop(): Promise<void> {}
}
