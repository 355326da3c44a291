import { CircleAlert, Info } from 'lucide-react'
import { Words } from '@/components/step/notes'
import { type RunbookPreview, shortHash } from '@/lib/runbooks/preview-types'

function bytes(count: number): string {
  return count < 1_024
    ? `${count} bytes`
    : count < 1 << 20
      ? `${(count / 1_024).toFixed(1)} KiB`
      : `${(count / (1 << 20)).toFixed(1)} MiB`
}

/** How many command lines there are and what becomes of them, in one line. */
export function Figures({ preview }: { preview: RunbookPreview }) {
  const { commandLines, typed, manual, checks, fixes, warnings } = preview.summary
  const many = (count: number, one: string, more = `${one}s`) => (count === 1 ? one : more)
  const parts = [
    { count: preview.cards.length, word: many(preview.cards.length, 'card'), tone: 'text-ink' },
    { count: commandLines, word: many(commandLines, 'command line'), tone: 'text-ink' },
    {
      count: typed,
      word: `typed (${checks} ${many(checks, 'check')}, ${fixes} ${many(fixes, 'fix', 'fixes')})`,
      tone: 'text-ink',
    },
    { count: manual, word: 'by hand', tone: manual > 0 ? 'text-warn' : 'text-ink' },
    ...(warnings > 0 ? [{ count: warnings, word: many(warnings, 'pitfall'), tone: 'text-warn' }] : []),
  ]
  return (
    <p className="flex flex-wrap gap-x-4 text-second">
      {parts.map(({ count, word, tone }) => (
        <span key={word}>
          <span className={`font-semibold ${tone}`}>{count.toLocaleString('en')}</span> {word}
        </span>
      ))}
    </p>
  )
}

/** What a text calls itself, its size and its fingerprint. */
export function Facts({ preview }: { preview: RunbookPreview }) {
  return (
    <p className="break-words text-meta text-third">
      {preview.title} · id <span className="font-mono">{preview.id.slice(0, 80)}</span> ·{' '}
      {preview.textLines.toLocaleString('en')} lines, {bytes(preview.bytes)} · SHA-256{' '}
      <span className="font-mono" title={preview.sha256}>
        {shortHash(preview.sha256)}
      </span>
    </p>
  )
}

/** What stands in the way of installing it, and what to know about the text as a whole. */
export function DocumentNotes({ preview, blocks }: { preview: RunbookPreview; blocks: boolean }) {
  const obstacles = blocks ? preview.obstacles : []
  if (obstacles.length + preview.notes.length === 0) return null
  return (
    <div className="space-y-2">
      {obstacles.length > 0 ? (
        <div
          role="alert"
          className="flex gap-2.5 rounded-lg border border-fail-line bg-fail-ground px-3 py-2.5"
        >
          <CircleAlert aria-hidden size={18} className="mt-px shrink-0 text-fail" />
          <div className="min-w-0 space-y-1 break-words">
            <p className="font-medium">It cannot be installed as it is</p>
            {obstacles.map((text) => (
              <p key={text}>
                <Words text={text} />
              </p>
            ))}
          </div>
        </div>
      ) : null}
      {preview.notes.map((text) => (
        <p
          key={text}
          className="flex gap-2.5 rounded-lg border border-warn-line bg-warn-ground px-3 py-2.5 text-ink"
        >
          <Info aria-hidden size={18} className="mt-px shrink-0 text-warn" />
          <span className="min-w-0 break-words">
            <Words text={text} />
          </span>
        </p>
      ))}
    </div>
  )
}
