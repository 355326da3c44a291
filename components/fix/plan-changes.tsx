import { structuredPatch } from 'diff'
import type { ReactNode } from 'react'
import { classes } from '@/components/ui/classes'
import type { Change } from '@/lib/operations/types'
import { Fold } from './fold'

/** Unchanged lines shown around a change. */
const CONTEXT = 3
/** Names shown before the fold. */
const SHOWN = 8

const LINE: Record<string, { className: string; spoken?: string }> = {
  '-': { className: 'bg-fail-ground text-fail', spoken: 'removed: ' },
  '+': { className: 'bg-pass-ground text-pass', spoken: 'added: ' },
  ' ': { className: 'text-second' },
}

/** Adds the line break that a diff wants at the end; an empty text stays empty. */
function closed(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Before and after as lines; unchanged stretches are left out. */
export function Diff({ title, before, after }: { title: string; before: string; after: string }) {
  const { hunks } = structuredPatch('', '', closed(before), closed(after), '', '', { context: CONTEXT })
  if (hunks.length === 0) return <p className="text-second">No difference in what is stored.</p>
  return (
    <figure
      aria-label={`Difference: ${title}`}
      className="overflow-hidden rounded-lg border bg-surface font-mono text-meta"
    >
      {hunks.map((hunk, index) => (
        <div key={`${hunk.oldStart}-${hunk.newStart}`}>
          {index > 0 ? <div className="border-y bg-sunken px-3 text-third">…</div> : null}
          {hunk.lines
            .filter((line) => !line.startsWith('\\'))
            .map((line, at) => {
              const sign = line[0] ?? ' '
              const look = LINE[sign] ?? LINE[' ']
              return (
                <div
                  // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one diff never move
                  key={at}
                  className={classes('flex gap-2 px-3 py-px', look?.className)}
                >
                  <span aria-hidden className="w-2 shrink-0 select-none">
                    {sign}
                  </span>
                  <span className="min-w-0 whitespace-pre-wrap break-words [overflow-wrap:anywhere]">
                    {look?.spoken ? <span className="sr-only">{look.spoken}</span> : null}
                    {line.slice(1) || ' '}
                  </span>
                </div>
              )
            })}
        </div>
      ))}
    </figure>
  )
}

/** Names, in full up to a handful and the rest behind a fold. `more` were left out by the server. */
export function Names({ items, more = 0, mono = true }: { items: string[]; more?: number; mono?: boolean }) {
  const list = (part: string[]) => (
    <ul className={classes('space-y-0.5', mono && 'font-mono text-meta')}>
      {part.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat and the list never moves
        <li key={index} className="break-words [overflow-wrap:anywhere]">
          {item}
        </li>
      ))}
    </ul>
  )
  const rest = items.slice(SHOWN)
  return (
    <>
      {list(items.slice(0, SHOWN))}
      {rest.length > 0 ? <Fold title={`Show ${rest.length} more`}>{list(rest)}</Fold> : null}
      {more > 0 ? <p className="mt-1 text-meta text-third">and {more.toLocaleString('en')} more</p> : null}
    </>
  )
}

function Titled({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <p className="mb-1.5 text-meta text-third">{title}</p>
      {children}
    </div>
  )
}

/** Everything a plan changes: differences, lists, sentences. The text is untrusted and stays text. */
export function PlanChanges({ changes }: { changes: Change[] }) {
  if (changes.length === 0) return <p className="text-second">Nothing that can be shown beforehand.</p>
  return (
    <div className="space-y-3">
      {changes.map((change, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a plan's changes never move
        <Titled key={index} title={change.title}>
          {change.type === 'diff' ? (
            <Diff title={change.title} before={change.before} after={change.after} />
          ) : change.type === 'list' ? (
            <Names items={change.items} more={change.more} />
          ) : (
            <p className="whitespace-pre-wrap break-words">{change.text}</p>
          )}
        </Titled>
      ))}
    </div>
  )
}
