import { expect, test } from '@playwright/test'
import { newGate } from './gate.ts'
import { INSTALLER } from './people.ts'

test('a gate that was just installed asks for enterprise and camera, and then records', async ({
  browser,
}) => {
  test.setTimeout(400_000)
  const gate = await newGate()
  const camera = await gate.camera()
  const context = await browser.newContext({ baseURL: gate.address, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByLabel('姓名').fill(INSTALLER.name)
  await page.getByLabel('密码', { exact: true }).fill(INSTALLER.password)
  await page.getByLabel('再输一遍密码').fill(INSTALLER.password)
  await page.getByRole('button', { name: '建立账号' }).click()

  // There is nothing to guard yet: the page leads to where that begins.
  await expect(page).toHaveURL(/\/cameras$/)
  await expect(page.getByText('三步开始记录')).toBeVisible()
  await page.getByLabel('企业名称').fill('新装钢铁厂')
  await page.getByLabel('企业编号').fill('T9')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('button', { name: '修改企业' })).toBeVisible()
  expect(gate.configuration()).toContain('新装钢铁厂')

  await page.getByRole('button', { name: '添加摄像机' }).click()
  const dialog = page.getByRole('dialog', { name: '添加摄像机' })
  await dialog.getByLabel('地址').fill(camera.address)
  await dialog.getByRole('button', { name: '下一步' }).click()
  await dialog.getByLabel('ONVIF 用户').fill(camera.user)
  await dialog.getByLabel('密码').fill(camera.password)
  await dialog.getByRole('button', { name: '连接' }).click()
  await dialog.getByRole('button', { name: '看一眼画面' }).click()
  await expect(dialog.getByRole('img', { name: camera.address })).toBeVisible()
  await dialog.getByRole('button', { name: '下一步' }).click()
  await dialog.getByLabel('车道名').fill('west-out')
  await dialog.getByLabel('方向').selectOption('out')
  await dialog.getByRole('button', { name: '添加车道' }).click()
  await expect(dialog).toBeHidden()

  await page.getByRole('button', { name: '现在重启' }).click()
  const added = page.getByRole('article').filter({ hasText: 'west-out' })
  await expect(added).toBeVisible({ timeout: 120_000 })
  await expect(page.getByText('三步开始记录')).toBeHidden()
  await page.goto('/')
  await expect(page.getByText('新装钢铁厂')).toBeVisible()
  const passages = page.getByRole('region', { name: '通行记录' }).getByRole('article')
  await expect(passages.first()).toBeVisible({ timeout: 180_000 })
  await context.close()
  await gate.stop()
})
