/** The people of the practice cluster. Universal: the sign-in page lists them. They exist in practice only. */
import type { Role } from './roles'

export interface DemoAccount {
  id: string
  /** What the sign-in form sends as `account`. */
  account: Role
  name: string
  email: string
  role: Role
  /** What this person may do, in a sentence. */
  may: string
}

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  {
    id: 'demo-viewer',
    account: 'viewer',
    name: 'Vera Viewer',
    email: 'vera@practice.local',
    role: 'viewer',
    may: 'Looks at everything and runs checks.',
  },
  {
    id: 'demo-responder',
    account: 'responder',
    name: 'Rami Responder',
    email: 'rami@practice.local',
    role: 'responder',
    may: 'Also presses fixes of low and medium risk, asks for high-risk ones, and runs incidents.',
  },
  {
    id: 'demo-approver',
    account: 'approver',
    name: 'Ada Approver',
    email: 'ada@practice.local',
    role: 'approver',
    may: 'Also approves the high-risk fixes of other people.',
  },
  {
    id: 'demo-admin',
    account: 'admin',
    name: 'Ana Admin',
    email: 'ana@practice.local',
    role: 'admin',
    may: 'Also installs runbooks and takes back anybody’s request.',
  },
]

/** The demo account of a name or an id; undefined for anything else. */
export function demoAccount(nameOrId: unknown): DemoAccount | undefined {
  return DEMO_ACCOUNTS.find(({ account, id }) => account === nameOrId || id === nameOrId)
}
