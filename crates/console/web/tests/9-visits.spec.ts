import { expect, test, type Page } from '@playwright/test'
import { comeIn, give, GUARD, HEADERS, INSPECTOR, INSTALLER, MANAGER, typeIn } from './people.ts'

/** A passage from paper, some minutes ago by the site's clock: the footage knows only those that come in. */
async function passed(page: Page, plate: string, direction: 'in' | 'out', minutesAgo: number) {
  const at = new Date(Date.now() + 8 * 3600e3 - minutesAgo * 60e3)
  await typeIn(page, {
    at: at.toISOString().slice(0, 16).replace('T', ' '),
    plate,
    direction,
    entrance: 'A',
    barrier: '01',
    lane: 'north-in',
  })
}
const panel = (page: Page, name: string | RegExp) => page.getByRole('region', { name })
const sheet = (page: Page) => page.getByRole('dialog')

test('a guard notes and tags a vehicle, and takes that back with a reason', async ({ page }) => {
  await comeIn(page, GUARD)
  await passed(page, '苏A70001', 'in', 50)
  await page.goto('/vehicles/苏A70001')
  const remarks = panel(page, '备注和标签')
  await remarks.getByLabel('备注', { exact: true }).fill('<img src=x onerror=alert(1)>')
  await remarks.getByRole('button', { name: '记下备注' }).click()
  await expect(remarks.getByText('<img src=x onerror=alert(1)>')).toBeVisible()
  await remarks.getByLabel('标签').fill('常欠单')
  await remarks.getByRole('button', { name: '加标签' }).click()
  const tags = page.getByRole('list', { name: '备注和标签' })
  await expect(tags.getByText('常欠单')).toBeVisible()

  await page.goto('/inside')
  const row = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('img', { name: /苏A70001/ }) })
  await expect(row.first().getByText('常欠单')).toBeVisible()
  await row.first().getByRole('link').nth(1).click()
  await expect(page.getByRole('list', { name: '备注和标签' }).getByText('常欠单')).toBeVisible()

  await page.goto('/vehicles/苏A70001')
  const tag = remarks.getByRole('listitem').filter({ hasText: '常欠单' })
  await tag.getByRole('button', { name: '撤回' }).click()
  await sheet(page).getByLabel('原因').fill('单子交了')
  await sheet(page).getByRole('button', { name: '撤回' }).click()
  await expect(remarks.getByText('撤回：单子交了')).toBeVisible()
  await expect(tags).toHaveCount(0)
})

test('an inspector reads notes and what is said of visits, and has no buttons', async ({
  page,
}) => {
  await comeIn(page, INSPECTOR)
  await page.goto('/vehicles/苏A70001')
  await expect(panel(page, '备注和标签').getByText('撤回：单子交了')).toBeVisible()
  await expect(page.getByRole('button', { name: '撤回' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: '对应出厂…' })).toHaveCount(0)
  await page.goto('/inside')
  await expect(page.getByRole('button', { name: '盘点' })).toHaveCount(0)
  await page.goto('/handover')
  await expect(page).toHaveURL(/\/$/)
})

test('an exit that was misread is joined to its entry, and that is taken back', async ({
  page,
}) => {
  await comeIn(page, GUARD)
  await passed(page, '苏A70002', 'in', 40)
  await passed(page, '苏A70003', 'out', 30)
  await page.goto('/vehicles/苏A70002')
  const visits = panel(page, /^进出厂/)
  await visits.getByRole('button', { name: '对应出厂…' }).click()
  await sheet(page)
    .getByRole('radio', { name: /苏A70003/ })
    .check()
  await sheet(page).getByLabel('原因').fill('看照片')
  await sheet(page).getByRole('button', { name: '就是这一次' }).click()
  await expect(visits.getByText('看照片')).toBeVisible()
  await expect(page.getByText('在场内', { exact: true })).toHaveCount(0)
  await page.goto('/vehicles/苏A70003')
  await expect(visits.getByText('号牌 苏A70002')).toBeVisible()

  await visits.getByRole('button', { name: '撤回' }).click()
  await sheet(page).getByLabel('原因').fill('认错车了')
  await sheet(page).getByRole('button', { name: '撤回' }).click()
  await expect(visits.getByText('撤回：认错车了')).toBeVisible()
})

test('two that are not one visit are split, and who left unseen is said so', async ({ page }) => {
  await comeIn(page, GUARD)
  await passed(page, '苏A70004', 'in', 40)
  await passed(page, '苏A70004', 'out', 30)
  await page.goto('/vehicles/苏A70004')
  const visits = panel(page, /^进出厂/)
  await visits.getByRole('button', { name: '不是一次…' }).click()
  await sheet(page).getByLabel('原因').fill('套牌')
  await sheet(page).getByRole('button', { name: '记入台账' }).click()
  await expect(page.getByText('在场内', { exact: true })).toBeVisible()
  await visits.getByRole('button', { name: '已离场…' }).click()
  await sheet(page).getByLabel('原因').fill('门卫看见走的')
  await sheet(page).getByRole('button', { name: '记入台账' }).click()
  await expect(visits.getByText(/前离场，没有拍到/).first()).toBeVisible()
  await expect(page.getByText('在场内', { exact: true })).toHaveCount(0)
})

