import type { InputSpec } from '@/lib/operations/types'

/** The values that a preview was made with; for what was left empty, what takes its place once that is known. */
export function UsedValues({
  specs,
  values,
  filled = {},
}: {
  specs: InputSpec[]
  values: Record<string, string>
  filled?: Record<string, string>
}) {
  return (
    <dl className="min-w-0 flex-1 space-y-0.5">
      {specs.map((spec) => {
        const used = filled[spec.name]
        const from = spec.clock ? 'from the clock' : 'from an earlier line'
        return (
          <div key={spec.name} className="flex gap-2">
            <dt className="text-second">{spec.label}</dt>
            <dd className="min-w-0 break-words">
              <span className="font-mono text-[13px]">
                {spec.type === 'secret' ? '••••••' : values[spec.name] || used || '—'}
              </span>
              {!values[spec.name] && used ? <span className="text-meta text-third"> · {from}</span> : null}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
