import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { anotherGate } from './gate.ts'

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1024, height: 768 },
  { width: 720, height: 1280 },
]

test('a driver reads what was decided and why on any screen, without an account', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const gate = await anotherGate()
  const context = await browser.newContext({ baseURL: gate.address, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto('/display/north-in')
  // Nobody is there yet, or somebody is already; the next vehicle stands on it with all that is required.
  await expect(page.locator('#plate')).toHaveText(/^[一-龥][A-Z]/, { timeout: 90_000 })
  for (const label of ['车牌号码', '排放标准', '进出时间', '原因'])
    await expect(page.locator('#decision')).toContainText(label)
  await expect(page.locator('#verdict')).toContainText('允许通行')
  await expect(page.locator('#control')).not.toBeEmpty()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    // Nobody scrolls at a gate.
    const cut = await page.evaluate(() => {
      const outside = (box: DOMRect) => box.right > innerWidth + 1 || box.bottom > innerHeight + 1
      return [...document.querySelectorAll('main:not([hidden]) b, main:not([hidden]) dd')]
        .filter((element) => outside(element.getBoundingClientRect()))
        .map((element) => element.id)
    })
    expect(cut, `${size.width}`).toEqual([])
  }
  for (const isNight of [false, true]) {
    await page.evaluate((is) => document.documentElement.classList.toggle('night', is), isNight)
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious')
    expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  }

  await page.goto('/board')
  await expect(page.getByText('测试钢铁厂').first()).toBeVisible()
  await expect(page.getByText('王建国', { exact: false })).toBeVisible()

  // A gate that has died does not leave an old decision standing.
  await page.goto('/display/north-in')
  await expect(page.locator('#away')).toBeHidden()
  await gate.stop()
  await expect(page.locator('#away')).toBeVisible()
  await expect(page.locator('#decision')).toBeHidden()
  await context.close()
})
