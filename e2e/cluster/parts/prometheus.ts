/**
 * Debian's Prometheus, scraping itself and the pods of backend-api. Debian builds it without discovery in Kubernetes,
 * so the harness looks the pods up and writes them where Prometheus reads targets from (`file_sd_configs`).
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json, KubeApi } from '../kube-api'
import type { Part } from './types'

const NAMESPACE = 'backend-services'
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app%3Dbackend-api`
const LOOK_EVERY_MS = 1_000

/** Prometheus' settings: JSON is YAML. */
function settings(targets: string): string {
  return JSON.stringify({
    global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '1m' },
    scrape_configs: [
      { job_name: 'prometheus', static_configs: [{ targets: ['localhost:9090'] }] },
      { job_name: 'backend-api', file_sd_configs: [{ files: [targets], refresh_interval: '5s' }] },
    ],
  })
}

/** What discovery in Kubernetes finds: pods with an address that have not ended, at their port `http`. */
function targetsOf(pods: Json[]): { targets: string[]; labels: Record<string, string> }[] {
  return pods
    .filter((pod) => pod.status?.podIP && !['Succeeded', 'Failed'].includes(pod.status.phase))
    .flatMap((pod) =>
      pod.spec.containers
        .flatMap((one: Json) => one.ports ?? [])
        .filter((port: Json) => port.name === 'http')
        .map((port: Json) => ({
          targets: [`${pod.status.podIP}:${port.containerPort}`],
          labels: { namespace: NAMESPACE, pod: pod.metadata.name },
        })),
    )
}

/** Keeps the file of targets until its folder, the pod's, is gone. */
function keepTargets(api: Pick<KubeApi, 'get'>, folder: string, file: string): NodeJS.Timeout {
  let written = ''
  let busy = false
  const look = async () => {
    if (busy) return
    if (!existsSync(folder)) return clearInterval(timer)
    busy = true
    try {
      const text = JSON.stringify(targetsOf((await api.get(PODS)).items))
      if (text !== written) {
        writeFileSync(`${file}.new`, text)
        renameSync(`${file}.new`, file)
        written = text
      }
    } catch {
      // The API server is away, or the pod went meanwhile: the targets stay as they were, as in Prometheus.
    }
    busy = false
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  void look()
  return timer
}

/** Part of the image `prom/prometheus`; `api` may list the pods of backend-services. */
export function prometheusPart(api: Pick<KubeApi, 'get'>): Part {
  const timers = new Map<string, NodeJS.Timeout>()
  return {
    image: /^prom\/prometheus:v3\.\d+\.\d+$/,
    async launch({ scratch }) {
      const config = join(scratch, 'prometheus.yml')
      const data = join(scratch, 'data')
      const targets = join(scratch, 'backend-api.json')
      mkdirSync(data, { recursive: true })
      writeFileSync(config, settings(targets))
      clearInterval(timers.get(scratch))
      timers.set(scratch, keepTargets(api, scratch, targets))
      const tools = ['ls', 'cat', 'wget'].map((name): [string, string] => [name, `/usr/bin/${name}`])
      return {
        argv: [
          '/usr/bin/prometheus',
          `--config.file=${config}`,
          `--storage.tsdb.path=${data}`,
          '--storage.tsdb.retention.time=6h',
          '--web.listen-address=0.0.0.0:9090',
          '--web.enable-lifecycle',
        ],
        env: { PATH: '/usr/bin:/bin' },
        programs: Object.fromEntries(tools.filter(([, file]) => existsSync(file))),
      }
    },
  }
}
