import Link from 'next/link'
import { Mark } from '@/components/frame/mark'
import { buttonClasses } from '@/components/ui/button'

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-[520px] flex-col justify-center px-6 py-16">
      <div className="mb-8 flex items-center gap-2 font-semibold">
        <Mark /> Crashcart
      </div>
      <h1 className="text-title font-semibold">There is nothing at this address</h1>
      <p className="mt-2 text-second">The link may be old or mistyped.</p>
      <Link href="/" className={`${buttonClasses('primary')} mt-5 self-start`}>
        Go to the board
      </Link>
    </main>
  )
}
