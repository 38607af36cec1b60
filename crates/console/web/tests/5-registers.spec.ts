import { expect, test } from '@playwright/test'
import { comeIn, GUARD } from './people.ts'

test('a vehicle is registered on the page, what is wrong is told beside its field', async ({
  page,
}) => {
  await comeIn(page)
  await page.goto('/registers')
  await page.getByRole('button', { name: '新增' }).click()
  const form = page.getByRole('dialog', { name: '登记内容' })
  await form.getByLabel('车牌号码').fill('苏a·１２３４５')
  await form.getByLabel('号牌颜色').selectOption({ label: '黄' })
  await form.getByLabel('车辆识别代号').fill('123')
  await form.getByLabel('原因').fill('新车登记')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(form.getByRole('alert')).toBeVisible()
  await expect(form.getByLabel('车辆识别代号')).toHaveAttribute('aria-invalid', 'true')
  await form.getByLabel('车辆识别代号').fill('')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(form).toBeHidden()
  const row = page.getByRole('row').filter({ hasText: '苏A12345' })
  await expect(row).toContainText('草稿')
})

test('a table is checked before it is taken', async ({ page }) => {
  await comeIn(page)
  await page.goto('/registers/fleet')
  await page.getByRole('button', { name: '导入表格' }).click()
  const dialog = page.getByRole('dialog', { name: '导入表格' })
  const choose = (name: string, text: string) =>
    dialog
      .getByLabel('表格（')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await choose('fleets.csv', '车队名称,联系电话\n一队,13800000000\n二队,12\n')
  await expect(dialog.getByText('第 3 行')).toBeVisible()
  await expect(dialog.getByRole('button', { name: /^导入 \d/ })).toBeDisabled()
  await choose('fleets.csv', '车队名称,联系电话\n一队,13800000000\n二队,13900000000\n')
  await dialog.getByLabel('原因').fill('年初导入')
  await dialog.getByRole('button', { name: '导入 2 条' }).click()
  await expect(page.getByRole('row').filter({ hasText: '二队' })).toBeVisible()
})

test('a guard looks into registers and changes none', async ({ page }) => {
  await comeIn(page, GUARD)
  await page.goto('/registers')
  await expect(page.getByRole('button', { name: '新增' })).toHaveCount(0)
  await expect(page.getByRole('checkbox')).toHaveCount(0)
  await page.getByRole('button', { name: /苏A12345/ }).click()
  await expect(page.getByRole('dialog').getByLabel('车辆型号')).toBeDisabled()
})

test('a vehicle has a page of its own, and who is inside is listed until the exit is entered', async ({
  page,
}) => {
  await comeIn(page)
  await page.goto('/inside')
  const rows = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: '已离场…' }) })
  await expect(rows.first()).toBeVisible()
  const before = await rows.count()
  const plate =
    (await rows.first().getByRole('img').getAttribute('aria-label'))?.split(' ')[0] ?? ''
  await rows.first().getByRole('link').first().click()
  await expect(page.getByRole('heading', { name: plate })).toBeAttached()
  await expect(page.getByText('在场内', { exact: true })).toBeVisible()
  await expect(page.locator('.wall img').first()).toBeVisible()

  await page.goto('/inside')
  await rows.first().getByRole('button', { name: '已离场…' }).click()
  await page.getByRole('button', { name: '去补录' }).click()
  await expect(page.getByLabel('车牌号码')).toHaveValue(plate)
  const now = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 16)
  await page.getByLabel('通过时间').fill(now)
  await page.getByLabel('车道').selectOption('north-in')
  await page.getByLabel('为什么记在纸上').fill('出场未拍到')
  await page.getByRole('button', { name: '录入', exact: true }).click()
  await expect(page.getByRole('status').getByRole('link')).toBeVisible()
  await page.goto('/inside')
  await expect(rows).toHaveCount(before - 1)
})
