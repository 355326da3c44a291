import 'server-only'
import { newId, sha256 } from '../core/ids'
import { fail, ok, type Result } from '../core/result'
import { type Db, db, isDuplicate } from '../db/client'
import { storableText } from '../db/storable'
import type { Actor } from '../engine/types'
import { append } from '../journal/append'
import type { InstalledRunbook } from './library'
import type { VersionSummary } from './preview-types'

/** Versions on one page. */
export const VERSIONS_A_PAGE = 25

const kept = globalThis as typeof globalThis & { crashcartRunbookTexts?: Map<string, InstalledRunbook> }

/** Texts of active versions by version: they never change, and a board is asked for many times a minute. */
function texts(): Map<string, InstalledRunbook> {
  kept.crashcartRunbookTexts ??= new Map()
  return kept.crashcartRunbookTexts
}

/** The installed runbooks, by their ids. */
export async function installedRunbooks(store: Db = db()): Promise<InstalledRunbook[]> {
  const active = await store.runbookVersion.findMany({
    where: { active: true },
    select: { id: true },
    orderBy: { runbookId: 'asc' },
  })
  const known = texts()
  const wanted = new Set(active.map(({ id }) => id))
  for (const id of known.keys()) if (!wanted.has(id)) known.delete(id)
  const missing = [...wanted].filter((id) => !known.has(id))
  if (missing.length > 0) {
    const rows = await store.runbookVersion.findMany({
      where: { id: { in: missing } },
      select: { id: true, runbookId: true, file: true, text: true },
    })
    for (const { id, ...row } of rows) known.set(id, { versionId: id, ...row })
  }
  return active.flatMap(({ id }) => known.get(id) ?? [])
}

const SUMMARY = {
  id: true,
  runbookId: true,
  title: true,
  file: true,
  sha256: true,
  cards: true,
  lines: true,
  typed: true,
  installedByName: true,
  at: true,
  active: true,
} as const

interface SummaryRow extends Omit<VersionSummary, 'installedBy' | 'at'> {
  installedByName: string
  at: Date
}

function summary({ installedByName, at, ...row }: SummaryRow): VersionSummary {
  return { ...row, installedBy: installedByName, at: at.toISOString() }
}

/** Every version of a runbook that was ever installed, newest first; pages count from 1. */
export async function versionsPage(
  runbookId: string,
  asked: number,
  store: Db = db(),
): Promise<{ versions: VersionSummary[]; page: number; pages: number; total: number }> {
  const total = await store.runbookVersion.count({ where: { runbookId } })
  const pages = Math.max(1, Math.ceil(total / VERSIONS_A_PAGE))
  const page = Math.min(Math.max(1, asked), pages)
  const rows = await store.runbookVersion.findMany({
    where: { runbookId },
    select: SUMMARY,
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    skip: (page - 1) * VERSIONS_A_PAGE,
    take: VERSIONS_A_PAGE,
  })
  return { versions: rows.map(summary), page, pages, total }
}

/** Runbooks that were installed once and are not now: their latest versions. */
export async function latestVersions(store: Db = db()): Promise<VersionSummary[]> {
  const rows = await store.runbookVersion.findMany({
    distinct: ['runbookId'],
    orderBy: [{ runbookId: 'asc' }, { active: 'desc' }, { at: 'desc' }, { id: 'desc' }],
    select: SUMMARY,
  })
  return rows.map(summary)
}

/** One version with its text. */
export async function readVersion(
  id: string,
  store: Db = db(),
): Promise<(VersionSummary & { text: string }) | undefined> {
  const row = await store.runbookVersion.findUnique({ where: { id }, select: { ...SUMMARY, text: true } })
  if (!row) return undefined
  const { text, ...rest } = row
  return { ...summary(rest), text }
}

export interface Installation {
  runbookId: string
  title: string
  file: string
  text: string
  cards: number
  lines: number
  typed: number
  /** SHA-256 of the installed text that was compared with; undefined when a file or nothing was. */
  instead: string | undefined
  /** The earlier version whose text this is, when it is put back. */
  putBack?: string
}

const MEANWHILE = 'Somebody installed another version of this runbook meanwhile.'

/**
 * Makes a text the active version of its runbook; the one before stays in the list. The row, its activation and the
 * journal's row stand or fall together. Error: `stale` when another version is active than the one compared with.
 */
export async function install(
  actor: Actor,
  what: Installation,
  store: Db = db(),
): Promise<Result<{ versionId: string }>> {
  const { runbookId, text, instead, putBack, ...facts } = what
  const versionId = newId('rbv')
  const hash = sha256(text)
  try {
    return await store.$transaction(async (tx) => {
      const active = await tx.runbookVersion.findFirst({
        where: { runbookId, active: true },
        select: { id: true, sha256: true },
      })
      if (active?.sha256 !== instead)
        return fail('stale', MEANWHILE, { hint: 'Look at the changes again, then install.' })
      if (active) await tx.runbookVersion.update({ where: { id: active.id }, data: { active: false } })
      await tx.runbookVersion.create({
        data: {
          ...facts,
          id: versionId,
          runbookId,
          title: storableText(facts.title, 200),
          text,
          sha256: hash,
          installedById: actor.id,
          installedByName: actor.name,
          active: true,
        },
      })
      await append(tx, {
        action: 'runbook-installed',
        actor,
        target: `runbook ${runbookId}`,
        text: `${actor.name} ${putBack ? 'put an earlier version back' : 'installed'}: ${facts.file}, ${facts.cards} ${facts.cards === 1 ? 'card' : 'cards'}, ${facts.typed} of ${facts.lines} command lines typed.`,
        detail: {
          runbook: `${runbookId}@${hash}`,
          version: versionId,
          file: facts.file,
          ...(instead ? { before: `${runbookId}@${instead}` } : {}),
          ...(putBack ? { putBack } : {}),
        },
      })
      return ok({ versionId })
    })
  } catch (cause) {
    // The unique index on active versions: of two at the same moment the second comes too late.
    if (isDuplicate(cause))
      return fail('stale', MEANWHILE, { hint: 'Look at the changes again, then install.' })
    throw cause
  }
}

/** Takes an installed runbook off the board; its versions stay. `not_found` when none is active. */
export async function uninstall(
  actor: Actor,
  runbookId: string,
  gives: string,
  store: Db = db(),
): Promise<Result<null>> {
  return store.$transaction(async (tx) => {
    const active = await tx.runbookVersion.findFirst({
      where: { runbookId, active: true },
      select: { id: true, sha256: true, file: true },
    })
    if (!active) return fail('not_found', `No version of ${runbookId} is installed.`)
    await tx.runbookVersion.update({ where: { id: active.id }, data: { active: false } })
    await append(tx, {
      action: 'runbook-removed',
      actor,
      target: `runbook ${runbookId}`,
      text: `${actor.name} removed the installed runbook ${runbookId} (${active.file}). ${gives}`,
      detail: { runbook: `${runbookId}@${active.sha256}`, version: active.id },
    })
    return ok(null)
  })
}
