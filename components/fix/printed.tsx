import { RawBox } from '@/components/step/raw-box'
import type { RawText } from '@/lib/verdicts/types'

/** The texts that a program printed, each under its label, with how much was left out. */
export function Printed({ texts }: { texts: readonly RawText[] }) {
  return (
    <div className="space-y-2">
      {texts.map(({ label, text, truncatedBytes }) => (
        <div key={label}>
          <p className="mb-1 break-words font-mono text-meta text-second">{label}</p>
          {text === '' ? (
            <p className="text-meta text-second">It printed nothing.</p>
          ) : (
            <RawBox label={label} text={text} />
          )}
          {truncatedBytes > 0 ? (
            <p className="mt-1 text-meta text-second">
              {truncatedBytes.toLocaleString('en')} more bytes were left out.
            </p>
          ) : null}
        </div>
      ))}
    </div>
  )
}
