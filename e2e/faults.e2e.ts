import { readdirSync, readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { axe } from './axe'
import { signIn, test } from './people'

/** Cards of all runbooks of the folder: a card is a heading of the third level there. */
const CARDS = readdirSync('runbooks')
  .flatMap((name) => readFileSync(`runbooks/${name}`, 'utf8').split('\n'))
  .filter((line) => line.startsWith('### ')).length

/** A fault, the card on which it must show, the words its cause is told in, and the fix that cures it. */
interface Story {
  fault: string
  card: string
  says: RegExp
  fix: string
  act: RegExp
}

const STORIES: Story[] = [
  {
    fault: 'The connection pool is too small',
    card: 'Database connections',
    says: /pool is exhausted/i,
    fix: 'Raise the pool size',
    act: /Set DB_POOL_SIZE/,
  },
  {
    fault: 'All workers of backend-api are blocked',
    card: 'Service not responding',
    says: /0 of 3 pods/,
    fix: 'Restart the deployment',
    act: /Restart deployment\/backend-api/,
  },
  {
    fault: 'The Service selects no pod',
    card: 'Service not responding',
    says: /matches the selector|0 of|no pod/i,
    fix: 'Set the selector of the service',
    act: /Point service/,
  },
  {
    fault: 'Rate-limit counters without an expiry',
    card: 'Rate limiting',
    says: /never expire|429/,
    fix: 'Remove the rate-limit keys',
    act: /Remove \d+ keys/,
  },
  {
    fault: 'Kong lost its configuration',
    card: 'API gateway',
    says: /knows no service/,
    fix: 'Reload Kong',
    act: /Reload Kong/,
  },
  {
    fault: 'The replica has stopped replaying',
    card: 'Data consistency',
    says: /Replay is paused|behind/,
    fix: 'Resume replay on the replica',
    act: /Resume replay/,
  },
]

async function checkEverything(page: Page): Promise<void> {
  await page.goto('/')
  await page
    .getByRole('button', { name: /check everything/i })
    .first()
    .click()
  await expect(page.getByText(/looked just now|looked \d+ s ago/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /check everything/i }).first()).not.toHaveAttribute(
    'aria-busy',
    'true',
  )
}

test.beforeEach(async ({ page }) => {
  await signIn(page, 'responder')
  await page.goto('/practice')
  const reset = page.getByRole('button', { name: 'Reset the cluster' })
  // After a test that failed its fault must not show in this one.
  await reset.click()
  await expect(reset).not.toHaveAttribute('aria-busy', 'true', { timeout: 60_000 })
  await expect(page.getByText(/^None of \d+ faults is on/)).toBeVisible({ timeout: 60_000 })
})

for (const story of STORIES) {
  test(`${story.fault}: seen, understood, cured, verified`, async ({ page }) => {
    await page.goto('/practice')
    const toggle = page.getByRole('switch', { name: story.fault })
    await toggle.click()
    await expect(toggle).toBeChecked()
    await page.waitForTimeout(5_000) // symptoms take their seconds, as in life: probes fail twice before a pod is not ready

    await checkEverything(page)
    await expect(page.getByRole('link', { name: new RegExp(story.card) }).first()).toBeVisible()
    await axe(page, 'board')
    await page
      .getByRole('link', { name: new RegExp(story.card) })
      .first()
      .click()
    await expect(page.getByRole('heading', { level: 1, name: story.card })).toBeVisible()
    await expect(page.getByText(story.says).first()).toBeVisible()
    await axe(page, 'card')

    await page.getByRole('button', { name: `Preview: ${story.fix}` }).click()
    const drawer = page.getByRole('dialog', { name: story.fix })
    await expect(drawer).toBeVisible()
    const show = drawer.getByRole('button', { name: 'Show what will change' })
    await expect(show.or(drawer.getByLabel('Reason, for the record'))).toBeVisible()
    if (await show.isVisible()) await show.click()
    await drawer.getByLabel('Reason, for the record').fill('Practice: the checks say so')
    await axe(page, 'drawer')
    await drawer.getByRole('button', { name: story.act }).click()
    await expect(drawer.getByText(/Recovered in \d+ s/).first()).toBeVisible({ timeout: 90_000 })
    await axe(page, 'progress')
    await page.keyboard.press('Escape')

    await page.goto('/practice')
    await expect(page.getByRole('switch', { name: story.fault })).not.toBeChecked()
    await expect(async () => {
      await checkEverything(page)
      await expect(page.getByText(`${CARDS} healthy`).first()).toBeVisible({ timeout: 3_000 })
    }).toPass({ timeout: 60_000 })
    await page.goto('/journal')
    await expect(
      page
        .getByText(/Recovered in/)
        .filter({ visible: true })
        .first(),
    ).toBeVisible()
  })
}
