import { expect, type Page } from '@playwright/test'
import { axe } from './axe'
import { confirmFile, pasteRunbook, removeRunbook } from './installing'
import { signIn, test } from './people'
import { shot } from './pictures'

const FILE = 'payments.md'
const TEXT = `---
id: payments
title: Payments
placeholders:
  pool-size: { label: Connections of each pod, type: integer, default: 20, min: 1, max: 100 }
---
# Payments

## Daily trouble

### Payments are slow {#slow}

Customers wait for their payments.

\`\`\`bash
# Look at the pods
kubectl get pods -n backend-services

# Ask the bank
ssh bank.example uptime

# Restart the API
kubectl rollout restart deployment/backend-api -n backend-services

# Set the pool size
kubectl patch configmap backend-api-config -n backend-services --type merge -p '{"data":{"DB_POOL_SIZE":"<pool-size>"}}'
kubectl rollout restart deployment/backend-api -n backend-services

# Remove old events
kubectl exec redis-0 -n storage -- redis-cli DEL "events:*"
\`\`\`
`
const SECOND = TEXT.replace('# Ask the bank\nssh bank.example uptime\n\n', '').replace('are slow', 'wait')
const paste = (page: Page, text: string) => pasteRunbook(page, FILE, text)
const confirm = (page: Page, act: string) => confirmFile(page, act, FILE)
const removePayments = (page: Page) => removeRunbook(page, 'payments', FILE)

test('an admin sees what a text becomes, installs it, compares versions and puts one back', async ({
  page,
}) => {
  // One story over many pages, each of them looked at by axe.
  test.slow()
  await signIn(page, 'admin')
  await removePayments(page)
  await page.goto('/runbooks')
  await expect(page.getByRole('list', { name: 'On the board', exact: true })).toContainText(
    'Back-end services',
  )
  await axe(page, 'runbooks')
  await shot(page, 'list')

  // Every line with its number, what it becomes and why it does not.
  await paste(page, TEXT)
  const card = page.getByRole('region', { name: 'Payments are slow' })
  const bank = card.getByRole('listitem').filter({ hasText: 'Ask the bank' })
  await expect(bank).toContainText('ssh bank.example uptime')
  await expect(bank).toContainText('By hand')
  await expect(bank).toContainText('Line 20')
  await expect(card.getByRole('listitem').filter({ hasText: 'Look at the pods' })).toContainText(
    'kubernetes.pods',
  )
  await expect(card.getByText(/DEL does not expand patterns/)).toBeVisible()
  await expect(page.getByRole('region', { name: /^What it asks for · 1/ })).toContainText(
    'Connections of each pod',
  )
  await axe(page, 'preview')
  await shot(page, 'preview')
  await page.getByRole('tab', { name: 'Text' }).click()
  await expect(page.getByRole('figure', { name: `Text of ${FILE}` })).toContainText('title: Payments')
  await axe(page, 'text')
  await shot(page, 'text')

  await page.getByRole('button', { name: 'Install…' }).click()
  await shot(page, 'confirm')
  await confirm(page, `Install ${FILE}`)
  await expect(page.getByRole('list', { name: 'On the board', exact: true })).toContainText('installed by')
  await page.goto('/cards/payments-slow')
  await expect(page.getByRole('heading', { level: 1, name: 'Payments are slow' })).toBeVisible()

  // A second version: what changes against the first stands there before it is installed.
  await paste(page, SECOND)
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await expect(page.getByText('was called Payments are slow, 1 step removed')).toBeVisible()
  await expect(page.getByRole('figure', { name: /Text/ })).toContainText('ssh bank.example uptime')
  await axe(page, 'changes')
  await shot(page, 'changes')
  await page.getByRole('button', { name: 'Install…' }).click()
  await confirm(page, `Install ${FILE}`)

  // The first is put back from the list of versions.
  await page.goto('/runbooks/payments')
  await expect(page.getByText('on the board', { exact: true })).toHaveCount(1)
  await axe(page, 'versions')
  await shot(page, 'runbook')
  const versions = page.getByRole('table', { name: /^Versions of/ }).getByRole('row')
  await versions.filter({ hasNotText: 'on the board' }).getByRole('link', { name: /^Open/ }).first().click()
  await expect(page.getByRole('tab', { name: /^Changes/ })).toHaveAttribute('data-state', 'active')
  await axe(page, 'version')
  await shot(page, 'version')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download Markdown' }).click()
  expect((await download).suggestedFilename()).toBe(FILE)
  await page.getByRole('button', { name: 'Put back…' }).click()
  await confirm(page, `Put ${FILE} back`)
  await expect(page).toHaveURL(/\/runbooks\/payments$/)
  await page.goto('/cards/payments-slow')
  await expect(page.getByRole('heading', { level: 1, name: 'Payments are slow' })).toBeVisible()

  // A check of it names the version that it went by.
  const started = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: /check card/i }).click()
  await started
  await page.goto('/journal?action=check-started')
  await page
    .getByRole('button', { name: /Open row|checked Payments are slow/ })
    .filter({ visible: true })
    .first()
    .click()
  await expect(page.getByRole('dialog')).toContainText(/payments@[0-9a-f]{64}/)
  await page.goto('/journal?action=runbook-installed')
  await expect(
    page
      .getByText(/put an earlier version back: payments\.md/)
      .filter({ visible: true })
      .first(),
  ).toBeVisible()
  await removePayments(page)
})

