import { type ReactNode, useId } from 'react'
import { classes } from './classes'

/** A titled box beside the main column; a region for screen readers. */
export function Panel({
  title,
  action,
  className,
  children,
}: {
  title: string
  action?: ReactNode
  className?: string
  children: ReactNode
}) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={classes('rounded-[10px] border bg-surface px-4 py-3.5', className)}
    >
      <div className="mb-2 flex items-center gap-2">
        <h2 id={id} className="flex-1 text-meta font-medium text-third">
          {title}
        </h2>
        {action}
      </div>
      {children}
    </section>
  )
}
