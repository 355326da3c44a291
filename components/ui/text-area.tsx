'use client'
import type { ComponentProps } from 'react'
import { classes } from './classes'
import { FieldLabel, useErrorInSight } from './field'

/** A labelled text of several lines with help and an error under it. */
export function TextArea({
  label,
  help,
  error,
  id,
  className,
  hideLabel = false,
  ...rest
}: ComponentProps<'textarea'> & {
  label: string
  id: string
  help?: string
  error?: string
  hideLabel?: boolean
}) {
  const whole = useErrorInSight(error)
  return (
    <div ref={whole} className={classes('scroll-my-4', className)}>
      <FieldLabel id={id} required={rest.required} {...(hideLabel ? { className: 'sr-only' } : {})}>
        {label}
      </FieldLabel>
      <textarea
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={help || error ? `${id}-help` : undefined}
        className="field-sizing-content block min-h-20 w-full resize-y rounded-lg border border-line-strong bg-surface px-3 py-2 text-ink placeholder:text-third focus-visible:outline-2 focus-visible:outline-offset-0 aria-invalid:border-fail max-md:text-[16px]"
        {...rest}
      />
      {help || error ? (
        <p id={`${id}-help`} className={classes('mt-1 text-meta', error ? 'text-fail' : 'text-third')}>
          {error ?? help}
        </p>
      ) : null}
    </div>
  )
}