test('a file is dropped or chosen, and what is no runbook is said in words', async ({ page }) => {
  await signIn(page, 'admin')
  await page.goto('/runbooks')
  const file = page.getByLabel('Markdown file')
  // A file that is chosen before the page listens is heard by nobody.
  await expect(async () => {
    await file.setInputFiles({
      name: 'x.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from([0x23, 0xff, 0xfe]),
    })
    await expect(page.getByText('This is not a text in UTF-8.')).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 30_000 })
  await axe(page, 'refused')
  await shot(page, 'refused')
  await file.setInputFiles({
    name: 'big.md',
    mimeType: 'text/markdown',
    buffer: Buffer.alloc(1_100_000, 'x'),
  })
  await expect(page.getByText(/at most 1 MiB/)).toBeVisible()
  await file.setInputFiles({
    name: 'words.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from('# Words\n\nOnly.\n'),
  })
  await expect(page.getByText(/There is no card in it/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Install…' })).toHaveCount(0)
  await axe(page, 'nothing to install')
  await shot(page, 'obstacle')
  // Just under the limit, with a very long line and many short ones: it is answered, and shown in portions.
  const steps = Array.from({ length: 700 }, (_, n) => `# Step ${n}\nkubectl get pods -n shop-${n}`).join('\n')
  const long = `### Long\n\n\`\`\`bash\n${steps}\n\`\`\`\n${'x'.repeat(990_000)}\n`
  await page.getByRole('button', { name: 'Discard' }).click()
  await file.setInputFiles({ name: 'long.md', mimeType: 'text/markdown', buffer: Buffer.from(long) })
  await expect(page.getByRole('button', { name: 'Show 200 more lines' })).toBeVisible()
  await expect(page.getByText('Step 199', { exact: true })).toBeVisible()
  await expect(page.getByText('Step 200', { exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Show 200 more lines' }).click()
  await expect(page.getByText('Step 399', { exact: true })).toBeVisible()
})

test('a responder reads what is on the board, and cannot install', async ({ page }) => {
  await signIn(page, 'responder')
  await page.goto('/runbooks')
  await expect(page.getByText(/Installing a runbook takes the role admin/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Preview runbook' })).toHaveCount(0)
  await page.getByRole('link', { name: /Back-end services/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Back-end services' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Service not responding' })).toBeVisible()
  await axe(page, 'a runbook of the folder')
  await shot(page, 'folder')
  await page.goto('/runbooks/nowhere')
  await expect(page.getByText('There is nothing at this address')).toBeVisible()
})
