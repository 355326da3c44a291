import type { Page } from '@playwright/test'

/** Signs in with one of the four demo accounts and waits for the board. */
export async function signIn(page: Page, role: 'viewer' | 'responder' | 'approver' | 'admin'): Promise<void> {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: new RegExp(role, 'i') }).click()
  await page.getByRole('button', { name: /check everything/i }).waitFor()
}
