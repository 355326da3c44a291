import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Fails when axe finds anything against WCAG 2.2 A or AA on the page as it stands. */
export async function axe(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(
    violations.map((one) => `${where}: ${one.id} ${one.nodes[0]?.target} ${one.nodes[0]?.failureSummary}`),
  ).toEqual([])
}
