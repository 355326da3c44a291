import type { ComponentProps } from 'react'
import { classes } from './classes'

/** Class names of text fields, selects and text areas. */
export const FIELD =
  'w-full rounded-lg border border-line-strong bg-surface px-3 text-ink placeholder:text-third focus-visible:outline-2 focus-visible:outline-offset-0 h-9 max-md:h-11 max-md:text-[16px] aria-invalid:border-fail'

/** A labelled text field with help and an error under it. */
export function TextField({
  label,
  help,
  error,
  id,
  className,
  ...rest
}: ComponentProps<'input'> & { label: string; id: string; help?: string; error?: string }) {
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-meta font-medium text-second">
        {label}
      </label>
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
