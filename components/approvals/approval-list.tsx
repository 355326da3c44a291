'use client'
import { UsersRound } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { useRefreshOn } from '@/components/ui/use-refresh-on'
import type { ApprovalView } from '@/lib/loaders/types'
import { ApprovalArticle } from './approval-article'

/** High-risk fixes that wait for a second person, oldest first. */
export function ApprovalList({ approvals }: { approvals: ApprovalView[] }) {
  useRefreshOn('crashcart:fix')
  usePageTitle('Approvals')
  const { actor, pendingApprovals } = useConsole()
  const router = useRouter()
  // A request that came between the page and its live stream shows in the count first.
  useEffect(() => {
    if (pendingApprovals !== approvals.length) router.refresh()
  }, [pendingApprovals, approvals.length, router])
  const forMe = approvals.filter((approval) => approval.mayApprove).length
  return (
    <div className="mx-auto w-full max-w-[860px]">
      <header className="mb-4">
        <h1 className="text-title font-semibold">Approvals</h1>
        <p className="text-second">
          {approvals.length === 0
            ? 'Nothing waits'
            : `${approvals.length} ${approvals.length === 1 ? 'fix waits' : 'fixes wait'} for a second person` +
              (forMe > 0 ? `, ${forMe} of them for you` : '')}
        </p>
      </header>
      {approvals.length === 0 ? (
        <div className="rounded-[10px] border bg-surface px-6 py-10 text-center">
          <UsersRound aria-hidden className="mx-auto mb-2 text-third" />
          <p className="font-medium">No fix waits for approval</p>
          <p className="mx-auto mt-1 max-w-md text-second">
            High-risk fixes, such as emptying a cache or restoring a database, are not sent until a second
            person has looked at exactly what will change. They appear here.
          </p>
        </div>
      ) : (
        <div className="space-y-4">
          {approvals.map((approval) => (
            <ApprovalArticle
              key={approval.run.id}
              approval={approval}
              mine={approval.run.requestedBy.id === actor.id}
            />
          ))}
        </div>
      )}
    </div>
  )
}
