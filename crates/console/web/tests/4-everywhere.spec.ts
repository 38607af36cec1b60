import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { comeIn } from './people.ts'

const PAGES = [
  '/',
  '/records',
  '/records/1',
  '/alarms',
  '/inside',
  '/handover',
  '/registers',
  '/figures',
  '/paper',
  '/rules',
  '/cameras',
  '/inspections',
  '/people',
  '/sign-ins',
]
const SIZES = [
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
  // 1366 × 768 at 400 %.
  { width: 342, height: 192 },
]

for (const theme of ['day', 'night']) {
  test(`nothing stands in the way of anybody, by ${theme}`, async ({ page }) => {
    test.setTimeout(120_000)
    const all: string[][] = []
    await page.addInitScript(
      (is) => localStorage.setItem('menjin.theme', JSON.stringify(is)),
      theme,
    )
    await page.goto('/login')
    await check('/login')
    await comeIn(page)
    for (const path of PAGES) await check(path)
    await page.goto('/')
    await page.getByRole('button', { name: '更正' }).first().click()
    await expect(page.getByRole('dialog').locator('.slot').first()).toBeVisible()
    await serious('correction')
    expect(all).toEqual([])

    async function check(path: string) {
      await page.goto(path)
      await page.waitForLoadState('load')
      await expect(page.locator('h1').first()).toBeAttached()
      await serious(path)
    }
    async function serious(where: string) {
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      all.push(...found.map(({ id, nodes }) => [where, id, nodes[0]?.html ?? '']))
    }
  })
}

test('no page scrolls sideways, on a phone or at 400 %', async ({ page }) => {
  test.setTimeout(120_000)
  await comeIn(page)
  for (const path of PAGES) {
    await page.goto(path)
    await expect(page.locator('h1').first()).toBeAttached()
    for (const size of SIZES) {
      await page.setViewportSize(size)
      // Charts follow their box a moment later.
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth), {
          message: `${path} at ${size.width}`,
        })
        .toBeLessThanOrEqual(0)
    }
  }
})

test('nothing on any page is against the policy of the page', async ({ page }) => {
  const said: string[] = []
  page.on('console', (message) => {
    // A lane without a picture answers 404, which the browser tells as well.
    const isAnswer = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isAnswer) said.push(message.text())
  })
  page.on('pageerror', (error) => said.push(error.message))
  await comeIn(page)
  for (const path of PAGES) {
    await page.goto(path)
    await page.waitForTimeout(400)
  }
  expect(said).toEqual([])
})

test('help is there on every page in both languages', async ({ page }) => {
  await comeIn(page)
  for (const path of PAGES) {
    await page.goto(path)
    await page.getByRole('button', { name: '帮助' }).click()
    await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible()
    await page.keyboard.press('Escape')
  }
})
