import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { comeIn, GUARD } from './people.ts'

const PICTURE = resolve(import.meta.dirname, '../../../../testdata/images/full-blue-day.jpg')

test('another system gets a token that reads pictures, and none once it is ended', async ({
  page,
  playwright,
  baseURL,
}) => {
  await comeIn(page)
  await page.goto('/people')
  await page.getByRole('button', { name: '新增令牌' }).click()
  await page.getByLabel('给哪个系统用').fill('地磅软件')
  await page.getByLabel('能做什么').selectOption({ label: '送图片来识读车牌' })
  await page.getByRole('button', { name: '保存' }).click()
  const once = page.getByRole('status').filter({ hasText: '只显示这一次' })
  const token = await once.locator('code').innerText()
  const program = await playwright.request.newContext({
    baseURL,
    ignoreHTTPSErrors: true,
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  })
  const read = () => program.post('/api/read', { data: readFileSync(PICTURE) })
  const answer = await read()
  expect(answer.status()).toBe(200)
  const plates = ((await answer.json()) as { plates: { plate: string; sure: boolean }[] }).plates
  expect(plates[0]).toMatchObject({ plate: '豫H96UW7', sure: true })
  expect((await program.get('/api/passages')).status()).toBe(403)

  await once.getByRole('button', { name: '我已保存' }).click()
  const row = page.getByRole('listitem').filter({ hasText: '地磅软件' })
  await page.reload()
  await expect(row).toContainText('最近使用')
  await row.getByRole('button', { name: '停用' }).click()
  await expect(row.getByRole('alert')).toContainText('地磅软件 立即不能再连接')
  await row.getByRole('button', { name: '停用' }).click()
  await expect(row).toHaveCount(0)
  expect((await read()).status()).toBe(401)
  await program.dispose()
})

test('a guard has read what a camera sees now', async ({ page }) => {
  await comeIn(page, GUARD)
  await page.goto('/')
  const lane = page.getByRole('article').filter({ hasText: 'dark-in' })
  await lane.getByRole('button', { name: '立即识读' }).click()
  const dialog = page.getByRole('dialog', { name: 'dark-in 现在的画面' })
  await expect(dialog.getByText('画面上没有找到车牌')).toBeVisible({ timeout: 20_000 })
  await expect(dialog).toContainText('只看不记')
  await dialog.getByRole('button', { name: '再读一次' }).click()
  await expect(dialog.getByText('画面上没有找到车牌')).toBeVisible()
})
