import { expect, type Page } from '@playwright/test'
import { axe } from './axe'

/** Pastes a runbook as an admin, up to its preview. */
export async function pasteRunbook(page: Page, file: string, text: string): Promise<void> {
  await page.goto('/runbooks')
  await page.getByLabel('Text of the runbook').fill(text)
  await page.getByLabel('Name of the file').fill(file)
  await page.getByRole('button', { name: 'Preview runbook' }).click()
  await expect(page.getByRole('heading', { name: `What ${file} would become` })).toBeFocused()
}

/** Types the file's name into the dialog that asks for it, and presses the button that says what it does. */
export async function confirmFile(page: Page, act: string, file: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: act }).click()
  await expect(dialog.getByText(`Type exactly ${file}.`)).toBeVisible()
  await axe(page, 'confirmation')
  await dialog.getByLabel(/^Type .* to confirm/).fill(file)
  await dialog.getByRole('button', { name: act }).click()
  await expect(dialog).toBeHidden()
}

/** Takes a runbook off the board, so that each project begins alike. */
export async function removeRunbook(page: Page, id: string, file: string): Promise<void> {
  await page.goto(`/runbooks/${id}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  const remove = page.getByRole('button', { name: 'Remove from the board…' })
  if (!(await remove.isVisible())) return
  await remove.click()
  await confirmFile(page, `Remove ${file}`, file)
  await expect(remove).toBeHidden()
}
