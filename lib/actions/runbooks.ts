'use server'

import { z } from 'zod'
import { requireAction } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { sha256 } from '@/lib/core/ids'
import { fail, ok, type Result } from '@/lib/core/result'
import { RUNBOOK_ID } from '@/lib/engine/target'
import type { Actor } from '@/lib/engine/types'
import { publish } from '@/lib/live/hub'
import { CATALOGUE } from '@/lib/operations/catalogue'
import { compileWithin, FIRST_LIMIT_MS } from '@/lib/runbooks/bounded'
import { type InstalledRunbook, installedFile, loadShelf, type Shelf } from '@/lib/runbooks/library'
import { previewOf } from '@/lib/runbooks/preview'
import { FILE_VERSION, type RunbookPreview } from '@/lib/runbooks/preview-types'
import * as store from '@/lib/runbooks/store'
import { checkFileName, readText } from '@/lib/runbooks/upload'
import { parseInput } from './parse-input'

const id = z
  .string('That is not an identifier.')
  .min(1, 'That is not an identifier.')
  .max(200, 'That is not an identifier.')
  .refine((text) => !text.includes('\0'), 'That is not an identifier.')
const confirmName = z
  .string('Type the name of the file.')
  .trim()
  .max(200, 'That is not the name of the file.')
/** SHA-256 of what was compared with; empty when there was nothing. */
const base = z.string('Preview again.').regex(/^(?:[0-9a-f]{64})?$/, 'Preview again.')
const Upload = z.object({
  name: z.string('The name of the file is missing.'),
  file: z.instanceof(Blob, { error: 'The text is missing.' }),
})
const Install = Upload.extend({
  sha256: z.string('Preview again.').regex(/^[0-9a-f]{64}$/, 'Preview again.'),
  base,
  confirmName,
})
const PutBack = z.strictObject({ runbookId: id, version: id, base, confirmName })
const Removal = z.strictObject({ runbookId: id, confirmName })

interface Room {
  installed: InstalledRunbook[]
  shelf: Shelf
}

async function roomNow(): Promise<Result<Room>> {
  const installed = await store.installedRunbooks()
  const shelf = await loadShelf(undefined, installed)
  return shelf.ok ? ok({ installed, shelf: shelf.value }) : shelf
}

/** What a text would become on the board as it stands. */
function consider(room: Room, file: string, text: string): Result<RunbookPreview> {
  const compiled = compileWithin({ text, file: installedFile(file), catalogue: CATALOGUE }, FIRST_LIMIT_MS)
  if (!compiled.ok) return compiled
  const { current } = room.shelf
  const now = current.find((one) => one.runbook.id === compiled.value.runbook.id)
  return ok(
    previewOf({
      text,
      file,
      compiled: compiled.value,
      others: current.filter((one) => one !== now).map((one) => one.runbook),
      mainId: RUNBOOK_ID,
      ...(now ? { base: { text: now.text, runbook: now.runbook, name: 'what is on the board now' } } : {}),
    }),
  )
}

/** Every browser reads the console again on this event, whatever incident it names; the board has other cards now. */
function tellBrowsers(): void {
  publish({ type: 'incident', incidentId: '', at: new Date().toISOString() })
}

function exactly(typed: string, file: string): Result<null> {
  return typed === file ? ok(null) : fail('invalid_input', `Type the name of the file exactly: ${file}`)
}

async function put(
  actor: Actor,
  what: { file: string; text: string; base: string; confirmName: string; putBack?: string },
): Promise<Result<{ runbookId: string }>> {
  const named = exactly(what.confirmName, what.file)
  if (!named.ok) return named
  const room = await roomNow()
  if (!room.ok) return room
  const preview = consider(room.value, what.file, what.text)
  if (!preview.ok) return preview
  const { id: runbookId, title, cards: _shown, summary, obstacles, comparison } = preview.value
  if ((comparison?.with.sha256 ?? '') !== what.base)
    return fail('stale', 'What is on the board changed since this was compared with it.', {
      hint: 'Preview it again, look at the changes, then install.',
    })
  if (obstacles[0] !== undefined) return fail('precondition_failed', obstacles[0])
  const active = room.value.installed.find((one) => one.runbookId === runbookId)
  const done = await store.install(actor, {
    runbookId,
    title,
    file: what.file,
    text: what.text,
    cards: preview.value.cards.length,
    lines: summary.commandLines,
    typed: summary.typed,
    instead: active ? sha256(active.text) : undefined,
    ...(what.putBack ? { putBack: what.putBack } : {}),
  })
  if (!done.ok) return done
  tellBrowsers()
  return ok({ runbookId })
}

