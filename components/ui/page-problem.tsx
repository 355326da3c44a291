import Link from 'next/link'
import type { AppError } from '@/lib/core/errors'
import { buttonClasses } from './button'
import { Problem } from './problem'

/** A page whose data could not be loaded: the title stays, with what happened and the way back. */
export function PageProblem({ title, error }: { title: string; error: AppError }) {
  return (
    <div className="mx-auto w-full max-w-[1060px]">
      <h1 className="mb-4 text-title font-semibold">{title}</h1>
      <Problem error={error}>
        <Link href="/" className={buttonClasses('plain', 'small')}>
          Open the board
        </Link>
      </Problem>
    </div>
  )
}
