import { classes } from '@/components/ui/classes'
import { TONE_TEXT } from '@/components/ui/verdict-mark'
import type { View } from '@/lib/verdicts/types'

/** Rows and columns. Scrolls sideways by itself where the page is narrow. */
export function TableView({ view, name }: { view: Extract<View, { type: 'table' }>; name: string }) {
  if (view.rows.length === 0) return <p className="py-1 text-meta text-third">No rows.</p>
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; a section would be one landmark for each table
    <div
      role="group"
      aria-label={name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-lg border border-line"
    >
      <table className="w-full border-collapse text-meta">
        <thead>
          <tr className="bg-sunken text-third">
            {view.columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={classes(
                  'whitespace-nowrap px-3 py-1.5 font-medium',
                  column.align === 'right' ? 'text-right' : 'text-left',
                )}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id and are replaced as a whole
            <tr key={index} className="border-t">
              {view.columns.map((column) => {
                const cell = row[column.key]
                const tone = cell?.tone ?? 'neutral'
                // What is short stays on one line; what is long gets room and may break anywhere.
                const short = (cell?.text.length ?? 0) <= 32
                return (
                  <td
                    key={column.key}
                    className={classes(
                      'max-w-[420px] px-3 py-1.5 align-top',
                      short ? 'whitespace-nowrap' : 'min-w-56 [overflow-wrap:anywhere]',
                      column.align === 'right' && 'text-right',
                      cell?.mono && 'font-mono text-[12px]',
                      TONE_TEXT[tone],
                      tone !== 'neutral' && tone !== 'pass' && 'font-medium',
                    )}
                  >
                    {cell?.text ?? ''}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {view.more ? (
        <p className="border-t px-3 py-1.5 text-meta text-third">and {view.more} more rows</p>
      ) : null}
    </div>
  )
}
