'use client'
import { useId } from 'react'
import { InputField } from '@/components/inputs/input-field'
import type { InputSpec } from '@/lib/operations/types'
import { useCardValues } from './card-values'

/** Id of the element that holds a card's field, so that a step can lead there. */
export function fieldId(cardId: string, name: string): string {
  return `value-${cardId}-${name}`
}

/** What several steps of the card ask for, given once. */
export function ValuesPanel({ cardId, specs }: { cardId: string; specs: InputSpec[] }) {
  const { values, give } = useCardValues(cardId)
  const title = useId()
  return (
    <section aria-labelledby={title} className="px-4 py-3.5 max-md:px-3.5">
      <h2 id={title} className="font-medium">
        Which one is it about?
      </h2>
      <p className="text-meta text-third">
        Several steps below take {specs.length === 1 ? 'this value' : 'these values'}; kept in this browser
        tab.
      </p>
      <div className="mt-2.5 grid grid-cols-[repeat(auto-fill,minmax(200px,1fr))] gap-3">
        {specs.map((spec) => (
          <InputField
            key={spec.name}
            spec={spec}
            id={fieldId(cardId, spec.name)}
            value={values[spec.name] ?? ''}
            onValue={(value) => give(spec.name, value)}
          />
        ))}
      </div>
    </section>
  )
}