test('a stocktaking says of all who were not ticked that they left', async ({ page }) => {
  await comeIn(page, GUARD)
  await passed(page, '苏A70005', 'in', 20)
  await passed(page, '苏A70006', 'in', 20)
  await page.goto('/inside')
  await page.getByRole('button', { name: '盘点' }).click()
  const boxes = page.getByRole('checkbox', { name: '在场', exact: true })
  const all = await boxes.count()
  expect(all).toBeGreaterThan(1)
  const stays = page.getByRole('listitem').filter({
    has: page.getByRole('img', { name: /苏A70006/ }),
  })
  await stays.getByRole('checkbox').check()
  await page.getByRole('button', { name: `其余 ${all - 1} 辆已离场…` }).click()
  await expect(sheet(page).getByText(/苏A70005/)).toBeVisible()
  await sheet(page).getByLabel('原因').fill('夜班盘点')
  await sheet(page).getByRole('button', { name: '记入台账' }).click()
  await expect(page.getByText(`${all - 1} 辆已离场`)).toBeVisible()
  await expect(page.getByRole('img', { name: /苏A70005/ })).toHaveCount(0)
  await expect(page.getByRole('img', { name: /苏A70006/ })).toBeVisible()
})

test('what a truck carried is said on its record, with a large amount only once more', async ({
  page,
}) => {
  await comeIn(page, GUARD)
  await page.goto('/records/1')
  await page.getByRole('button', { name: '货物…' }).click()
  await sheet(page).getByLabel('货物名称').fill('焦炭')
  await sheet(page).getByLabel('运输量').fill('31500')
  await sheet(page).getByLabel('原因').fill('磅单')
  await sheet(page).getByRole('button', { name: '保存' }).click()
  await expect(sheet(page).getByRole('alert')).toContainText('公斤')
  await sheet(page).getByLabel('运输量').fill('31.5')
  await sheet(page).getByRole('button', { name: '保存' }).click()
  await expect(sheet(page)).toBeHidden()
  await expect(page.getByText('31.5 t').first()).toBeVisible()
  await expect(page.getByText('焦炭 31.5 t')).toBeVisible()
})

test('a shift is handed over, confirmed by the taker, read again and ready to print', async ({
  page,
}) => {
  await comeIn(page)
  const people = await (await page.request.get('/api/people')).text()
  if (!people.includes(MANAGER.name)) await give(page, { ...MANAGER, role: 'manager' })
  await page.context().clearCookies()
  await comeIn(page, GUARD)
  await page.goto('/handover')
  await expect(page.getByRole('heading', { name: /^通行/ })).toBeVisible()
  const form = page.getByRole('form', { name: '现在交班' })
  await form.getByLabel('交班说明').fill('北门灯坏了\n<b>报修</b>')
  await form.getByLabel('接班人', { exact: true }).fill(MANAGER.name)
  await form.getByLabel('接班人本人输入密码').fill('not the password')
  await form.getByRole('button', { name: '交班' }).click()
  await expect(page.getByRole('alert').filter({ hasText: '密码不对' })).toBeVisible()
  await form.getByLabel('接班人本人输入密码').fill(MANAGER.password)
  await form.getByRole('button', { name: '交班' }).click()
  await expect(page.getByRole('heading', { name: /^交接单 №/ })).toBeVisible()
  await expect(page.getByText('已确认接班')).toBeVisible()
  await expect(page.getByText('<b>报修</b>')).toBeVisible()
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('button', { name: '打印' })).toBeHidden()
  await expect(page.getByText('<b>报修</b>')).toBeVisible()
  await page.emulateMedia({ media: 'screen' })

  await page.getByRole('button', { name: '回到现在' }).click()
  await form.getByLabel('接班人', { exact: true }).fill(MANAGER.name)
  await form.getByRole('button', { name: '交班' }).click()
  await expect(page.getByText('接班未确认').first()).toBeVisible()
  await page.context().clearCookies()
  await comeIn(page, MANAGER)
  await page.goto('/handover')
  await panel(page, '交接单').getByRole('button').first().click()
  await page.getByRole('button', { name: '确认接班…' }).click()
  await sheet(page).getByLabel('密码').fill(MANAGER.password)
  await sheet(page).getByRole('button', { name: '确认接班' }).click()
  await expect(page.getByText('已确认接班')).toBeVisible()
})

test('everybody changes their own password, and the manager reads who did', async ({ page }) => {
  const fresh = 'ein-neues-am-tor-4'
  await comeIn(page, GUARD)
  await page.goto('/')
  await page.getByRole('button', { name: /^张三 .*修改密码$/ }).click()
  await sheet(page).getByLabel('现在的密码').fill('wrong, I fear')
  await sheet(page).getByLabel('新密码', { exact: true }).fill(fresh)
  await sheet(page).getByLabel('再输一遍新密码').fill(fresh)
  await sheet(page).getByRole('button', { name: '保存' }).click()
  await expect(sheet(page).getByRole('alert')).toBeVisible()
  await sheet(page).getByLabel('现在的密码').fill(GUARD.password)
  await sheet(page).getByRole('button', { name: '保存' }).click()
  await expect(sheet(page).getByText('密码已修改')).toBeVisible()
  await sheet(page).getByRole('button', { name: '关闭' }).click()
  await page.context().clearCookies()
  await comeIn(page, { ...GUARD, password: fresh })
  // As the other tests know it.
  const back = { password: fresh, new_password: GUARD.password }
  const answer = await page.request.put('/api/session', { headers: HEADERS, data: back })
  expect(answer.status(), await answer.text()).toBe(200)

  await page.context().clearCookies()
  await comeIn(page, INSTALLER)
  await page.goto('/people')
  await page.getByRole('link', { name: '登录记录' }).click()
  await page.getByLabel('只看账号').selectOption(GUARD.name)
  const lines = page.getByRole('listitem').filter({ hasText: GUARD.name })
  await expect(lines.filter({ hasText: '改了自己的密码' }).first()).toBeVisible()
  await expect(lines.filter({ hasText: '密码不对，被拒绝' }).first()).toBeVisible()
})
