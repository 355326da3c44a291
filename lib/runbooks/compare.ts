import 'server-only'
import { structuredPatch } from 'diff'
import { canonicalJson } from '../core/canonical'
import type { CardChange, Comparison, DiffLine } from './preview-types'
import type { Card, Runbook, Step } from './types'

/** Unchanged lines around a change. */
const CONTEXT = 3
/** Lines of a difference that travel to a browser. */
const LINES_AT_MOST = 4_000
/** Two texts by strangers can be made so that comparing them takes for ever. */
const DIFF_LIMIT_MS = 1_500

/** What a step says and does, without where it stands: lines move when something is written above them. */
function content(step: Step): string {
  const { source: _source, cardId: _card, id: _id, ...rest } = step
  return canonicalJson(
    rest.kind === 'guide' ? { ...rest, reason: rest.reason.replace(/^Line \d+: /, '') } : rest,
  )
}

function count(number: number, word: string): string | undefined {
  return number === 0 ? undefined : `${number} ${word}${number === 1 ? '' : 's'}`
}

function changeOf(before: Card, after: Card): string | undefined {
  const old = new Map(before.steps.map((step) => [step.id, content(step)]))
  const now = new Map(after.steps.map((step) => [step.id, content(step)]))
  const added = [...now.keys()].filter((id) => !old.has(id)).length
  const removed = [...old.keys()].filter((id) => !now.has(id)).length
  const changed = [...now].filter(([id, text]) => old.has(id) && old.get(id) !== text).length
  const order = (steps: Map<string, string>, other: Map<string, string>) =>
    [...steps.keys()].filter((id) => other.has(id)).join()
  const parts = [
    before.title === after.title ? undefined : `was called ${before.title}`,
    added > 0 ? `${count(added, 'step')} added` : undefined,
    removed > 0 ? `${count(removed, 'step')} removed` : undefined,
    changed > 0 ? `${count(changed, 'step')} changed` : undefined,
    order(now, old) === order(old, now) ? undefined : 'steps in another order',
    before.purpose === after.purpose ? undefined : 'another description',
    before.symptoms.join('\n') === after.symptoms.join('\n') ? undefined : 'other symptoms',
    before.group === after.group ? undefined : `under ${after.group || 'no heading'} now`,
  ].filter((part) => part !== undefined)
  return parts.length > 0 ? parts.join(', ') : undefined
}

/** Which cards come, go and change, in the order of the text after and then of the text before. */
export function compareCards(before: Runbook, after: Runbook): CardChange[] {
  const old = new Map(before.cards.map((card) => [card.id, card]))
  const now = new Set(after.cards.map((card) => card.id))
  const size = (card: Card) => count(card.steps.length, 'step') ?? 'no steps'
  return [
    ...after.cards.flatMap((card): CardChange[] => {
      const { id, title } = card
      const earlier = old.get(id)
      if (!earlier) return [{ id, title, change: 'added', says: size(card) }]
      const says = changeOf(earlier, card)
      return says ? [{ id, title, change: 'changed', says }] : []
    }),
    ...before.cards
      .filter((card) => !now.has(card.id))
      .map((card): CardChange => ({ id: card.id, title: card.title, change: 'removed', says: size(card) })),
  ]
}

/** The difference between two texts, line by line. */
export function compareTexts(
  before: string,
  after: string,
): Pick<Comparison, 'lines' | 'left' | 'added' | 'removed'> {
  const closed = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)
  const patch = structuredPatch('', '', closed(before), closed(after), '', '', {
    context: CONTEXT,
    timeout: DIFF_LIMIT_MS,
  })
  if (!patch) return { lines: [], left: undefined, added: 0, removed: 0 }
  const lines: DiffLine[] = []
  let [added, removed] = [0, 0]
  patch.hunks.forEach((hunk, index) => {
    if (index > 0) lines.push({ sign: '…', text: '' })
    let [old, now] = [hunk.oldStart, hunk.newStart]
    for (const line of hunk.lines) {
      if (line.startsWith('\\')) continue
      const text = line.slice(1)
      if (line.startsWith('+')) {
        added += 1
        lines.push({ sign: '+', text, after: now++ })
      } else if (line.startsWith('-')) {
        removed += 1
        lines.push({ sign: '-', text, before: old++ })
      } else lines.push({ sign: ' ', text, before: old++, after: now++ })
    }
  })
  const left = lines.slice(LINES_AT_MOST).filter(({ sign }) => sign === '+' || sign === '-').length
  return { lines: lines.slice(0, LINES_AT_MOST), left, added, removed }
}
