import type { ContainerInstance, ExecOutcome, ProgramHttpResponse } from '../../types'
import { jsonAnswer, Log, MIB, noProgram, type Process, type Scene } from '../scene'

/** A service of which only health and logs matter: fluentd, the AI and CMS services, DNS. */
export class PlainService implements Process {
  readonly log = new Log()
  private ticks = 0

  constructor(
    readonly instance: ContainerInstance,
    private readonly scene: Scene,
  ) {
    this.log.write(scene.now(), `${new Date(scene.now()).toISOString()} INFO started`)
  }

  private get down(): boolean {
    return this.scene.hung.has(this.instance.pod.metadata.uid)
  }

  listens(port: number): boolean {
    const ports: { containerPort: number }[] = this.instance.pod.spec.containers[0].ports ?? []
    return !this.down && ports.some((one) => one.containerPort === port)
  }

  async http(): Promise<ProgramHttpResponse | 'refused'> {
    return this.down ? 'refused' : jsonAnswer(200, { status: 'ok' })
  }

  async exec(argv: string[]): Promise<ExecOutcome> {
    return noProgram(argv[0] ?? '')
  }

  usage() {
    return { cpuMillicores: 28 + (this.ticks % 4), memoryBytes: 96 * MIB }
  }

  tick(): void {
    this.ticks += 1
    if (this.ticks % 10 === 0 && !this.down)
      this.log.write(this.scene.now(), `${new Date(this.scene.now()).toISOString()} INFO alive`)
  }

  async stop(): Promise<void> {}
}
