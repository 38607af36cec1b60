import { execFileSync, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { comeIn, GUARD, INSPECTOR } from './people.ts'

const PROJECT = resolve(import.meta.dirname, '../../../..')
const MENJIN =
  process.env.MENJIN ??
  join(process.env.CARGO_TARGET_DIR ?? join(PROJECT, 'target'), 'release/menjin')

function verified(pack: string) {
  const done = spawnSync(MENJIN, ['verify', '--pack', pack], { encoding: 'utf8', cwd: '/' })
  return { code: done.status, said: done.stdout + done.stderr }
}

/** One byte of a photo in the pack is changed, and nothing else. Gives the photo's name. */
const TAMPER = `
import sys, zipfile
old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w')
photo = next(n for n in old.namelist() if n.startswith('photos/') and '/head-r' in n)
for name in old.namelist():
    data = bytearray(old.read(name))
    if name == photo: data[len(data) // 2] ^= 1
    new.writestr(name, bytes(data))
new.close()
print(photo)
`

test('an inspector freezes, draws, marks and takes a pack away that proves itself', async ({
  page,
}, info) => {
  await comeIn(page, INSPECTOR)
  await page.goto('/inspections')
  await page.getByRole('form', { name: '冻结' }).getByRole('button', { name: '冻结' }).click()
  const code = await page.locator('.code').innerText()
  expect(code).toMatch(/^[0-9a-f]{64}$/)

  await page.getByLabel('种子', { exact: true }).fill('雨天 7')
  await page.getByRole('button', { name: '抽取', exact: true }).click()
  const passages = page.getByRole('region', { name: '通行', exact: true })
  const first = passages.locator('[data-thing]').first()
  await expect(first).toBeVisible()
  await first.getByRole('button', { name: '查看明细' }).click()
  await expect(first.getByText(/必填项 \d+\/24/)).toBeVisible()
  await expect(first.getByText('与台账一致').first()).toBeVisible()

  await first.getByRole('button', { name: '不符' }).click()
  await expect(page.getByRole('alert').filter({ hasText: '写明情况' })).toBeVisible()
  await first.getByLabel(/备注/).fill('国五，台账为国六')
  await first.getByRole('button', { name: '不符' }).click()
  await expect(first.getByText('不符 · 国五，台账为国六')).toBeVisible()
  await first.getByRole('button', { name: '相符' }).click()
  await expect(first.getByText(/相符\s*·\s*核查员/)).toBeVisible()

  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载核查包' }).click()
  const pack = info.outputPath('pack.zip')
  await (await coming).saveAs(pack)
  const good = verified(pack)
  expect(good.code, good.said).toBe(0)
  expect(good.said).toContain(code)

  const changed = info.outputPath('changed.zip')
  const photo = execFileSync('python3', ['-c', TAMPER, pack, changed], { encoding: 'utf8' }).trim()
  const refused = verified(changed)
  expect(refused.code, refused.said).toBe(1)
  expect(refused.said).toContain(photo)
})

test('whoever draws again is seen, and a guard has no such page', async ({ page }) => {
  await comeIn(page)
  await page.goto('/inspections')
  await page.getByRole('button', { name: '新的核查' }).click()
  await page.getByRole('form', { name: '冻结' }).getByRole('button', { name: '冻结' }).click()
  await page.getByLabel('种子', { exact: true }).fill('a better one')
  await page.getByRole('button', { name: '抽取', exact: true }).click()
  const all = page.getByRole('region', { name: '全部冻结和抽取' }).getByRole('listitem')
  await expect(all.filter({ hasText: '核查员 抽取，种子“雨天 7”' }).first()).toBeVisible()
  await expect(all.filter({ hasText: '李工 抽取，种子“a better one”' }).first()).toBeVisible()

  await page.context().clearCookies()
  await comeIn(page, GUARD)
  await page.goto('/inspections')
  await expect(page.getByRole('link', { name: '现场' })).toBeVisible()
  await expect(page.getByRole('link', { name: '核查', exact: true })).toHaveCount(0)
})
