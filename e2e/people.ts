import { test as base, type Page } from '@playwright/test'

/** Signs in with one of the four demo accounts and waits for the board. */
export async function signIn(page: Page, role: 'viewer' | 'responder' | 'approver' | 'admin'): Promise<void> {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: new RegExp(role, 'i') }).click()
  await page.getByRole('button', { name: /check everything/i }).waitFor()
}

/** Tests against the Crashcart that the global set-up started. */
export const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's shape
  baseURL: async ({}, use) => {
    await use(process.env.CRASHCART_URL)
  },
})
