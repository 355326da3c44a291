'use client'
import { useNow } from '@/components/ui/when'
import type { View } from '@/lib/verdicts/types'

/** Hours and minutes; UTC until the viewer's own zone is known. */
function clock(at: string, local: boolean): string {
  const date = new Date(at)
  return local
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    : date.toISOString().slice(11, 16)
}

/** Lines over time; the bad ones in the failing colour at the foot of each bar. */
export function HistogramView({ view }: { view: Extract<View, { type: 'histogram' }> }) {
  const local = useNow() > 0
  const most = Math.max(1, ...view.buckets.map((bucket) => bucket.count))
  const total = view.buckets.reduce((sum, bucket) => sum + bucket.count, 0)
  const bad = view.buckets.reduce((sum, bucket) => sum + bucket.bad, 0)
  const first = view.buckets[0]
  const last = view.buckets.at(-1)
  if (!first || !last) return <p className="text-meta text-third">Nothing in this time.</p>
  const words = `${total.toLocaleString('en')} in all, ${bad.toLocaleString('en')} of them bad; at most ${most.toLocaleString('en')} in ${view.bucketSeconds} s`
  return (
    <div className="max-w-[560px]">
      <div
        role="img"
        aria-label={`${view.label}: ${words}`}
        className="flex h-12 items-end gap-px sm:gap-0.5"
      >
        {view.buckets.map((bucket) => (
          <div
            key={bucket.at}
            title={`${clock(bucket.at, local)}: ${bucket.count}, ${bucket.bad} bad`}
            className="flex h-full min-w-0 flex-1 flex-col justify-end"
          >
            <div
              className="flex min-h-px flex-col justify-end overflow-hidden rounded-t-[2px] bg-line-strong"
              style={{ height: `${(bucket.count / most) * 100}%` }}
            >
              <div
                className="bg-fail"
                style={{ height: bucket.count > 0 ? `${(bucket.bad / bucket.count) * 100}%` : 0 }}
              />
            </div>
          </div>
        ))}
      </div>
      <div
        className="mt-1 flex justify-between gap-3 text-[11.5px] leading-4 text-third"
        suppressHydrationWarning
      >
        <span>{clock(first.at, local)}</span>
        <span className="truncate">{words}</span>
        <span>{clock(last.at, local)}</span>
      </div>
    </div>
  )
}
