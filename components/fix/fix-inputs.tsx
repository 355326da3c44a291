'use client'
import { type FormEvent, useId, useState } from 'react'
import { InputField, refusal } from '@/components/inputs/input-field'
import { Button } from '@/components/ui/button'
import type { InputSpec } from '@/lib/operations/types'

/** The values a fix needs before it can be previewed. Nothing is sent to the cluster by it. */
export function FixInputs({
  specs,
  values,
  onValues,
  onPreview,
  busy,
}: {
  specs: InputSpec[]
  values: Record<string, string>
  onValues(values: Record<string, string>): void
  onPreview(): void
  busy: boolean
}) {
  const id = useId()
  const [shown, setShown] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setShown(true)
    const first = specs.find((spec) => refusal(spec, values[spec.name] ?? ''))
    if (first) document.getElementById(`${id}-${first.name}`)?.focus()
    else onPreview()
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-3">
      {specs.map((spec) => (
        <InputField
          key={spec.name}
          spec={spec}
          id={`${id}-${spec.name}`}
          value={values[spec.name] ?? ''}
          error={shown ? refusal(spec, values[spec.name] ?? '') : undefined}
          onValue={(value) => onValues({ ...values, [spec.name]: value })}
        />
      ))}
      <Button type="submit" kind="primary" busy={busy}>
        Show what will change
      </Button>
    </form>
  )
}
