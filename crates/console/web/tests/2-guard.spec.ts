import { expect, test, type Page } from '@playwright/test'
import { comeIn, GUARD } from './people.ts'

const cards = (page: Page) => page.getByRole('region', { name: '通行记录' }).getByRole('article')
const tasks = (page: Page) => page.getByRole('region', { name: '待办' }).getByRole('listitem')
const dialog = (page: Page) => page.getByRole('dialog', { name: '核对车牌' })
const shown = async (page: Page) =>
  (await dialog(page).locator('.slot b').allTextContents()).join('')

test.beforeEach(async ({ page }) => {
  await comeIn(page, GUARD)
  await page.goto('/')
})

test('a lane is live, and a passage comes in by itself with both photos', async ({ page }) => {
  const lane = page
    .getByRole('region', { name: '车道' })
    .getByRole('article')
    .filter({ hasText: 'north-in' })
  const picture = lane.getByRole('img', { name: '实时画面' })
  await expect(picture).toBeVisible()
  const first = await picture.getAttribute('src')
  await expect(picture).not.toHaveAttribute('src', first ?? '')
  // North-in plays at its own speed: its next vehicle is decided while we look.
  const before = await cards(page).count()
  await expect.poll(() => cards(page).count(), { timeout: 45_000 }).toBeGreaterThan(before)
  const whole = cards(page).filter({ has: page.locator('figure + figure img') })
  await expect(whole.first()).toBeVisible()
})

test('one wrong character is set right in five keys and goes to the platform again', async ({
  page,
}) => {
  // What was sent already: else the platform gets the right plate with the passage itself.
  const card = cards(page)
    .filter({ hasText: '已上传', has: page.getByRole('img', { name: /^.[A-Z]/ }) })
    .first()
  await card.getByRole('button', { name: '更正' }).click()
  await expect(dialog(page).locator('.slot').first()).toBeVisible()
  const was = await shown(page)
  expect(was.length).toBeGreaterThanOrEqual(7)
  // Four keys to the last place and its character, the fifth saves.
  const last = was.at(-1) === '9' ? '8' : '9'
  for (const key of ['End', 'Backspace', last, 'Enter']) await page.keyboard.press(key)
  await expect(dialog(page)).toBeHidden()

  const now = was.slice(0, -1) + last
  const corrected = cards(page)
    .filter({ has: page.getByRole('img', { name: now }) })
    .first()
  await expect(corrected).toContainText('人工更正')
  await corrected.getByRole('link').first().click()
  await expect(page.getByText(`${GUARD.name} · 看照片更正`)).toBeVisible()
  const again = page.getByRole('row').filter({ hasText: '第 1 次更正后' })
  await expect(again.getByText('已上传')).toBeVisible()
})

test('an unread vehicle is entered by keyboard alone, the province by its pinyin', async ({
  page,
}) => {
  await expect(tasks(page).first()).toBeVisible()
  const unread = tasks(page).filter({ hasText: '未识别' }).first()
  await unread.getByRole('button').focus()
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeVisible()
  await page.keyboard.press('j')
  await expect(dialog(page).getByRole('button', { name: '1 冀' })).toBeVisible()
  await page.keyboard.press('1')
  await page.keyboard.type('a12b45')
  expect(await shown(page)).toBe('冀A12B45')
  await page.keyboard.press('ArrowDown')
  const id = /№ (\d+)/.exec(await dialog(page).innerText())?.[1]
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByText(`№ ${id}`)).toBeHidden()
  await page.goto(`/records/${id}`)
  await expect(page.getByRole('img', { name: /^冀A12B45/ }).first()).toBeVisible()
})

test('a Chinese input method and full-width letters are understood', async ({ page }) => {
  await cards(page).first().getByRole('button', { name: '更正' }).click()
  await expect(dialog(page).locator('.slot').first()).toBeVisible()
  const ime = await page.context().newCDPSession(page)
  await page.keyboard.press('Home')
  // The province is composed by the input method itself.
  await ime.send('Input.imeSetComposition', { text: 'su', selectionStart: 2, selectionEnd: 2 })
  await ime.send('Input.insertText', { text: '苏' })
  await expect.poll(() => shown(page)).toMatch(/^苏/)
  // A letter is taken as it is, before the input method makes a word of it.
  await ime.send('Input.imeSetComposition', { text: 'b', selectionStart: 1, selectionEnd: 1 })
  await expect.poll(() => shown(page)).toMatch(/^苏B/)
  await ime.send('Input.insertText', { text: '·Ｃ１２' })
  await expect.poll(() => shown(page)).toMatch(/^苏BC12/)
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
})

test('what was typed survives a reload and a line that is cut', async ({ page, context }) => {
  const card = cards(page).filter({ hasText: '放行' }).last()
  const number = await card.getByRole('link').first().getAttribute('href')
  await card.getByRole('button', { name: '更正' }).click()
  await expect(dialog(page).locator('.slot').first()).toBeVisible()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Q')
  const typed = await shown(page)
  await context.setOffline(true)
  await page.keyboard.press('Enter')
  await expect(page.getByText('服务没有应答', { exact: false }).first()).toBeVisible()
  expect(await shown(page)).toBe(typed)
  await context.setOffline(false)
  await expect(page.locator('.away')).toBeHidden()

  await page.reload()
  const same = cards(page).filter({
    has: page.locator(`a[href="${number}"]`),
  })
  await same.getByRole('button', { name: '更正' }).click()
  await expect.poll(() => shown(page)).toBe(typed)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
})

test('what was typed survives the end of the session', async ({ page }) => {
  const card = cards(page).filter({ hasText: '放行' }).last()
  const number = await card.getByRole('link').first().getAttribute('href')
  await card.getByRole('button', { name: '更正' }).click()
  await expect(dialog(page).locator('.slot').first()).toBeVisible()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('W')
  const typed = await shown(page)
  // Somebody signs out in another window.
  const headers = { 'X-Menjin': '1', 'Sec-Fetch-Site': 'same-origin' }
  const answer = await page.request.delete('/api/session', { headers })
  expect(answer.ok()).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByLabel('姓名').fill(GUARD.name)
  await page.getByLabel('密码').fill(GUARD.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  const same = cards(page).filter({ has: page.locator(`a[href="${number}"]`) })
  await same.getByRole('button', { name: '更正' }).click()
  await expect.poll(() => shown(page)).toBe(typed)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
  await expect(same.getByRole('img', { name: typed }).first()).toBeVisible()
})
