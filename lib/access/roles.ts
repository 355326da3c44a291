/** The role table. Universal: the browser hides what the server would refuse; the server decides. */

export const ROLES = ['viewer', 'responder', 'approver', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const PERMISSIONS = {
  /** Look at boards, cards, incidents, the journal. */
  'board:view': 'viewer',
  /** Run checks. */
  'check:run': 'viewer',
  /** Press fixes of low and medium risk; ask for high-risk ones. */
  'fix:run': 'responder',
  /** Open and edit incidents, write notes, make and revoke share links. */
  'incident:write': 'responder',
  /** Approve another person's high-risk fix. */
  'fix:approve': 'approver',
  /** Switch faults on the practice cluster. */
  'practice:use': 'responder',
  /** Preview, install, put back and remove runbooks. */
  'runbook:install': 'admin',
  /** Settings, journal export. */
  'admin:write': 'admin',
} as const satisfies Record<string, Role>
export type Permission = keyof typeof PERMISSIONS

/** Whether a role carries a permission: roles are ordered, each has all rights of those below it. */
export function may(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission])
}
