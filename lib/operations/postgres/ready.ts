import 'server-only'
import { z } from 'zod'
import { podArgument, programInside } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import { containerOf, isRunning, resolvePods } from '@/lib/operations/resolve-pods'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import type { Finding } from '@/lib/verdicts/types'

const params = podSelection.extend({ host: z.string(), port: z.string() })

/** Whether PostgreSQL takes connections from the pods that need it; from its own pod when they lack pg_isready. */
export const ready: Check<z.infer<typeof params>> = {
  id: 'postgres.ready',
  title: 'Ask whether PostgreSQL takes connections',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = programInside(commands, hints, 'pg_isready')
    if (!call || call.filters.length > 0) return undefined
    const value = (flag: string) => call.args[call.args.indexOf(flag) + 1]
    return {
      ...call.pods,
      host: call.args.includes('-h') ? value('-h') : 'localhost',
      port: call.args.includes('-p') ? value('-p') : '5432',
    }
  },
  kubectl: (p) => `kubectl exec ${podArgument(p)} -n ${p.namespace} -- pg_isready -h ${p.host} -p ${p.port}`,
  async run(context, p) {
    const found = await resolvePods(context, p)
    if (!found.ok) return couldNotLook(found.error)
    const pods = found.value.pods.filter(isRunning)
    if (pods.length === 0) {
      return conclude({
        findings: [
          {
            severity: 'unknown',
            code: 'postgres.nobody-asks',
            title: 'Could not look: there is no running pod to ask from',
            evidence: [],
            remedies: [],
            explainedBy: [
              'workload.scaled-to-zero',
              'pods.none',
              'pods.image',
              'pods.crash-loop',
              'pods.oom-killed',
            ],
          },
        ],
        healthy: '',
      })
    }
    const answers = await Promise.all(
      pods.slice(0, 20).map(async (pod) => ({
        pod: pod.metadata.name,
        answer: await context.cluster.exec({
          namespace: p.namespace,
          pod: pod.metadata.name,
          container: containerOf(pod),
          argv: ['pg_isready', '-h', p.host, '-p', p.port],
        }),
      })),
    )
    const rows: { pod: string; said: string; code: number; ms: number }[] = []
    const findings: Finding[] = []
    for (const { pod, answer } of answers) {
      if (!answer.ok)
        findings.push({
          severity: 'unknown',
          code: `unknown.${answer.error.code}`,
          title: `Could not ask from ${pod}: ${answer.error.message}`,
          evidence: [],
          remedies: [],
          explainedBy: ['pods.crash-loop', 'pods.oom-killed'],
        })
      else
        rows.push({
          pod,
          said: (answer.value.stdout || answer.value.stderr).trim(),
          code: answer.value.exitCode,
          ms: answer.value.ms,
        })
    }
    if (rows.length > 0 && rows.every((row) => row.code === 127)) return fromDatabasePod(context, p)
    const bad = rows.filter((row) => row.code !== 0)
    // Exit codes of pg_isready: 1 rejecting connections, 2 no response, 3 no attempt made.
    const meaning = (row: (typeof rows)[number]) =>
      /could not translate|resolve/i.test(row.said)
        ? `the name ${p.host} does not resolve`
        : row.code === 1
          ? 'PostgreSQL rejects connections'
          : 'PostgreSQL does not respond'
    const first = bad[0]
    if (first) {
      findings.push({
        severity: 'fail',
        code: first.code === 1 ? 'postgres.rejecting' : 'postgres.down',
        title: `From ${bad.length} of ${count(rows.length, 'pod')}: ${meaning(first)} on ${p.host}:${p.port}`,
        evidence: bad.slice(0, 5).map((row) => `${row.pod}: ${row.said}`),
        remedies:
          first.code === 1
            ? [{ operation: 'postgres.terminate-idle' }]
            : [
                {
                  operation: 'kubernetes.rollout-restart',
                  params: { namespace: 'storage', workload: 'statefulset/postgresql-primary' },
                },
              ],
        ...(first.code === 1 ? { explainedBy: ['postgres.idle-in-transaction'] } : {}),
      })
    }
    return conclude({
      findings,
      healthy: `Accepting connections from ${count(rows.length, 'pod')}`,
      figure: 'accepting connections',
      read: count(rows.length, 'pod'),
      views: [
        {
          type: 'table',
          columns: [
            { key: 'pod', label: 'From pod' },
            { key: 'said', label: 'Answer' },
          ],
          rows: rows.map((row) => ({
            pod: { text: row.pod, mono: true },
            said: { text: row.said, tone: row.code === 0 ? ('pass' as const) : ('fail' as const) },
          })),
        },
      ],
    })
  },
}

/** The image of the asking pods has no pg_isready: ask in the database's own pod instead, and say so. */
async function fromDatabasePod(context: Parameters<typeof ready.run>[0], p: z.infer<typeof params>) {
  const services = await context.cluster.list(RESOURCE.Service)
  if (!services.ok) return couldNotLook(services.error)
  const service = services.value.find((one) => one.metadata.name === p.host.split('.')[0])
  const selector = Object.entries(service?.spec?.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const pods =
    service && selector
      ? await resolvePods(context, { namespace: service.metadata.namespace ?? '', selector })
      : undefined
  const pod = pods?.ok ? pods.value.pods[0] : undefined
  if (!pod)
    return couldNotLook({
      code: 'precondition_failed',
      message: 'the pods have no pg_isready, and the database pod was not found',
      retryable: false,
    })
  const answer = await context.cluster.exec({
    namespace: pod.metadata.namespace ?? '',
    pod: pod.metadata.name,
    container: containerOf(pod),
    argv: ['pg_isready'],
  })
  if (!answer.ok) return couldNotLook(answer.error)
  const findings: Finding[] = [
    {
      severity: 'info',
      code: 'postgres.asked-inside',
      title: `Asked inside ${pod.metadata.name}: the application's image has no pg_isready, so the way from there was not tried`,
      evidence: [],
      remedies: [],
    },
  ]
  if (answer.value.exitCode !== 0)
    findings.push({
      severity: 'fail',
      code: 'postgres.down',
      title: `PostgreSQL does not take connections: ${answer.value.stdout.trim()}`,
      evidence: [],
      remedies: [
        {
          operation: 'kubernetes.rollout-restart',
          params: { namespace: 'storage', workload: 'statefulset/postgresql-primary' },
        },
      ],
    })
  return conclude({
    findings,
    healthy: `Accepting connections (asked inside ${pod.metadata.name})`,
    figure: 'accepting connections',
  })
}
