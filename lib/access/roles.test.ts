import { describe, expect, it } from 'vitest'
import { may, ROLES } from './roles'

describe('may', () => {
  it('gives each role the rights of those below it, and no more', () => {
    const pressers = ROLES.filter((role) => may(role, 'fix:run'))
    const approvers = ROLES.filter((role) => may(role, 'fix:approve'))
    expect(pressers).toEqual(['responder', 'approver', 'admin'])
    expect(approvers).toEqual(['approver', 'admin'])
  })

  it('lets everyone look', () => {
    expect(ROLES.every((role) => may(role, 'board:view'))).toBe(true)
  })
})
