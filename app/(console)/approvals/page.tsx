import type { Metadata } from 'next'
import { ApprovalList } from '@/components/approvals/approval-list'
import { PageProblem } from '@/components/ui/page-problem'
import { listApprovals } from '@/lib/loaders/fixes'

export const metadata: Metadata = { title: 'Approvals · Crashcart' }

/** Fixes that wait for a second person. */
export default async function ApprovalsPage() {
  const result = await listApprovals()
  if (!result.ok) return <PageProblem title="Approvals" error={result.error} />
  return <ApprovalList approvals={result.value} />
}
