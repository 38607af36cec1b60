import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, type Locator } from '@playwright/test'
import { comeIn, HEADERS, makeFirst, typeIn } from './people.ts'
import { recordingGate } from './recording.ts'

/** What is recorded before the passage, and after it, as long as its clip takes. */
const BEFORE_MS = 15_000
const AFTER_MS = 65_000

async function lasts(video: Locator): Promise<number> {
  await expect(video).toBeVisible({ timeout: 120_000 })
  const ready = () => video.evaluate((element: HTMLVideoElement) => element.readyState)
  await expect.poll(ready).toBeGreaterThanOrEqual(1)
  return video.evaluate((element: HTMLVideoElement) => element.duration)
}

test('the video of a lift is there by itself, that of a record by a button: played and taken away', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const relay = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const { port } = relay.address() as AddressInfo
  const gate = await recordingGate('h264', `relay = { url = "http://127.0.0.1:${port}/raise" }`)
  const context = await browser.newContext({ baseURL: gate.address, locale: 'zh-CN' })
  const page = await context.newPage()
  await makeFirst(page)
  await comeIn(page)
  await page.waitForTimeout(BEFORE_MS)
  // Whoever typed it in saw it just now.
  await typeIn(page, {
    at: new Date().toISOString(),
    plate: '苏A70101',
    direction: 'in',
    entrance: 'B',
    barrier: '04',
    lane: 'east-in',
  })
  const lifted = await page.request.post('/api/lanes/east-in/lift', {
    headers: HEADERS,
    data: { why: '号牌读不出' },
  })
  expect(lifted.status(), await lifted.text()).toBe(200)
  await page.goto('/handover')
  const lift = page.getByRole('listitem').filter({ hasText: '号牌读不出' })
  await lift.getByText('看录像').click()
  await expect(lift.getByRole('status')).toContainText('结束后一两分钟内截取')
  await page.goto('/records/1')
  const panel = page.getByRole('region', { name: '单独保存的录像' })
  await panel.getByRole('button', { name: '单独保存录像' }).click()
  await expect(panel.getByRole('status')).toContainText('结束后一两分钟内截取')

  await page.waitForTimeout(AFTER_MS)
  // Its file is closed by the service beginning anew.
  await page.request.post('/api/restart', { headers: HEADERS })
  const recorded = await lasts(panel.locator('video'))
  expect(recorded).toBeGreaterThan(60)
  expect(recorded).toBeLessThan(80)

  const taken = page.waitForEvent('download')
  await panel.getByRole('link', { name: /_B_04_苏A70101_p1\.mp4/ }).click()
  const download = await taken
  const hash = createHash('sha256')
    .update(readFileSync(await download.path()))
    .digest('hex')
  await expect(panel.locator('code')).toHaveAttribute('title', hash)

  await page.goto('/handover')
  await lift.getByText('看录像').click()
  const raised = await lasts(lift.locator('video'))
  expect(raised).toBeGreaterThan(60)
  expect(raised).toBeLessThan(80)
  await expect(lift.getByRole('link', { name: /_B_04_.*l1\.mp4/ })).toBeVisible()
  await context.close()
  await gate.stop()
  relay.close()
})
