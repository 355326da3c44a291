'use client'
import { classes } from '@/components/ui/classes'
import { FIELD, FieldLabel, TextField } from '@/components/ui/field'
import type { InputSpec } from '@/lib/operations/types'

/** Kubernetes quantities: "500m", "256Mi", "2", "1.5Gi", "1e3". */
const QUANTITY = /^[0-9]+(\.[0-9]+)?(e[0-9]+|[mkMGTPE]|[KMGTPE]i)?$/

/** Why a value cannot be used, or undefined. The server checks again. */
export function refusal(spec: InputSpec, value: string): string | undefined {
  const text = value.trim()
  if (text === '') return spec.required ? `${spec.label} is needed.` : undefined
  if (spec.type === 'integer') {
    if (!/^-?[0-9]+$/.test(text)) return 'A whole number, for example 3.'
    const number = Number(text)
    if (spec.min !== undefined && number < spec.min) return `At least ${spec.min}.`
    if (spec.max !== undefined && number > spec.max) return `At most ${spec.max}.`
  }
  if (spec.type === 'quantity' && !QUANTITY.test(text))
    return 'A Kubernetes quantity, for example 500m or 256Mi.'
  if (spec.type === 'choice' && spec.choices && !spec.choices.some((choice) => choice.value === text))
    return 'Choose one of the list.'
  return undefined
}

/** The values a form opens with: what was typed before, else the defaults. */
export function startValues(specs: InputSpec[], before: Record<string, string>): Record<string, string> {
  return Object.fromEntries(specs.map((spec) => [spec.name, before[spec.name] ?? spec.default ?? '']))
}

/** "1 to 20", said once under the field. */
function range(spec: InputSpec): string | undefined {
  if (spec.min !== undefined && spec.max !== undefined) return `${spec.min} to ${spec.max}`
  if (spec.min !== undefined) return `at least ${spec.min}`
  if (spec.max !== undefined) return `at most ${spec.max}`
  return undefined
}

function helpOf(spec: InputSpec): string | undefined {
  const parts = [spec.help, spec.help?.match(/\d/) ? undefined : range(spec), spec.required ? '' : 'optional']
  return parts.filter(Boolean).join(' · ') || undefined
}

/** The field of an input, with its range and what is wrong with its value. */
export function InputField({
  spec,
  id,
  value,
  error,
  onValue,
}: {
  spec: InputSpec
  id: string
  value: string
  error?: string | undefined
  onValue(value: string): void
}) {
  if (spec.type === 'choice') {
    const help = error ?? helpOf(spec)
    return (
      <div>
        <FieldLabel id={id} required={spec.required}>
          {spec.label}
        </FieldLabel>
        <select
          id={id}
          className={FIELD}
          value={value}
          required={spec.required}
          aria-invalid={error ? true : undefined}
          aria-describedby={help ? `${id}-help` : undefined}
          onChange={(event) => onValue(event.target.value)}
        >
          {value === '' || !spec.required ? <option value="">Choose…</option> : null}
          {spec.choices?.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
        {help ? (
          <p id={`${id}-help`} className={classes('mt-1 text-meta', error ? 'text-fail' : 'text-third')}>
            {help}
          </p>
        ) : null}
      </div>
    )
  }
  return (
    <TextField
      id={id}
      label={spec.label}
      help={helpOf(spec)}
      error={error}
      value={value}
      required={spec.required}
      type={spec.type === 'secret' ? 'password' : 'text'}
      inputMode={spec.type === 'integer' ? 'numeric' : undefined}
      autoComplete={spec.type === 'secret' ? 'new-password' : 'off'}
      spellCheck={false}
      onChange={(event) => onValue(event.target.value)}
    />
  )
}
