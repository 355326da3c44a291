import { TONE_TEXT } from '@/components/ui/verdict-mark'
import type { View } from '@/lib/verdicts/types'

/** Names and values. */
export function FactsView({ view }: { view: Extract<View, { type: 'facts' }> }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(200px,1fr))] gap-x-6 gap-y-2">
      {view.items.map((item) => (
        <div key={item.label} className="min-w-0">
          <dt className="text-meta text-third">{item.label}</dt>
          <dd className={`font-medium [overflow-wrap:anywhere] ${TONE_TEXT[item.tone ?? 'neutral']}`}>
            {item.value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
