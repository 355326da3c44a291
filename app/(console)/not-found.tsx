import Link from 'next/link'
import { buttonClasses } from '@/components/ui/button'

export default function NotFoundInConsole() {
  return (
    <div className="max-w-[60ch] py-10">
      <h1 className="text-title font-semibold">There is nothing at this address</h1>
      <p className="mt-2 text-second">
        The card or page may have been renamed when the runbook changed. The board lists every card there is.
      </p>
      <Link href="/" className={`${buttonClasses('primary')} mt-5`}>
        Go to the board
      </Link>
    </div>
  )
}
