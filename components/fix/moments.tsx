import { Check, CircleDashed, CircleHelp, CircleX, LoaderCircle } from 'lucide-react'
import { classes } from '@/components/ui/classes'
import type { FixMoment, FixRun } from '@/lib/engine/types'
import { hasEnded } from '@/lib/queries/fix-run'
import { Fold } from './fold'

type Phase = FixMoment['phase']

/** What every fix goes through once it may run, in the words shown until something happened there. */
const AHEAD: { phase: Phase; text: string }[] = [
  { phase: 'recorded', text: 'Write it into the journal' },
  { phase: 'sent', text: 'Send it to the cluster' },
  { phase: 'watching', text: 'Watch it take effect' },
  { phase: 'checking', text: 'Run the checks it should cure' },
]

const ORDER: Phase[] = ['requested', 'approved', 'recorded', 'sent', 'watching', 'checking', 'ended']

const NAME: Record<Phase, string> = {
  requested: 'Requested',
  approved: 'Approved',
  recorded: 'Recorded',
  sent: 'Sent',
  watching: 'Watching',
  checking: 'Checking',
  ended: 'Ended',
}

type Mark = FixMoment['state'] | 'ahead'

function PhaseMark({ mark }: { mark: Mark }) {
  const look = {
    ahead: { icon: CircleDashed, color: 'text-third', word: 'To come' },
    running: { icon: LoaderCircle, color: 'text-accent', word: 'Under way' },
    done: { icon: Check, color: 'text-pass', word: 'Done' },
    failed: { icon: CircleX, color: 'text-fail', word: 'Failed' },
    unknown: { icon: CircleHelp, color: 'text-unknown', word: 'Unknown' },
  }[mark]
  const Icon = look.icon
  return (
    <span className={classes('mt-0.5 shrink-0', look.color)}>
      <Icon aria-hidden size={16} className={mark === 'running' ? 'animate-spin' : undefined} />
      <span className="sr-only">{look.word}: </span>
    </span>
  )
}

function Bar({ done, total, label }: { done: number; total: number; label: string }) {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset"
    >
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-150"
        style={{ width: `${share * 100}%` }}
      />
    </div>
  )
}

/** Seconds after the request: "+41 s". */
function after(start: string, at: string): string {
  const seconds = Math.max(0, (new Date(at).getTime() - new Date(start).getTime()) / 1_000)
  if (seconds < 60) return `+${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  return `+${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

function Row({
  phase,
  moments,
  closedAs,
  start,
}: {
  phase: Phase
  moments: FixMoment[]
  /** Mark of a part that reports nothing more; undefined while it may. */
  closedAs?: Mark
  start: string
}) {
  const last = moments.at(-1)
  if (!last) return null
  // What was under way when the run ended is closed by how it ended.
  const mark: Mark = last.state === 'running' && closedAs ? closedAs : last.state
  const earlier = moments.slice(0, -1)
  return (
    <li className="flex gap-2.5">
      <PhaseMark mark={mark} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-3">
          <span className="min-w-0 flex-1 break-words">{last.message || NAME[phase]}</span>
          <span className="shrink-0 text-meta text-third">{after(start, last.at)}</span>
        </div>
        {mark === 'running' && last.done !== undefined && last.total !== undefined ? (
          <Bar done={last.done} total={last.total} label={last.message} />
        ) : null}
        {earlier.length > 0 ? (
          <Fold title={`${earlier.length} earlier`}>
            <ol className="space-y-0.5 text-meta text-second">
              {earlier.map((moment, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: moments are only ever appended
                <li key={index} className="flex gap-3">
                  <span className="min-w-0 flex-1 break-words">{moment.message}</span>
                  <span className="shrink-0 text-third">{after(start, moment.at)}</span>
                </li>
              ))}
            </ol>
          </Fold>
        ) : null}
      </div>
    </li>
  )
}

/** The life of a run as a list: what happened, what is under way, what is to come. */
export function Moments({ run }: { run: FixRun }) {
  const ended = hasEnded(run)
  const ending: Mark = run.state === 'failed' || run.state === 'unknown' ? run.state : 'done'
  const happened = ORDER.map((phase) => ({
    phase,
    moments: run.moments.filter((moment) => moment.phase === phase),
  })).filter(({ phase, moments }) => moments.length > 0 && phase !== 'ended')
  const furthest = happened.at(-1)?.phase
  const ahead =
    ended || run.state === 'awaiting_approval'
      ? []
      : AHEAD.filter(({ phase }) => furthest === undefined || ORDER.indexOf(phase) > ORDER.indexOf(furthest))
  const closing = run.moments.filter((moment) => moment.phase === 'ended').at(-1)
  return (
    <ol aria-label="Progress" className="space-y-2">
      {happened.map(({ phase, moments }) => (
        <Row
          key={phase}
          phase={phase}
          moments={moments}
          closedAs={phase !== furthest ? 'done' : ended ? ending : undefined}
          start={run.createdAt}
        />
      ))}
      {ahead.map(({ phase, text }, index) => {
        const next = index === 0 && furthest !== undefined && run.moments.at(-1)?.state !== 'running'
        return (
          <li key={phase} className={classes('flex gap-2.5', !next && 'text-third')}>
            <PhaseMark mark={next ? 'running' : 'ahead'} />
            {text}
          </li>
        )
      })}
      {closing?.message ? (
        <Row phase="ended" moments={[closing]} closedAs={ending} start={run.createdAt} />
      ) : null}
    </ol>
  )
}
