'use client'
import { type FormEvent, useId, useState } from 'react'
import { InputField, refusal, startValues } from '@/components/inputs/input-field'
import { Button } from '@/components/ui/button'
import type { InputSpec } from '@/lib/operations/types'

export interface Filled {
  inputs: Record<string, string>
  secrets: Record<string, string>
}

/** The values a check needs before it can look. Secrets go separately and are forgotten after sending. */
export function StepInputs({
  specs,
  busy,
  onRun,
}: {
  specs: InputSpec[]
  busy: boolean
  onRun(filled: Filled): void
}) {
  const id = useId()
  const [values, setValues] = useState(() => startValues(specs, {}))
  const [tried, setTried] = useState(false)
  const run = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (specs.some((spec) => refusal(spec, values[spec.name] ?? ''))) return
    const pick = (secret: boolean) =>
      Object.fromEntries(
        specs
          .filter((spec) => (spec.type === 'secret') === secret && values[spec.name])
          .map((spec) => [spec.name, (values[spec.name] ?? '').trim()]),
      )
    onRun({ inputs: pick(false), secrets: pick(true) })
    setTried(false)
    setValues((before) => ({
      ...before,
      ...Object.fromEntries(specs.filter((spec) => spec.type === 'secret').map((spec) => [spec.name, ''])),
    }))
  }
  return (
    <form onSubmit={run} noValidate className="mt-2 flex flex-wrap items-start gap-3">
      {specs.map((spec) => (
        <div key={spec.name} className="min-w-48 max-w-96 flex-1">
          <InputField
            spec={spec.type === 'secret' && !spec.help ? { ...spec, help: 'Used once, never stored.' } : spec}
            id={`${id}-${spec.name}`}
            value={values[spec.name] ?? ''}
            error={tried ? refusal(spec, values[spec.name] ?? '') : undefined}
            onValue={(value) => setValues((before) => ({ ...before, [spec.name]: value }))}
          />
        </div>
      ))}
      <Button type="submit" busy={busy} className="mt-6">
        Run with these
      </Button>
    </form>
  )
}
