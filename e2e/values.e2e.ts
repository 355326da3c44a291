import { expect } from '@playwright/test'
import { axe } from './axe'
import { confirmFile, pasteRunbook, removeRunbook } from './installing'
import { signIn, test } from './people'
import { shot } from './pictures'

/** As teams write them for their alerts: every line about one pod, which nobody knows beforehand. */
const TEXT = `# KubePodNotReady

## Meaning

A pod is not ready.

## Diagnosis

\`\`\`shell
kubectl get pods -n $NAMESPACE
kubectl get deployment <deployment> -n $NAMESPACE -o yaml
kubectl get events -n $NAMESPACE --field-selector type=Warning
\`\`\`

## Mitigation

\`\`\`shell
kubectl rollout restart deployment/<deployment> -n $NAMESPACE
\`\`\`
`

test('what several steps of a card ask for is given once, for its checks and its fixes', async ({ page }) => {
  test.slow()
  // What one project finds is kept for the steps of that runbook.
  const id = `pod-alerts-${test.info().project.name}`
  const file = `${id}.md`
  await signIn(page, 'admin')
  await removeRunbook(page, id, file)
  await pasteRunbook(page, file, TEXT)
  await page.getByRole('button', { name: 'Install…' }).click()
  await confirmFile(page, `Install ${file}`, file)

  // Nobody has given a value, so the card is neither well nor unknown.
  await page.goto('/')
  await page.getByRole('button', { name: 'Check everything' }).click()
  await expect(page.getByText('Nothing that was checked needs attention.')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('heading', { name: 'Checks that ask for a value' })).toBeVisible()
  await page.getByRole('link', { name: /KubePodNotReady/ }).click()

  const pods = page.getByRole('article', { name: 'Diagnosis: get pods -n $NAMESPACE' })
  await expect(pods).toContainText('not checked yet')
  await page.getByRole('button', { name: 'Check card' }).click()
  const namespace = page.getByRole('textbox', { name: /namespace/i })
  await expect(namespace, 'a press leads to what is lacking').toBeFocused()
  await namespace.fill('backend-services')
  await shot(page, 'values-half')
  await page.getByRole('textbox', { name: /deployment/i }).fill('backend-api')
  await axe(page, 'values of a card')
  await page.getByRole('button', { name: 'Check card' }).click()
  await expect(pods.getByText('Healthy')).toBeAttached({ timeout: 30_000 })
  const deployment = page.getByRole('article', { name: /^Diagnosis: get deployment/ })
  await expect(deployment).toContainText('Found for Deployment backend-api, Namespace backend-services')
  await expect(deployment.getByText('Healthy')).toBeAttached({ timeout: 30_000 })
  await shot(page, 'values-given')

  await page
    .getByRole('article', { name: /^Mitigation/ })
    .getByRole('button', { name: /preview/i })
    .click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByRole('textbox', { name: /deployment/i })).toHaveValue('backend-api')
  await expect(drawer.getByRole('textbox', { name: /namespace/i })).toHaveValue('backend-services')
  await page.keyboard.press('Escape')

  await page.goto('/')
  await expect(page.getByRole('link', { name: /KubePodNotReady/ })).toContainText('Healthy')
  await removeRunbook(page, id, file)
})
