'use client'
import dynamic from 'next/dynamic'
import type { CheckResult, View } from '@/lib/verdicts/types'
import { viewFold, viewName } from '@/lib/verdicts/view-names'
import { FindingView } from './finding-view'
import { Fold } from './fold'
import { RawBox } from './raw-box'
import { StructuredView } from './views/view'

function bytes(count: number): string {
  return count < 1_024 ? `${count} B` : `${(count / 1_024).toFixed(count < 10_240 ? 1 : 0)} KiB`
}

const KeptText = dynamic(() => import('./kept').then((all) => all.KeptText))
const KeptView = dynamic(() => import('./kept').then((all) => all.KeptView))

/** A view, from here or from the server. */
function AnyView({ view, stepId, index }: { view: View; stepId: string; index: number }) {
  return view.type === 'kept' ? <KeptView stepId={stepId} index={index} /> : <StructuredView view={view} />
}

/**
 * What a check found: structured first, then findings, then the raw text behind folds. `open` shows
 * the first view; what is healthy keeps its views closed.
 */
export function ResultView({
  result,
  stepId,
  cardId,
  open,
}: {
  result: CheckResult
  stepId: string
  cardId: string
  open: boolean
}) {
  const [first, ...rest] = result.views
  // A gauge is one line: it may stand beside the first view instead of behind a fold.
  const beside = open ? rest.filter((view) => view.type === 'gauge') : []
  const folded = open ? rest.filter((view) => view.type !== 'gauge') : result.views
  const weighs = result.findings.some((finding) => finding.severity !== 'info')
  const more = folded.length + result.raw.length > 0
  // A healthy result is one line: its summary, and beside it what can be opened.
  const beneath = !weighs && !open && result.findings.length === 0 && more
  const summary = <p className="py-0.5 text-second [overflow-wrap:anywhere]">{result.summary}</p>
  return (
    <div className="mt-1.5 space-y-2.5">
      {weighs || beneath ? null : summary}
      {open && first ? (
        <div className="flex flex-wrap gap-x-8 gap-y-3">
          {[first, ...beside].map((view, index) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: views have no id and are replaced as a whole
              key={index}
              className={index === 0 && view.type !== 'gauge' ? 'min-w-0 flex-1 basis-80' : 'min-w-48'}
            >
              <h3 className={view.label ? 'mb-1.5 text-meta font-medium text-second' : 'sr-only'}>
                {viewName(view)}
              </h3>
              <AnyView view={view} stepId={stepId} index={result.views.indexOf(view)} />
            </div>
          ))}
        </div>
      ) : null}
      {result.findings.length > 0 ? (
        <ul aria-label="Findings" className="space-y-2.5">
          {result.findings.map((finding, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same rule may fire twice; they are replaced as a whole
            <FindingView key={index} finding={finding} cardId={cardId} />
          ))}
        </ul>
      ) : null}
      {more ? (
        <div className="flex flex-wrap items-center gap-x-4">
          {beneath ? summary : null}
          {folded.map((view, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <div key={index} className="min-w-0 max-w-full has-[details[open]]:basis-full">
              <Fold label={viewFold(view)} lazy={view.type === 'kept'}>
                <AnyView view={view} stepId={stepId} index={result.views.indexOf(view)} />
              </Fold>
            </div>
          ))}
          {result.raw.map((raw, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <div key={index} className="min-w-0 max-w-full has-[details[open]]:basis-full">
              <Fold label={`Raw text: ${raw.label}`} lazy={raw.kept !== undefined}>
                {raw.kept ? (
                  <KeptText stepId={stepId} index={index} label={raw.label} />
                ) : (
                  <RawBox label={raw.label} text={raw.text} />
                )}
                {raw.truncatedBytes > 0 ? (
                  <p className="mt-1 text-meta text-third">{bytes(raw.truncatedBytes)} more were left out.</p>
                ) : null}
              </Fold>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  )
}
