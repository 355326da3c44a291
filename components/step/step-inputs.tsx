'use client'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { FIELD, FieldLabel, TextField } from '@/components/ui/field'
import type { InputSpec } from '@/lib/operations/types'

export interface Filled {
  inputs: Record<string, string>
  secrets: Record<string, string>
}

function problem(spec: InputSpec, value: string): string | undefined {
  if (!value) return spec.required ? `${spec.label} is needed.` : undefined
  if (spec.type !== 'integer') return undefined
  const number = Number(value)
  if (!Number.isInteger(number)) return 'A whole number is needed.'
  if (spec.min !== undefined && number < spec.min) return `At least ${spec.min}.`
  if (spec.max !== undefined && number > spec.max) return `At most ${spec.max}.`
  return undefined
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
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(specs.map((spec) => [spec.name, spec.default ?? ''])),
  )
  const [tried, setTried] = useState(false)
  const run = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (specs.some((spec) => problem(spec, (values[spec.name] ?? '').trim()))) return
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
      {specs.map((spec) => {
        const field = `${id}-${spec.name}`
        const value = values[spec.name] ?? ''
        const set = (next: string) => setValues((before) => ({ ...before, [spec.name]: next }))
        const error = tried ? problem(spec, value.trim()) : undefined
        if (spec.type === 'choice')
          return (
            <div key={spec.name} className="min-w-48">
              <FieldLabel id={field} required={spec.required}>
                {spec.label}
              </FieldLabel>
              <select
                id={field}
                className={FIELD}
                value={value}
                required={spec.required}
                onChange={(event) => set(event.target.value)}
              >
                {spec.required && spec.default ? null : <option value="">Choose</option>}
                {spec.choices?.map((choice) => (
                  <option key={choice.value} value={choice.value}>
                    {choice.label}
                  </option>
                ))}
              </select>
              {error || spec.help ? (
                <p className={`mt-1 text-meta ${error ? 'text-fail' : 'text-third'}`}>{error ?? spec.help}</p>
              ) : null}
            </div>
          )
        const help = spec.help ?? (spec.type === 'secret' ? 'Used once, never stored.' : undefined)
        return (
          <TextField
            key={spec.name}
            id={field}
            label={spec.label}
            className="min-w-48 max-w-96 flex-1"
            type={spec.type === 'secret' ? 'password' : 'text'}
            autoComplete={spec.type === 'secret' ? 'new-password' : 'off'}
            spellCheck={false}
            inputMode={spec.type === 'integer' ? 'numeric' : undefined}
            required={spec.required}
            value={value}
            onChange={(event) => set(event.target.value)}
            {...(help ? { help } : {})}
            {...(error ? { error } : {})}
          />
        )
      })}
      <Button type="submit" busy={busy} className="mt-6">
        Run with these
      </Button>
    </form>
  )
}
