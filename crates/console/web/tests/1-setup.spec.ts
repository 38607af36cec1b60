import { expect, test } from '@playwright/test'
import { GUARD, give, INSPECTOR, INSTALLER } from './people.ts'

test('the first account is made on the first page, then one logs in by it', async ({ page }) => {
  await page.goto('/')
  await expect(page).toHaveURL(/\/login$/)
  await page.getByLabel('姓名').fill(INSTALLER.name)
  await page.getByLabel('密码', { exact: true }).fill(INSTALLER.password)
  await page.getByLabel('再输一遍密码').fill('something else')
  await page.getByRole('button', { name: '建立账号' }).click()
  await expect(page.getByRole('alert')).toContainText('不一样')

  await page.getByLabel('密码', { exact: true }).fill(INSTALLER.password)
  await page.getByLabel('再输一遍密码').fill(INSTALLER.password)
  await page.getByRole('button', { name: '建立账号' }).click()
  await expect(page.getByRole('link', { name: '现场' })).toBeVisible()
  await expect(page.getByText('测试钢铁厂')).toBeVisible()

  await page.getByRole('button', { name: '退出登录' }).click()
  await expect(page).toHaveURL(/\/login$/)
  await page.getByLabel('姓名').fill(INSTALLER.name)
  await page.getByLabel('密码').fill('wrong, I fear')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('密码').fill(INSTALLER.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: '现场' })).toBeVisible()

  await give(page, { ...GUARD, role: 'guard' })
  await give(page, { ...INSPECTOR, role: 'inspector', ends_on: '2099-12-31' })
})

test('the page speaks English by one click and remembers it', async ({ page }) => {
  await page.goto('/login')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('button', { name: 'Log in', exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Password')).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('nothing is shown without log-in, and one comes back to where one was', async ({ page }) => {
  await page.goto('/records?plate=A1')
  await expect(page).toHaveURL(/\/login\?to=/)
  await page.getByLabel('姓名').fill(GUARD.name)
  await page.getByLabel('密码').fill(GUARD.password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/records\?plate=A1$/)
})
