'use client'
import { type ComponentProps, type ReactNode, useEffect, useRef } from 'react'
import { classes } from './classes'

/** Class names of text fields, selects and text areas. */
export const FIELD =
  'w-full rounded-lg border border-line-strong bg-surface px-3 text-ink placeholder:text-third focus-visible:outline-2 focus-visible:outline-offset-0 h-9 max-md:h-11 max-md:text-[16px] aria-invalid:border-fail'

/** A field's label. One that must be filled in says so. */
export function FieldLabel({
  id,
  required,
  className = 'mb-1.5 block text-meta font-medium text-second',
  children,
}: {
  /** Of the field. */
  id: string
  required: boolean | undefined
  className?: string
  children: ReactNode
}) {
  return (
    <label htmlFor={id} className={className}>
      {children}
      {/* Who hears the field is told by its `required`. */}
      {required ? (
        <span aria-hidden className="font-normal text-third">
          {' '}
          · needed
        </span>
      ) : null}
    </label>
  )
}

/**
 * For what holds a field: brings it into sight whole when the field that has the focus gets an error. The browser shows
 * only the field itself, and the sentence below it may lie behind a dialog's foot.
 */
export function useErrorInSight(error: string | undefined) {
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (error && whole.current?.contains(document.activeElement))
      whole.current.scrollIntoView({ block: 'nearest' })
  }, [error])
  return whole
}

/** A labelled text field with help and an error under it. */
export function TextField({
  label,
  help,
  error,
  id,
  className,
  ...rest
}: ComponentProps<'input'> & { label: string; id: string; help?: string; error?: string }) {
  const whole = useErrorInSight(error)
  return (
    <div ref={whole} className={classes('scroll-my-4', className)}>
      <FieldLabel id={id} required={rest.required}>
        {label}
      </FieldLabel>
      <input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={help || error ? `${id}-help` : undefined}
        className={classes(FIELD)}
        autoComplete="off"
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
