import type { ContainerInstance, PodRuntime } from '../types'

export interface Probe {
  httpGet?: { path?: string; port: number | string }
  tcpSocket?: { port: number | string }
  exec?: { command: string[] }
  periodSeconds?: number
  timeoutSeconds?: number
  failureThreshold?: number
}

interface ContainerSpec {
  ports?: { name?: string; containerPort: number }[]
}

function portNumber(spec: ContainerSpec, port: number | string): number {
  if (typeof port === 'number') return port
  return spec.ports?.find((one) => one.name === port)?.containerPort ?? Number(port)
}

/** Why a probe failed, in the kubelet's words; undefined when it passed. */
export async function probeAnswer(
  runtime: PodRuntime,
  instance: ContainerInstance,
  spec: ContainerSpec,
  probe: Probe,
): Promise<string | undefined> {
  const ip = instance.pod.status?.podIP ?? 'localhost'
  if (probe.httpGet) {
    const port = portNumber(spec, probe.httpGet.port)
    const path = probe.httpGet.path ?? '/'
    const refused = `Get "http://${ip}:${port}${path}": dial tcp ${ip}:${port}: connect: connection refused`
    if (!runtime.listens(instance, port)) return refused
    const answer = await runtime.http(instance, port, {
      method: 'GET',
      path,
      headers: { 'user-agent': 'kube-probe/1.32' },
      body: '',
    })
    if (answer === 'refused') return refused
    return answer.status >= 200 && answer.status < 400
      ? undefined
      : `HTTP probe failed with statuscode: ${answer.status}`
  }
  if (probe.tcpSocket) {
    const port = portNumber(spec, probe.tcpSocket.port)
    return runtime.listens(instance, port) ? undefined : `dial tcp ${ip}:${port}: connect: connection refused`
  }
  if (probe.exec) {
    const outcome = await runtime.exec(instance, probe.exec.command, '')
    return outcome.exitCode === 0
      ? undefined
      : (outcome.stderr || outcome.stdout).trim() || `command exited with ${outcome.exitCode}`
  }
  return undefined
}
