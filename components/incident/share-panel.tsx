'use client'
import { useRouter } from 'next/navigation'
import { useId, useState } from 'react'
import { CopyLink } from '@/components/fix/copy-link'
import { Button } from '@/components/ui/button'
import { FIELD } from '@/components/ui/field'
import { Panel } from '@/components/ui/panel'
import { Problem } from '@/components/ui/problem'
import { useAction } from '@/components/ui/use-action'
import { useNow, When } from '@/components/ui/when'
import { createShare, revokeShare } from '@/lib/actions/incidents'
import type { ShareLink } from '@/lib/incidents/types'

const HOURS = [
  { hours: 1, label: '1 hour' },
  { hours: 24, label: '24 hours' },
  { hours: 168, label: '7 days' },
]

/** Makes and ends links that show this incident read-only to somebody without an account. */
export function SharePanel({
  incidentId,
  shares,
  mayWrite,
}: {
  incidentId: string
  shares: ShareLink[]
  mayWrite: boolean
}) {
  const router = useRouter()
  const id = useId()
  const [hours, setHours] = useState(24)
  const [path, setPath] = useState<string>()
  const create = useAction(createShare)
  const now = useNow()
  const working = shares.filter(
    (share) => !share.revokedAt && (now === 0 || new Date(share.expiresAt).getTime() > now * 1_000),
  )
  const make = async () => {
    const result = await create.send({ incidentId, hours })
    if (!result.ok) return
    setPath(result.value.path)
    router.refresh()
  }
  return (
    <Panel title="Share">
      <p className="text-second">Read-only, without sign-in. Names of people are hidden.</p>
      {mayWrite ? (
        <div className="mt-2.5 flex items-end gap-2">
          <div className="flex-1">
            <label htmlFor={id} className="mb-1 block text-meta text-second">
              Works for
            </label>
            <select
              id={id}
              className={FIELD}
              value={hours}
              onChange={(event) => setHours(Number(event.target.value))}
            >
              {HOURS.map((choice) => (
                <option key={choice.hours} value={choice.hours}>
                  {choice.label}
                </option>
              ))}
            </select>
          </div>
          <Button busy={create.busy} onClick={make}>
            Create link
          </Button>
        </div>
      ) : null}
      {create.error ? <Problem error={create.error} className="mt-2" /> : null}
      {path ? <NewLink path={path} /> : null}
      {working.length > 0 ? (
        <ul className="mt-3 divide-y border-t">
          {working.map((share) => (
            <Share key={share.id} share={share} mayWrite={mayWrite} onRevoked={() => setPath(undefined)} />
          ))}
        </ul>
      ) : path ? null : (
        <p className="mt-2 text-meta text-third">No link works at the moment.</p>
      )}
    </Panel>
  )
}

function NewLink({ path }: { path: string }) {
  const id = useId()
  const address = new URL(path, window.location.origin).href
  return (
    <div role="status" className="mt-2.5 rounded-lg border border-pass-line bg-pass-ground p-2.5">
      <label htmlFor={id} className="mb-1.5 block font-medium">
        Copy it now: it is not shown again.
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          readOnly
          value={address}
          onFocus={(event) => event.target.select()}
          className={`${FIELD} min-w-0 flex-1 font-mono text-meta`}
        />
        <CopyLink path={path} kind="primary">
          Copy link
        </CopyLink>
      </div>
    </div>
  )
}

function Share({ share, mayWrite, onRevoked }: { share: ShareLink; mayWrite: boolean; onRevoked(): void }) {
  const router = useRouter()
  const revoke = useAction(revokeShare)
  const end = async () => {
    const result = await revoke.send({ shareId: share.id })
    if (!result.ok) return
    onRevoked()
    router.refresh()
  }
  return (
    <li className="py-2">
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <p>
            by {share.createdBy}, ends <When at={share.expiresAt} />
          </p>
          <p className="text-meta text-third">
            {share.lastSeenAt ? (
              <>
                last opened <When at={share.lastSeenAt} />
              </>
            ) : (
              'never opened'
            )}
          </p>
        </div>
        {mayWrite ? (
          <Button
            size="small"
            busy={revoke.busy}
            onClick={end}
            aria-label={`Revoke link by ${share.createdBy}`}
          >
            Revoke
          </Button>
        ) : null}
      </div>
      {revoke.error ? <Problem error={revoke.error} className="mt-2" /> : null}
    </li>
  )
}
