import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Mark } from '@/components/frame/mark'
import { DemoAccounts } from '@/components/sign-in/demo-accounts'
import { nextPath } from '@/components/sign-in/next-path'
import { SingleSignOn } from '@/components/sign-in/single-sign-on'
import { DEMO_ACCOUNTS } from '@/lib/access/demo-accounts'
import { currentActor } from '@/lib/access/session'
import { env, isPractice } from '@/lib/env'

export const metadata: Metadata = { title: 'Sign in · Crashcart' }
export const dynamic = 'force-dynamic'

/** Why a sign-in came back, by next-auth's words for it. */
const PROBLEMS: Record<string, string> = {
  NotRecorded:
    'You were not signed in, because it could not be written into the journal. The server’s log says what stopped it.',
  AccessDenied: 'The sign-in server knows you, but this account may not use Crashcart.',
  Configuration: 'Sign-in is not set up correctly on the server. Its log says what is missing.',
  SessionRequired: 'Your session has ended. Sign in again to go on.',
  OAuthCallback: 'The sign-in server gave an answer that Crashcart could not accept. Try again.',
  OAuthSignin: 'The sign-in server could not be reached.',
}

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { next, callbackUrl, error } = await searchParams
  const target = nextPath(next ?? callbackUrl)
  if (!error && (await currentActor())) redirect(target)
  const settings = env()
  const practice = isPractice(settings)
  const problem = typeof error === 'string' ? (PROBLEMS[error] ?? 'The sign-in did not work. Try again.') : ''
  return (
    <main className="mx-auto flex min-h-dvh max-w-[460px] flex-col justify-center px-5 py-12">
      <div className="mb-6 flex items-center gap-2.5 text-[17px] font-semibold">
        <Mark size={26} /> Crashcart
      </div>
      <h1 className="text-title font-semibold">{practice ? 'Who are you today?' : 'Sign in'}</h1>
      <p className="mt-1 text-second">
        {practice
          ? 'This is the practice cluster: choose a person, no password. What each may do differs, and everything done is recorded under that name.'
          : `For cluster ${settings.CRASHCART_CONTEXT}. What you may do follows from your groups; everything done is recorded under your name.`}
      </p>
      {problem ? (
        <p
          role="alert"
          className="mt-4 rounded-lg border border-fail-line bg-fail-ground px-3 py-2 text-fail"
        >
          {problem}
        </p>
      ) : null}
      <div className="mt-5">
        {practice ? (
          <DemoAccounts accounts={DEMO_ACCOUNTS} next={target} />
        ) : (
          <SingleSignOn name={settings.CRASHCART_OIDC_NAME} next={target} />
        )}
      </div>
    </main>
  )
}
