import 'server-only'
import { getServerSession } from 'next-auth'
import { log } from '@/lib/core/log'
import { fail, ok, type Result } from '@/lib/core/result'
import { db } from '@/lib/db/client'
import type { Actor } from '@/lib/engine/types'
import { append } from '@/lib/journal/append'
import { authOptions } from './auth-options'
import { may, PERMISSIONS, type Permission } from './roles'
import { countAction } from './throttle'

/** Who sends this request, with the role of today; null when nobody is signed in. */
export async function currentActor(): Promise<Actor | null> {
  const session = await getServerSession(authOptions())
  return session?.user ?? null
}

/** Who sends this request, or `unauthenticated`. */
export async function requireActor(): Promise<Result<Actor>> {
  const actor = await currentActor()
  return actor ? ok(actor) : fail('unauthenticated', 'Sign in to do this.')
}

/**
 * Who sends this request, if their role carries the permission; else `unauthenticated` or `forbidden`.
 * A refusal is written into the journal.
 * @param target what they wanted to act on, for the journal
 */
export async function requirePermission(
  permission: Permission,
  target: string = permission,
): Promise<Result<Actor>> {
  const actor = await requireActor()
  if (!actor.ok || may(actor.value.role, permission)) return actor
  const needed = PERMISSIONS[permission]
  await recordDenial(actor.value, permission, target)
  return fail('forbidden', `This takes the role ${needed}; you are signed in as ${actor.value.role}.`)
}

/** `requirePermission` for actions: counted, so that nobody can write the journal full. */
export async function requireAction(permission: Permission, target?: string): Promise<Result<Actor>> {
  const actor = await requireActor()
  if (!actor.ok) return actor
  const counted = countAction(actor.value.id)
  return counted.ok ? requirePermission(permission, target) : counted
}

async function recordDenial(actor: Actor, permission: Permission, target: string): Promise<void> {
  try {
    await db().$transaction((tx) =>
      append(tx, {
        action: 'denied',
        actor,
        target,
        text: `${actor.name} (${actor.role}) was refused: it takes the role ${PERMISSIONS[permission]}.`,
        detail: { permission },
      }),
    )
  } catch (cause) {
    // Nothing happens either way, so the refusal stands without its row.
    log.error({ err: cause, actorId: actor.id, permission }, 'A refusal could not be recorded')
  }
}
