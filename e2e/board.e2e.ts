import { expect } from '@playwright/test'
import { axe } from './axe'
import { signIn, test } from './people'
import { shot } from './pictures'

test('what was found long ago is shown as how it was then, until somebody looks again', async ({ page }) => {
  await page.clock.install()
  await signIn(page, 'responder')
  const everything = page.getByRole('button', { name: 'Check everything' })
  await everything.click()
  const well = page.getByText('Nothing needs attention.')
  await expect(well).toBeVisible({ timeout: 60_000 })

  await page.clock.fastForward('47:00')
  const notice = page.getByRole('region', { name: 'Looked at long ago' })
  await expect(notice).toContainText(/Last looked at 4[78] min ago\. This is how it was then\./)
  await expect(page.getByRole('heading', { name: 'Healthy when last looked at' })).toBeVisible()
  await expect(page.getByText(/^\d+ were healthy$/)).toBeVisible()
  await expect(well).toBeHidden()
  await axe(page, 'board of long ago')
  await shot(page, 'board-old')

  await page.getByRole('link', { name: /Rate limiting/ }).click()
  await expect(page.getByText(/It was healthy 4[78] min ago\. Nobody has looked since\./)).toBeVisible()
  await shot(page, 'card-old')
  await page.goBack()

  await notice.getByRole('button', { name: 'Look again' }).click()
  await page.clock.setSystemTime(new Date())
  await expect(well).toBeVisible({ timeout: 60_000 })
  await expect(notice).toBeHidden()
})
