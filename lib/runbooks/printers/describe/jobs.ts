import 'server-only'
import type { V1CronJob, V1Job } from '@kubernetes/client-node'
import { age } from '../age'
import { writeEvents } from './events'
import { controllerOf } from './pod'
import { writePodTemplate } from './pod-template'
import { selectorText } from './selectors'
import { dateOf, instantOf } from './times'
import type { Describer } from './types'

/** Where a list of finished indexes may be cut: at the first comma from here on. */
const INDEXES = 50

/** A Job. */
export const describeJob: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1Job
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.row(0, 'Selector:', selectorText(spec?.selector))
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  const controller = controllerOf(metadata)
  const optional = (label: string, value: string | number | boolean | undefined | null) => {
    if (value !== undefined && value !== null) w.row(0, `${label}:`, value)
  }
  optional('Controlled By', controller)
  optional('Parallelism', spec?.parallelism)
  w.row(0, 'Completions:', spec?.completions ?? '<unset>')
  optional('Completion Mode', spec?.completionMode)
  optional('Suspend', spec?.suspend)
  optional('Backoff Limit', spec?.backoffLimit)
  optional('TTL Seconds After Finished', spec?.ttlSecondsAfterFinished)
  const [start, end] = [instantOf(status?.startTime), instantOf(status?.completionTime)]
  if (start !== undefined) w.row(0, 'Start Time:', dateOf(status?.startTime))
  if (end !== undefined) w.row(0, 'Completed At:', dateOf(status?.completionTime))
  if (start !== undefined && end !== undefined) w.row(0, 'Duration:', age(end - start))
  if (typeof spec?.activeDeadlineSeconds === 'number')
    w.row(0, 'Active Deadline Seconds:', `${spec.activeDeadlineSeconds}s`)
  const ready = typeof status?.ready === 'number' ? ` (${status.ready} Ready)` : ''
  w.row(
    0,
    'Pods Statuses:',
    `${status?.active ?? 0} Active${ready} / ${status?.succeeded ?? 0} Succeeded / ${status?.failed ?? 0} Failed`,
  )
  if (spec?.completionMode === 'Indexed')
    w.row(0, 'Completed Indexes:', indexes(status?.completedIndexes ?? ''))
  writePodTemplate(w, spec?.template)
  writeEvents(w, beside.events, beside.now)
}

function indexes(all: string): string {
  if (all === '') return '<none>'
  const end = all.indexOf(',', INDEXES)
  return end < 0 ? all : `${all.slice(0, end + 1)}...`
}

/** A CronJob. */
export const describeCronJob: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1CronJob
  const job = spec?.jobTemplate?.spec
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'Schedule:', spec?.schedule ?? '')
  w.row(0, 'Concurrency Policy:', spec?.concurrencyPolicy ?? '')
  w.row(0, 'Suspend:', spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False')
  w.row(0, 'Successful Job History Limit:', spec?.successfulJobsHistoryLimit ?? '<unset>')
  w.row(0, 'Failed Job History Limit:', spec?.failedJobsHistoryLimit ?? '<unset>')
  const deadline = spec?.startingDeadlineSeconds
  w.row(0, 'Starting Deadline Seconds:', typeof deadline === 'number' ? `${deadline}s` : '<unset>')
  w.row(0, 'Selector:', job?.selector ? selectorText(job.selector) : '<unset>')
  w.row(0, 'Parallelism:', job?.parallelism ?? '<unset>')
  w.row(0, 'Completions:', job?.completions ?? '<unset>')
  if (typeof job?.activeDeadlineSeconds === 'number')
    w.row(0, 'Active Deadline Seconds:', `${job.activeDeadlineSeconds}s`)
  writePodTemplate(w, job?.template)
  w.row(0, 'Last Schedule Time:', status?.lastScheduleTime ? dateOf(status.lastScheduleTime) : '<unset>')
  w.row(0, 'Active Jobs:', (status?.active ?? []).map(({ name }) => name ?? '').join(', ') || '<none>')
  writeEvents(w, beside.events, beside.now)
}
