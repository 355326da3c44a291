import { expect } from '@playwright/test'
import { axe } from './axe'
import { signIn, test } from './people'

test('a high-risk fix waits for a second person, who approves that very plan', async ({
  page,
  browser,
  baseURL,
}) => {
  await signIn(page, 'responder')
  await page.goto('/cards/authentication')
  await page.getByRole('button', { name: 'Preview: Rotate the JWT secret' }).click()
  const drawer = page.getByRole('dialog', { name: 'Rotate the JWT secret' })
  await drawer.getByLabel('Reason, for the record').fill('Practice: the key leaked')
  await drawer.getByRole('button', { name: /^Ask for approval: Rotate jwt-secret/ }).click()
  await expect(drawer.getByRole('list', { name: 'Progress' })).toContainText(/asked for approval/)

  // The one who asked cannot approve.
  await page.goto('/approvals')
  await expect(page.getByRole('article')).toContainText('Rotate jwt-secret')
  await expect(page.getByRole('button', { name: 'Approve…' })).toHaveCount(0)

  const other = await browser.newContext({ ...(baseURL ? { baseURL } : {}) })
  const approver = await other.newPage()
  await signIn(approver, 'approver')
  await approver.goto('/approvals')
  await axe(approver, 'approvals')
  await approver.getByRole('button', { name: 'Approve…' }).click()
  const dialog = approver.getByRole('dialog')
  await dialog.getByLabel(/^Type .* to confirm/).fill('something else')
  await dialog.getByRole('button', { name: 'Approve and send' }).click()
  await expect(dialog.getByText(/exactly/i).first()).toBeVisible()
  await dialog.getByLabel(/^Type .* to confirm/).fill('jwt-secret')
  await dialog.getByRole('button', { name: 'Approve and send' }).click()

  // The drawer follows the run to its end.
  await expect(
    approver
      .getByText(/(Recovered|Done) in \d+ s/)
      .filter({ visible: true })
      .first(),
  ).toBeVisible({
    timeout: 90_000,
  })
  await expect(async () => {
    await approver.goto('/journal')
    await expect(
      approver
        .getByText(/Rotate jwt-secret: (Recovered|Done) in/)
        .filter({ visible: true })
        .first(),
    ).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 90_000 })
  await axe(approver, 'journal')
  await other.close()
})

test('a viewer sees and checks, and cannot press', async ({ page }) => {
  await signIn(page, 'viewer')
  await page.goto('/cards/service-not-responding')
  await page.getByRole('button', { name: 'Preview: Restart the deployment' }).click()
  const drawer = page.getByRole('dialog', { name: 'Restart the deployment' })
  await expect(drawer.getByText(/takes the role responder/i).first()).toBeVisible()
  await expect(drawer.getByRole('button', { name: /^Restart deployment/ })).toHaveCount(0)
})

test('a step done by hand is ticked off with a note', async ({ page }) => {
  await signIn(page, 'responder')
  await page.goto('/cards/rate-limiting')
  const guide = page.getByRole('article', { name: 'Queue requests at peak times' })
  await guide.getByLabel(/^What you did/).fill('Put a queue of 200 in front of search')
  await guide.getByRole('button', { name: 'Mark as done' }).click()
  await expect(guide.getByText(/Done by Rami Responder.*queue of 200/)).toBeVisible()
  await page.reload()
  await expect(guide.getByText(/Done by Rami Responder.*queue of 200/)).toBeVisible()
})

test('an incident collects what happens, and its share link shows it without names until it is revoked', async ({
  page,
  browser,
  baseURL,
}) => {
  await signIn(page, 'responder')
  await page.goto('/cards/data-recovery')
  await page
    .getByRole('button', { name: /open an incident/i })
    .filter({ visible: true })
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: 'Open an incident' })
  await dialog.getByLabel('What is wrong, as users see it').fill('Restore drill')
  await dialog.getByRole('button', { name: /open/i }).click()
  await expect(page).toHaveURL(/\/incidents\/\d+$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Restore drill')
  const address = page.url()

  await page.goto('/cards/data-recovery')
  // Leaving at once would take the request back: what an earlier check saw stands there already.
  const started = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: /check card/i }).click()
  await started
  await expect(page.getByText(/last dump|newest dump/i).first()).toBeVisible()
  await page.goto(address)
  await expect(page.getByText(/Checked Data recovery/).first()).toBeVisible()
  await page.getByLabel('Write a note').fill('The dump of tonight is good. password=hunter2-not-for-links')
  await page.getByRole('button', { name: 'Add note' }).click()
  await expect(page.getByText('The dump of tonight is good.').first()).toBeVisible()
  await axe(page, 'incident')

  await page.getByRole('button', { name: 'Create link' }).click()
  const link = await page.getByLabel('Copy it now: it is not shown again.').inputValue()
  const stranger = await browser.newContext({ ...(baseURL ? { baseURL } : {}) })
  const visitor = await stranger.newPage()
  await visitor.goto(link)
  await expect(visitor.getByRole('heading', { level: 1 })).toContainText('Restore drill')
  await expect(visitor.getByText('Rami Responder')).toHaveCount(0)
  await expect(visitor.getByText('hunter2')).toHaveCount(0)
  await axe(visitor, 'share')
  await visitor.goto('/')
  await expect(visitor).toHaveURL(/sign-in/)

  await page
    .getByRole('button', { name: /^Revoke link/ })
    .first()
    .click()
  await expect(page.getByText('No link works at the moment.')).toBeVisible()
  expect((await visitor.goto(link))?.status()).toBe(404)
  await stranger.close()

  await page
    .getByRole('button', { name: /resolve/i })
    .first()
    .click()
  const resolve = page.getByRole('dialog')
  await resolve.getByLabel('What was wrong, and what made it better').fill('Nothing was wrong: a drill.')
  await resolve.getByRole('button', { name: /resolve/i }).click()
  await expect(page.getByText(/resolved/i).first()).toBeVisible()
})
