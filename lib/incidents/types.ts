/** What a browser gets to see of incidents. Universal: plain data, already redacted. */
import type { Verdict } from '../verdicts/types'

export type IncidentEventKind = 'opened' | 'note' | 'check' | 'fix' | 'shared' | 'share-revoked' | 'resolved'

/** One entry of the timeline. Its text is untrusted and never markup. */
export interface IncidentEvent {
  id: string
  kind: IncidentEventKind
  /** ISO time. */
  at: string
  /** Name of the person; on a share page the role's word ("Responder"), not the name. */
  by: string
  /** One sentence: "Service not responding: 0 of 3 pods ready." */
  text: string
  cardId?: string
  stepId?: string
  runId?: string
  verdict?: Verdict
}

export interface IncidentSummary {
  id: string
  /** Counts up from 1; stands in the address. */
  number: number
  title: string
  state: 'open' | 'resolved'
  openedAt: string
  openedBy: string
  resolvedAt?: string
  cardId?: string
  events: number
}

export interface ShareLink {
  id: string
  createdAt: string
  createdBy: string
  expiresAt: string
  revokedAt?: string
  lastSeenAt?: string
}

export interface IncidentDetail extends IncidentSummary {
  summary?: string
  timeline: IncidentEvent[]
  /** Older events left out by the cap. */
  more: number
  shares: ShareLink[]
}

/** What somebody with a share link sees. */
export interface SharedIncident {
  number: number
  title: string
  state: 'open' | 'resolved'
  openedAt: string
  resolvedAt?: string
  summary?: string
  timeline: IncidentEvent[]
  more: number
  /** The link works until then. */
  expiresAt: string
}
