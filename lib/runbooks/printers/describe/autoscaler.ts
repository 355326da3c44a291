import 'server-only'
import type {
  V2HorizontalPodAutoscaler,
  V2HPAScalingRules,
  V2MetricSpec,
  V2MetricStatus,
} from '@kubernetes/client-node'
import { writeEvents } from './events'
import { Quantity } from './quantity'
import { dateOf } from './times'
import type { Describer } from './types'
import type { Writer } from './writer'

/** A HorizontalPodAutoscaler of autoscaling/v2. */
export const describeAutoscaler: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V2HorizontalPodAutoscaler
  const { kind = '', name = '' } = spec?.scaleTargetRef ?? {}
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'CreationTimestamp:', dateOf(metadata?.creationTimestamp))
  w.row(0, 'Reference:', `${kind}/${name}`)
  w.row(0, 'Metrics:', '( current / target )')
  for (const [index, metric] of (spec?.metrics ?? []).entries())
    writeMetric(w, metric, status?.currentMetrics?.[index])
  w.row(0, 'Min replicas:', spec?.minReplicas ?? '<unset>')
  w.row(0, 'Max replicas:', spec?.maxReplicas ?? 0)
  if (spec?.behavior) {
    w.row(0, 'Behavior:')
    writeRules(w, 'Scale Up', spec.behavior.scaleUp)
    writeRules(w, 'Scale Down', spec.behavior.scaleDown)
  }
  w.row(
    0,
    `${kind} pods:`,
    `${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`,
  )
  if (status?.conditions?.length) {
    w.row(0, 'Conditions:')
    w.row(1, 'Type', 'Status', 'Reason', 'Message')
    w.row(1, '----', '------', '------', '-------')
    for (const one of status.conditions) w.row(1, one.type, one.status, one.reason ?? '', one.message ?? '')
  }
  writeEvents(w, beside.events, beside.now)
}

/** A value of a metric: kubectl writes <nil> for one that is not there. */
const amount = (value: unknown): string => (value === undefined ? '<nil>' : Quantity.of(value).toString())

function writeMetric(w: Writer, metric: V2MetricSpec, now: V2MetricStatus | undefined) {
  const { external, pods, object, resource, containerResource } = metric
  const pair = (current: string | undefined, target: string) => `${current ?? '<unknown>'} / ${target}`
  switch (metric.type) {
    case 'External': {
      const { metric: of, target } = external ?? { metric: { name: '' }, target: { type: '' } }
      const average = target.averageValue !== undefined
      const current = now?.external?.current
      const value = average ? current?.averageValue : current?.value
      const known = average ? value !== undefined : current !== undefined
      return w.row(
        1,
        `${JSON.stringify(of.name)} (target ${average ? 'average ' : ''}value):`,
        pair(known ? amount(value) : undefined, amount(average ? target.averageValue : target.value)),
      )
    }
    case 'Pods': {
      const current = now?.pods && amount(now.pods.current.averageValue)
      return w.row(
        1,
        `${JSON.stringify(pods?.metric.name ?? '')} on pods:`,
        pair(current, amount(pods?.target.averageValue)),
      )
    }
    case 'Object': {
      const { kind, name } = object?.describedObject ?? { kind: '', name: '' }
      const average = object?.target.type === 'AverageValue'
      const of = (values: { averageValue?: string; value?: string } | undefined) =>
        amount(average ? values?.averageValue : values?.value)
      return w.row(
        1,
        `"${object?.metric.name ?? ''}" on ${kind}/${name} (target ${average ? 'average ' : ''}value):`,
        pair(now?.object && of(now.object.current), of(object?.target)),
      )
    }
    case 'Resource':
      return writeResource(w, `resource ${resource?.name} on pods`, resource?.target, now?.resource?.current)
    case 'ContainerResource':
      return writeResource(
        w,
        `resource ${containerResource?.name} of container "${containerResource?.container}" on pods`,
        containerResource?.target,
        now?.containerResource?.current,
      )
    default:
      return w.row(1, `<unknown metric type ${JSON.stringify(metric.type)}>`)
  }
}

interface Values {
  averageValue?: string
  averageUtilization?: number
}

function writeResource(w: Writer, what: string, target: Values | undefined, now: Values | undefined) {
  if (target?.averageValue !== undefined) {
    const current = now ? amount(now.averageValue) : '<unknown>'
    return w.row(1, `${what}:`, `${current} / ${amount(target.averageValue)}`)
  }
  const current =
    typeof now?.averageUtilization === 'number'
      ? `${now.averageUtilization}% (${amount(now.averageValue)})`
      : '<unknown>'
  const wanted = typeof target?.averageUtilization === 'number' ? `${target.averageUtilization}%` : '<auto>'
  // The second part is written at the level of a line, though it stands inside one.
  w.row(1, `${what}  (as a percentage of request):`, `${current} / ${wanted}`)
}

function writeRules(w: Writer, direction: string, rules: V2HPAScalingRules | undefined): void {
  if (!rules) return
  w.row(1, `${direction}:`)
  if (typeof rules.stabilizationWindowSeconds === 'number')
    w.row(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`)
  if (!rules.policies?.length) return
  w.row(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}`)
  w.row(2, 'Policies:')
  for (const { type, value, periodSeconds } of rules.policies)
    w.row(3, `- Type: ${type}`, `Value: ${value}`, `Period: ${periodSeconds} seconds`)
}
