import { expect, test, type Page } from '@playwright/test'
import { anotherGate } from './gate.ts'
import { comeIn, give, GUARD, makeFirst, MANAGER } from './people.ts'

const WORDS = '重污染天气红色预警Ⅰ级响应：停止公路运输（民生保障除外）。'
const sent = (page: Page) => page.getByRole('region', { name: '平台下发，待处理' })

test('a strategy that a platform sent moves nothing, is confirmed, and a truck is then denied', async ({
  browser,
}) => {
  test.slow()
  const gate = await anotherGate()
  const context = await browser.newContext({ baseURL: gate.address, locale: 'zh-CN' })
  const page = await context.newPage()
  await makeFirst(page)
  for (const [person, role] of [
    [MANAGER, 'manager'],
    [GUARD, 'guard'],
  ] as const)
    await give(page, { ...person, role })
  await gate.publish(WORDS)
  await comeIn(page, MANAGER)
  await page.goto('/rules')
  await expect(async () => {
    await page.reload()
    await expect(sent(page).getByText(WORDS)).toBeVisible({ timeout: 2_000 })
  }).toPass()
  await expect(sent(page).getByText('现在不影响起杆')).toBeVisible()

  // Nothing is in force: a truck would pass.
  await page.getByRole('button', { name: '试算', exact: true }).first().click()
  const explain = page.locator('form').filter({ hasText: '这辆车会怎样' })
  await explain.getByLabel('车牌号码').fill('冀A12345')
  await explain.getByRole('button', { name: '试算' }).click()
  await expect(explain.getByRole('status')).toContainText('放行')

  await page.getByRole('button', { name: '管控措施' }).click()
  await sent(page).getByRole('button', { name: '核对并确认' }).click()
  const dialog = page.getByRole('dialog', { name: '核对并确认' })
  await expect(dialog.getByText(WORDS)).toBeVisible()
  await expect(dialog.getByLabel('名称（')).toHaveValue('停止公路运输')
  // The site's lanes see cars as well as trucks: here everything is bound.
  await dialog.getByLabel('新能源', { exact: false }).setChecked(false)
  for (const kind of ['货车（全部）', '牵引车（全部）', '挂车', '专项作业车（全部）'])
    await dialog.getByLabel(kind, { exact: true }).setChecked(false)
  await dialog.getByLabel('原因').fill('红色预警，按平台通知执行')
  await dialog.getByRole('button', { name: '确认，立即生效' }).click()
  await expect(dialog).toBeHidden()
  const held = page.getByRole('article', { name: '停止公路运输' })
  await expect(held).toContainText('正在限行')
  await expect(held).toContainText(MANAGER.name)

  // The next vehicle that is surely read is denied, and the guard sees by which rule.
  await comeIn(page, GUARD)
  await page.goto('/')
  const denied = page
    .getByRole('region', { name: '通行记录' })
    .getByRole('article')
    .filter({ hasText: '管控措施生效，禁止通行' })
  await expect(denied.first()).toBeVisible({ timeout: 60_000 })
  await expect(denied.first()).toContainText('禁行')
  await denied.first().getByRole('link').first().click()
  await expect(page.getByText('依据：“停止公路运输”', { exact: false }).first()).toBeVisible()
  // A guard reads, and changes nothing.
  await page.goto('/rules')
  await expect(page.getByRole('article', { name: '停止公路运输' })).toBeVisible()
  await expect(page.getByRole('button', { name: '结束' })).toHaveCount(0)

  await comeIn(page, MANAGER)
  await page.goto('/rules')
  await page.getByRole('button', { name: '结束', exact: true }).click()
  const end = page.getByRole('dialog')
  await end.getByLabel('原因').fill('预警解除')
  await end.getByRole('button', { name: '结束' }).click()
  await expect(page.getByText('现在没有管控措施')).toBeVisible()
  await context.close()
  await gate.stop()
})
