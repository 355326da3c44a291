import { count } from './durations'
import type { Answer } from './http'
import type { Finding, View } from './types'

const RESTART = [{ operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/kong' } }]
const RELOAD = [{ operation: 'kong.reload' }]

function json(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function silent(answers: Answer[]): Finding[] {
  const some = answers.filter((one) => one.status === undefined || one.status >= 500)
  const refused = answers.filter((one) => !some.includes(one) && one.status !== 200)
  if (some.length === 0)
    return refused.length === 0
      ? []
      : [
          {
            severity: 'unknown',
            code: 'kong.refused',
            title: `Could not look: Kong's admin port answers HTTP ${refused[0]?.status} in ${refused.length} of ${count(answers.length, 'pod')}`,
            evidence: refused.slice(0, 5).map((one) => `${one.from}: HTTP ${one.status}`),
            remedies: [],
          },
        ]
  return [
    {
      severity: some.length === answers.length ? 'fail' : 'warn',
      code: 'kong.down',
      title: `Kong does not answer on its admin port in ${some.length} of ${count(answers.length, 'pod')}`,
      evidence: some.slice(0, 5).map((one) => `${one.from}: ${one.error ?? `HTTP ${one.status}`}`),
      remedies: RESTART,
    },
  ]
}

/** `/status` of each pod: answers, database, connections. */
export function judgeKongStatus(answers: Answer[]): {
  findings: Finding[]
  views: View[]
  healthy: string
  figure: string
} {
  const findings = silent(answers)
  const rows = answers.map((one) => {
    const body = json(one.body ?? '')
    const database = (body?.database as { reachable?: boolean } | undefined)?.reachable
    const server = body?.server as { connections_active?: number; total_requests?: number } | undefined
    if (database === false)
      findings.push({
        severity: 'fail',
        code: 'kong.database',
        title: `${one.from} does not reach its database`,
        evidence: [],
        remedies: [],
      })
    return {
      pod: { text: one.from, mono: true },
      status:
        one.status === undefined
          ? { text: one.error ?? 'none', tone: 'fail' as const }
          : {
              text: `HTTP ${one.status}`,
              tone: one.status === 200 ? ('pass' as const) : ('unknown' as const),
            },
      database: {
        text: database === undefined ? 'unknown' : database ? 'reachable' : 'not reachable',
        tone:
          database === undefined ? ('unknown' as const) : database ? ('pass' as const) : ('fail' as const),
      },
      connections: { text: String(server?.connections_active ?? '') },
    }
  })
  const well = answers.filter((one) => one.status === 200).length
  return {
    findings,
    views: [
      {
        type: 'table',
        columns: [
          { key: 'pod', label: 'Pod' },
          { key: 'status', label: 'Answer' },
          { key: 'database', label: 'Database' },
          { key: 'connections', label: 'Connections', align: 'right' },
        ],
        rows: rows.slice(0, 100),
      },
    ],
    healthy: `${well} of ${count(answers.length, 'Kong pod')} answer, database reachable`,
    figure: `${well} of ${answers.length} Kong pods`,
  }
}

export interface KongService {
  name: string
  host: string
  port: number
  enabled: boolean
}

/** The services of a `/services` body. */
export function servicesOf(text: string): KongService[] {
  const data = json(text)?.data
  return Array.isArray(data)
    ? data.flatMap((one: Record<string, unknown>) =>
        typeof one?.host === 'string'
          ? [
              {
                name: String(one.name ?? one.host),
                host: one.host,
                port: Number(one.port ?? 80),
                enabled: one.enabled !== false,
              },
            ]
          : [],
      )
    : []
}

/** Registered services, and whether something is ready behind each. `behind` maps host:port to a count or to what stopped us. */
export function judgeKongServices(
  answers: Answer[],
  behind: Map<string, number | string | { unseen: string }>,
): { findings: Finding[]; views: View[]; healthy: string; figure: string } {
  const findings = silent(answers)
  const answered = answers.filter((one) => one.status === 200)
  const empty = answered.filter((one) => servicesOf(one.body ?? '').length === 0)
  if (empty.length > 0)
    findings.push({
      severity: 'fail',
      code: 'kong.no-services',
      title: `Kong knows no service in ${empty.length} of ${count(answered.length, 'pod')}: it has lost its configuration`,
      evidence: empty.slice(0, 5).map((one) => one.from),
      remedies: RELOAD,
    })
  const services = new Map(
    answered.flatMap((one) => servicesOf(one.body ?? '')).map((one) => [one.name, one]),
  )
  const rows = [...services.values()].map((one) => {
    const ready = behind.get(`${one.host}:${one.port}`)
    if (typeof ready === 'object')
      findings.push({
        severity: 'unknown',
        code: 'kong.unseen',
        title: `Could not look behind Kong's service ${one.name}: ${ready.unseen}`,
        evidence: [],
        remedies: [],
      })
    else if (typeof ready === 'string')
      findings.push({
        severity: 'fail',
        code: 'kong.host',
        title: `Kong's service ${one.name} points to ${one.host}, which is not there: ${ready}`,
        evidence: [],
        remedies: [],
      })
    else if (ready === 0)
      findings.push({
        severity: 'fail',
        code: 'kong.no-endpoints',
        title: `Nothing is ready behind Kong's service ${one.name} (${one.host}:${one.port})`,
        evidence: [],
        remedies: [],
        explainedBy: [
          'postgres.down',
          'service.selector',
          'service.no-ready-pod',
          'workload.scaled-to-zero',
          'logs.pool-exhausted',
          'logs.credentials',
          'logs.too-many-clients',
          'logs.workers-blocked',
          'pods.oom-killed',
        ],
      })
    if (!one.enabled)
      findings.push({
        severity: 'warn',
        code: 'kong.disabled',
        title: `Kong's service ${one.name} is disabled`,
        evidence: [],
        remedies: [],
      })
    return {
      name: { text: one.name, mono: true },
      host: { text: `${one.host}:${one.port}`, mono: true },
      ready: {
        text: ready === undefined ? 'not looked at' : String(ready),
        tone:
          typeof ready === 'number' && ready > 0
            ? ('pass' as const)
            : ready === undefined
              ? ('unknown' as const)
              : ('fail' as const),
      },
    }
  })
  return {
    findings,
    views: [
      {
        type: 'table',
        columns: [
          { key: 'name', label: 'Service' },
          { key: 'host', label: 'Points to' },
          { key: 'ready', label: 'Ready behind', align: 'right' },
        ],
        rows: rows.slice(0, 100),
      },
    ],
    healthy: `${count(services.size, 'service')} registered, each with something ready behind it`,
    figure: `${services.size} registered`,
  }
}
