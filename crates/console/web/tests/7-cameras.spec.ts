import { expect, test } from '@playwright/test'
import { anotherGate } from './gate.ts'
import { comeIn, makeFirst } from './people.ts'

test('a camera is found, seen, made into a lane, drawn and checked, without an editor', async ({
  browser,
}) => {
  test.setTimeout(400_000)
  const gate = await anotherGate()
  const camera = await gate.camera()
  const context = await browser.newContext({ baseURL: gate.address, locale: 'zh-CN' })
  const page = await context.newPage()
  await makeFirst(page)
  await comeIn(page)
  await page.goto('/cameras')
  const cards = page.getByRole('article')
  await expect(cards).toHaveCount(1)

  await page.getByRole('button', { name: '添加摄像机' }).click()
  const dialog = page.getByRole('dialog', { name: '添加摄像机' })
  await dialog.getByLabel('地址').fill(camera.address)
  await dialog.getByRole('button', { name: '下一步' }).click()
  await dialog.getByLabel('ONVIF 用户').fill(camera.user)
  await dialog.getByLabel('密码').fill('wrong')
  await dialog.getByRole('button', { name: '连接' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('密码').fill(camera.password)
  await dialog.getByRole('button', { name: '连接' }).click()
  await dialog.getByRole('button', { name: '看一眼画面' }).click()
  const picture = dialog.getByRole('img', { name: camera.address })
  await expect(picture).toBeVisible()
  await dialog.getByRole('button', { name: '下一步' }).click()

  await dialog.getByLabel('车道名').fill('north-in')
  await dialog.getByLabel('道闸').fill('02')
  await dialog.getByLabel('方向').selectOption('out')
  await dialog.getByRole('button', { name: '添加车道' }).click()
  await expect(dialog.getByRole('alert')).toContainText('north-in')
  await dialog.getByLabel('车道名').fill('west-out')
  await dialog.getByRole('button', { name: '添加车道' }).click()
  await expect(dialog).toBeHidden()

  await page.getByRole('button', { name: '现在重启' }).click()
  await expect(page.getByText('正在重启…')).toBeVisible()
  const added = cards.filter({ hasText: 'west-out' })
  await expect(added).toBeVisible({ timeout: 120_000 })
  await expect(added.getByText('正常', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: '现在重启' })).toBeHidden()

  // Where plates count is drawn by keyboard; the file of the configuration has it.
  await added.getByRole('button', { name: '设定识别区域' }).click()
  await added.getByRole('button', { name: '第 1 个角', exact: true }).focus()
  for (let steps = 0; steps < 5; steps++) await page.keyboard.press('ArrowDown')
  await added.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('配置已改动')).toBeVisible()
  expect(gate.configuration()).toContain('0.05')

  await added.getByLabel('看多久').selectOption('20')
  await added.getByRole('button', { name: '开始体检' }).click()
  await expect(added.getByText(/正在看画面/)).toBeVisible()
  await expect(added.getByText('画面尺寸')).toBeVisible({ timeout: 90_000 })
  await context.close()
  await gate.stop()
})
