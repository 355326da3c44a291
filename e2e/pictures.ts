import { type Page, test } from '@playwright/test'

const SHOTS = process.env.CRASHCART_E2E_SHOTS

/** A picture of the page, for looking at it, where a folder for them is named. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!SHOTS) return
  const device = test.info().project.name
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.waitForTimeout(150)
    await page.screenshot({ path: `${SHOTS}/${device}-${name}-${scheme}.png`, fullPage: true })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