async function upload(given: z.infer<typeof Upload>): Promise<Result<{ file: string; text: string }>> {
  const file = checkFileName(given.name)
  if (!file.ok) return file
  const text = await readText(given.file)
  return text.ok ? ok({ file: file.value, text: text.value }) : text
}

/** What a dropped or pasted text would become: its cards line by line, and what changes. Form: `name`, `file`. */
export async function previewRunbook(form: FormData): Promise<Result<RunbookPreview>> {
  return attempt('previewRunbook', async () => {
    const actor = await requireAction('runbook:install', 'preview a runbook')
    if (!actor.ok) return actor
    const parsed = parseInput(Upload, fieldsOf(form))
    if (!parsed.ok) return parsed
    const given = await upload(parsed.value)
    if (!given.ok) return given
    const room = await roomNow()
    return room.ok ? consider(room.value, given.value.file, given.value.text) : room
  })
}

/** Installs the very text that was previewed. Form: `name`, `file`, `sha256`, `base`, `confirmName`. */
export async function installRunbook(form: FormData): Promise<Result<{ runbookId: string }>> {
  return attempt('installRunbook', async () => {
    const actor = await requireAction('runbook:install', 'install a runbook')
    if (!actor.ok) return actor
    const parsed = parseInput(Install, fieldsOf(form))
    if (!parsed.ok) return parsed
    const given = await upload(parsed.value)
    if (!given.ok) return given
    if (sha256(given.value.text) !== parsed.value.sha256)
      return fail('stale', 'This is not the text that was previewed.', { hint: 'Preview it again.' })
    const { base, confirmName } = parsed.value
    return put(actor.value, { ...given.value, base, confirmName })
  })
}

/** Installs the text of an earlier version, or of the folder's file, once more. */
export async function putBackRunbook(input: {
  runbookId: string
  version: string
  base: string
  confirmName: string
}): Promise<Result<{ runbookId: string }>> {
  return attempt('putBackRunbook', async () => {
    const actor = await requireAction('runbook:install', 'put a runbook back')
    if (!actor.ok) return actor
    const parsed = parseInput(PutBack, input)
    if (!parsed.ok) return parsed
    const { runbookId, version, base, confirmName } = parsed.value
    const row = version === FILE_VERSION ? undefined : await store.readVersion(version)
    if (row?.runbookId !== runbookId) return fail('not_found', 'There is no such version of this runbook.')
    return put(actor.value, { file: row.file, text: row.text, base, confirmName, putBack: version })
  })
}

/** Takes an installed runbook off the board; the folder's file of the same id counts again, when there is one. */
export async function removeRunbook(input: {
  runbookId: string
  confirmName: string
}): Promise<Result<null>> {
  return attempt('removeRunbook', async () => {
    const actor = await requireAction('runbook:install', 'remove a runbook')
    if (!actor.ok) return actor
    const parsed = parseInput(Removal, input)
    if (!parsed.ok) return parsed
    const { runbookId } = parsed.value
    const room = await roomNow()
    if (!room.ok) return room
    const { installed, shelf } = room.value
    const active = installed.find((one) => one.runbookId === runbookId)
    if (!active) return fail('not_found', `No version of ${runbookId} is installed.`)
    const named = exactly(parsed.value.confirmName, active.file)
    if (!named.ok) return named
    const file = shelf.files.find((one) => one.runbook.id === runbookId)
    if (!file && !shelf.current.some((one) => one.runbook.id !== runbookId))
      return fail('precondition_failed', 'It is the only runbook: the board would be empty.')
    const gives = file ? `The file ${file.runbook.file} counts again.` : 'Its cards are off the board.'
    const done = await store.uninstall(actor.value, runbookId, gives)
    if (done.ok) tellBrowsers()
    return done
  })
}

function fieldsOf(form: unknown): Record<string, unknown> {
  return form instanceof FormData ? Object.fromEntries(form.entries()) : {}
}
