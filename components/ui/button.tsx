import { LoaderCircle } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes'

const KIND = {
  primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-hover',
  plain: 'border-line-strong bg-surface text-ink hover:bg-sunken',
  accent: 'border-accent bg-surface text-accent hover:bg-accent-ground',
  danger: 'border-transparent bg-fail text-surface hover:opacity-90',
  quiet: 'border-transparent bg-transparent text-second hover:bg-sunken hover:text-ink',
} as const

const SIZE = {
  medium: 'h-9 px-3.5 max-md:h-11 max-md:px-4',
  small: 'h-7 px-2.5 text-[13px] max-md:h-11 max-md:px-3.5',
} as const

export type ButtonKind = keyof typeof KIND

/** The class names of a button, for links that look like one. */
export function buttonClasses(kind: ButtonKind = 'plain', size: keyof typeof SIZE = 'medium'): string {
  return classes(
    'inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-lg border font-medium transition-colors duration-100',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    KIND[kind],
    SIZE[size],
  )
}

/** A button. `busy` keeps its words, shows a spinner and ignores presses. */
export function Button({
  kind = 'plain',
  size = 'medium',
  busy = false,
  icon,
  className,
  children,
  onClick,
  ...rest
}: ComponentProps<'button'> & {
  kind?: ButtonKind
  size?: keyof typeof SIZE
  busy?: boolean
  icon?: ReactNode
}) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={classes(buttonClasses(kind, size), className)}
    >
      {busy ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : icon}
      {children}
    </button>
  )
}
