import { Fold } from '@/components/step/fold'
import { classes } from '@/components/ui/classes'
import { TONE_TEXT } from '@/components/ui/verdict-mark'
import { When } from '@/components/ui/when'
import type { View } from '@/lib/verdicts/types'

type Group = Extract<View, { type: 'groups' }>['groups'][number]

const WORD: Record<Group['severity'], string> = {
  fail: 'error',
  warn: 'warning',
  unknown: 'unknown',
  info: 'info',
  normal: 'normal',
}

function tone(severity: Group['severity']): string {
  return severity === 'normal' || severity === 'info' ? 'text-third' : TONE_TEXT[severity]
}

/** Log lines of the same shape, counted. */
export function GroupsView({ view }: { view: Extract<View, { type: 'groups' }> }) {
  if (view.groups.length === 0) return <p className="text-meta text-third">No lines.</p>
  return (
    <ul className="rounded-lg border border-line">
      {view.groups.map((group) => (
        <li
          key={`${group.severity} ${group.template}`}
          className="grid grid-cols-[64px_minmax(0,1fr)_auto] gap-x-3 border-b px-3 py-1.5 last:border-b-0 max-md:grid-cols-[52px_minmax(0,1fr)]"
        >
          <span className="pt-px text-right text-meta font-medium">×{group.count.toLocaleString('en')}</span>
          <div className="min-w-0">
            <p className="font-mono text-[12px] leading-5 [overflow-wrap:anywhere]">
              <span className={classes('mr-2 font-sans text-meta', tone(group.severity))}>
                {WORD[group.severity]}
              </span>
              {group.template}
            </p>
            <Fold label={`Example, from ${group.pods.length} ${group.pods.length === 1 ? 'pod' : 'pods'}`}>
              <p className="whitespace-pre-wrap rounded-md bg-sunken px-2.5 py-1.5 font-mono text-[12px] leading-5 text-second [overflow-wrap:anywhere]">
                {group.example}
              </p>
              <p className="mt-1 text-meta text-third [overflow-wrap:anywhere]">{group.pods.join(', ')}</p>
            </Fold>
          </div>
          <span className="pt-px text-meta text-third max-md:col-start-2">
            last <When at={group.last} />
          </span>
        </li>
      ))}
      {view.more ? <li className="px-3 py-1.5 text-meta text-third">and {view.more} more groups</li> : null}
    </ul>
  )
}
