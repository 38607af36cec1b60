import { expect, test } from '@playwright/test'
import { comeIn, GUARD, INSPECTOR } from './people.ts'

test('passages are found by a part of the plate, as table and as photos, and the search is kept', async ({
  page,
}) => {
  await comeIn(page)
  await page.goto('/records')
  const rows = page.getByRole('row')
  // The newest vehicle may be one whose plate was not read.
  const plate = await rows
    .getByRole('img', { name: /^.[A-Z]/ })
    .first()
    .getAttribute('aria-label')
  const part = plate?.slice(2, 6).toLowerCase() ?? ''
  await page.getByLabel('车牌号码').fill(part)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`plate=${part}`))
  await expect(page.getByText(/^\d+ 条$/)).toBeVisible()
  for (const found of await rows.getByRole('img', { name: /^.[A-Z]/ }).all()) {
    await expect(found).toHaveAttribute('aria-label', new RegExp(part, 'i'))
  }
  await page.getByRole('button', { name: '照片墙' }).click()
  await expect(page.locator('.wall img').first()).toBeVisible()

  await page.getByRole('button', { name: '保存这个查询' }).click()
  await page.getByPlaceholder('查询的名字').fill('常看的车')
  await page.keyboard.press('Enter')
  await page.goto('/records')
  await page.getByRole('button', { name: '常看的车', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`plate=${part}`))
})

test('one passage shows every photo large, and how sure each character was', async ({ page }) => {
  await comeIn(page)
  await page.goto('/records')
  await page.getByRole('row').nth(1).getByRole('link').first().click()
  const photo = page.getByRole('group', { name: '照片：滚轮' })
  await expect(photo.getByRole('img')).toBeVisible()
  await photo.focus()
  await page.keyboard.press('+')
  await expect(photo.getByRole('img')).toHaveCSS('transform', /matrix\(1\.4/)
  await expect(page.getByRole('heading', { name: '台账内容' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/records$/)
})

test('each role sees only what is theirs', async ({ page }) => {
  await comeIn(page, GUARD)
  await page.goto('/records')
  await expect(page.getByRole('link', { name: '人员' })).toBeHidden()
  await expect(page.getByRole('link', { name: '导出 Excel' })).toBeHidden()
  await page.goto('/people')
  await expect(page).toHaveURL(/\/$/)
  expect((await page.request.get('/api/people')).status()).toBe(403)

  await comeIn(page, INSPECTOR)
  await page.goto('/')
  await expect(page.getByRole('link', { name: '补录' })).toBeHidden()
  await expect(page.getByRole('article').first()).toBeVisible()
  await expect(page.getByRole('button', { name: '更正' })).toHaveCount(0)
})

test('a passage from paper is entered and found, and a doubtful plate is asked about', async ({
  page,
}) => {
  await comeIn(page, GUARD)
  await page.goto('/paper')
  await page.getByLabel('通过时间').fill('2026-03-01T08:30')
  await page.getByLabel('车道').selectOption('north-in')
  await page.getByLabel('车牌号码').fill('鲁b·７７７')
  await page.getByLabel('为什么记在纸上').fill('停电')
  await page.getByRole('button', { name: '录入', exact: true }).click()
  await expect(page.locator('.problem')).toContainText('再按一次录入')
  await page.getByLabel('车牌号码').fill('鲁b·７７７77')
  await page.reload()
  await expect(page.getByLabel('车牌号码')).toHaveValue('鲁b·７７７77')
  await page.getByRole('button', { name: '录入', exact: true }).click()
  await page.getByRole('status').getByRole('link').click()
  await expect(page.getByRole('img', { name: /^鲁B77777/ }).first()).toBeVisible()
  await expect(page.getByText(`${GUARD.name} · 停电`)).toBeVisible()
})

test('a person is added and can come in', async ({ page, browser }) => {
  await comeIn(page)
  await page.goto('/people')
  await page.getByRole('button', { name: '新增人员' }).click()
  const form = page.getByRole('dialog', { name: '账号' })
  await form.getByLabel('姓名').fill('王五')
  await form.getByLabel('密码').fill('ein-langes-wort-9')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('王五')).toBeVisible()
  const other = await browser.newPage()
  await comeIn(other, { name: '王五', password: 'ein-langes-wort-9' })
  await other.close()
})
