import type { Tone, View } from '@/lib/verdicts/types'

const BAR: Record<Tone, string> = {
  neutral: 'bg-accent',
  pass: 'bg-pass',
  warn: 'bg-warn',
  fail: 'bg-fail',
  unknown: 'bg-unknown',
}

/** A value of a maximum. */
export function GaugeView({ view }: { view: Extract<View, { type: 'gauge' }> }) {
  const share = view.max > 0 ? Math.min(Math.max(view.value / view.max, 0), 1) : 0
  const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 })
  return (
    <div className="max-w-80">
      <p>
        <span className="font-medium">
          {number(view.value)} / {number(view.max)}
        </span>{' '}
        {view.unit}
        {view.note ? <span className="text-second"> · {view.note}</span> : null}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers do not let <meter> be styled alike */}
      <div
        role="meter"
        aria-label={view.label}
        aria-valuemin={0}
        aria-valuemax={view.max}
        aria-valuenow={view.value}
        aria-valuetext={`${number(view.value)} of ${number(view.max)} ${view.unit}`}
        className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div className={`h-full rounded-full ${BAR[view.tone]}`} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}
