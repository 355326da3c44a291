import { Panel } from '@/components/ui/panel'
import type { PreviewInput } from '@/lib/runbooks/preview-types'

const TYPE: Record<PreviewInput['type'], string> = {
  text: 'text',
  integer: 'whole number',
  quantity: 'quantity',
  choice: 'choice',
  secret: 'secret, never stored',
}

/** What the steps of a runbook ask people for before they run. */
export function InputsPanel({ inputs }: { inputs: PreviewInput[] }) {
  return (
    <Panel title={`What it asks for · ${inputs.length}`}>
      {inputs.length === 0 ? (
        <p className="text-second">Nothing: every step runs as it is.</p>
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(260px,1fr))] gap-x-6 gap-y-2.5">
          {inputs.map((input) => (
            <li key={`${input.name} ${input.label} ${input.type} ${input.default ?? ''}`} className="min-w-0">
              <p className="break-words font-medium">{input.label}</p>
              <p className="break-words text-meta text-third">
                {TYPE[input.type]}
                {input.default === undefined ? '' : `, ${input.default} unless changed`}
                {input.required ? '' : ', may stay empty'}
              </p>
              {input.help ? <p className="break-words text-meta text-second">{input.help}</p> : null}
              <p className="truncate text-meta text-third" title={input.where.join(', ')}>
                {input.where.slice(0, 3).join(', ')}
                {input.where.length > 3 ? ` and ${input.where.length - 3} more` : ''}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
