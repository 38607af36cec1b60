import { expect, test } from '@playwright/test'
import { comeIn, GUARD } from './people.ts'

test('a camera that ends in darkness is an alarm above every page until a guard says why', async ({
  page,
}) => {
  await comeIn(page, GUARD)
  await page.goto('/records')
  const bar = page.getByRole('alert').filter({ hasText: 'dark-in' })
  await expect(bar).toContainText('画面全黑', { timeout: 60_000 })
  await expect(bar).toContainText('怎么办')
  await bar.getByRole('button', { name: '处理' }).click()
  const dialog = page.getByRole('dialog', { name: '处理' })
  await expect(dialog.getByRole('button', { name: '保存' })).toBeDisabled()
  await dialog.getByRole('button', { name: '已知，正在检修' }).click()
  await dialog.getByRole('button', { name: '保存' }).click()
  await expect(dialog).toBeHidden()
  await expect(bar).toBeHidden()

  await page.getByRole('link', { name: /^报警/ }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'dark-in' }).first()
  await expect(row).toContainText('已处理')
  await expect(row).toContainText(`${GUARD.name} · 已知，正在检修`)
})
