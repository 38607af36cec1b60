import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import { CLOCK_BITS, CLOCK_S, recordingGate } from './recording.ts'
import { comeIn, makeFirst } from './people.ts'

/** So long is recorded before and after the service begins anew. */
const RECORDED_MS = 20_000

interface Day {
  files: { id: number; from: string; until: string }[]
  gaps: { reason: string; until: string | null }[]
}

async function day(page: Page): Promise<Day> {
  const answer = await page.request.get('/api/video/east-in')
  return answer.ok() ? await answer.json() : { files: [], gaps: [] }
}

/** Two files with the gap between them that the service leaves when it begins anew. */
async function record(page: Page): Promise<Day> {
  const headers = { 'X-Menjin': '1', 'Sec-Fetch-Site': 'same-origin' }
  for (const files of [1, 2]) {
    await page.waitForTimeout(RECORDED_MS)
    const answer = await page.request.post('/api/restart', { headers })
    expect(answer.ok(), await answer.text()).toBe(true)
    const count = () =>
      day(page).then(
        ({ files }) => files.length,
        () => 0,
      )
    await expect.poll(count, { timeout: 90_000 }).toBeGreaterThanOrEqual(files)
  }
  return day(page)
}

/** What the page says that it shows, and what the clock in the picture says, both in seconds. */
async function shown(page: Page): Promise<{ told: number; seen: number }> {
  return page.evaluate((bits) => {
    const video = document.querySelector('video') as HTMLVideoElement
    const canvas = document.createElement('canvas')
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    const to = canvas.getContext('2d') as CanvasRenderingContext2D
    to.drawImage(video, 0, 0)
    let seen = 0
    for (let bit = 0; bit < bits; bit++)
      if ((to.getImageData(bit * 100 + 50, 50, 1, 1).data[0] ?? 0) > 180) seen += 2 ** bit
    const told = document.querySelector('.controls time')?.getAttribute('datetime') ?? ''
    return { told: Date.parse(told) / 1000, seen: seen / 5 }
  }, CLOCK_BITS)
}

async function still(page: Page): Promise<{ told: number; seen: number }> {
  const ready = () =>
    page.evaluate(() => {
      const video = document.querySelector('video')
      return video !== null && video.paused && !video.seeking && video.readyState >= 2
    })
  await expect.poll(ready).toBe(true)
  await page.waitForTimeout(500)
  return shown(page)
}

test('the video of a day is played, and the clock in its picture proves each position', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const gate = await recordingGate('h264')
  const context = await browser.newContext({ baseURL: gate.address, locale: 'zh-CN' })
  const page = await context.newPage()
  await makeFirst(page)
  await comeIn(page)
  const { files, gaps } = await record(page)
  expect(gaps.map(({ reason }) => reason)).toContain('service_stopped')

  const first = files[0]
  const middle = new Date(Date.parse(first?.from ?? '') + 4_000)
  await page.goto(`/video?lane=east-in&at=${new Date(middle.getTime() + 8_000).toISOString()}`)
  await expect(page.getByRole('button', { name: 'east-in', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  const begin = await still(page)
  expect(begin.told).toBeCloseTo(middle.getTime() / 1000, 1)
  for (const step of ['+5 s', '+5 s', '−5 s']) {
    await page.getByRole('button', { name: step }).click()
    const there = await still(page)
    const apart = (there.seen - begin.seen + CLOCK_S) % CLOCK_S
    expect(Math.abs(apart - (there.told - begin.told))).toBeLessThan(0.65)
  }

  // It goes on behind the gap by itself, faster than it was recorded.
  await page.getByLabel('速度').selectOption('4')
  await page.getByRole('button', { name: '播放' }).click()
  const second = Date.parse(files[1]?.from ?? '') / 1000
  await expect.poll(async () => (await shown(page)).told).toBeGreaterThan(second + 2)
  await page.getByRole('button', { name: '暂停' }).click()

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: '存为图片' }).click()
  const picture = readFileSync(await (await saved).path())
  expect(picture.subarray(1, 4).toString()).toBe('PNG')

  const taken = page.waitForEvent('download')
  await page.getByRole('link', { name: 'east-in.mp4' }).click()
  const download = await taken
  const path = await download.path()
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
  expect(download.suggestedFilename()).toMatch(
    new RegExp(`^east-in_\\d{8}T\\d{6}Z_\\d{8}T\\d{6}Z_${hash.slice(0, 16)}\\.mp4$`),
  )
  const count = ['-v', 'error', '-count_packets', '-show_entries', 'stream=nb_read_packets']
  const told = execFileSync('ffprobe', [...count, '-of', 'csv=p=0', path]).toString()
  expect(Number.parseInt(told)).toBeGreaterThan(50)
  await context.close()
  await gate.stop()
})

test('H.265 is shown in a browser that does not play it, and downloaded as it was recorded', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const gate = await recordingGate('h265')
  const context = await browser.newContext({ baseURL: gate.address, locale: 'zh-CN' })
  const page = await context.newPage()
  await makeFirst(page)
  await comeIn(page)
  const { files } = await record(page)
  const plays = await page.evaluate(() =>
    MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L93.B0"'),
  )
  expect(plays, 'Debian has no decoder for it').toBe(false)
  const at = new Date(Date.parse(files[0]?.from ?? '') + 12_000).toISOString()
  await page.goto(`/video?lane=east-in&at=${at}`)
  const begin = await still(page)
  await page.getByRole('button', { name: '+5 s' }).click()
  const there = await still(page)
  const apart = (there.seen - begin.seen + CLOCK_S) % CLOCK_S
  expect(Math.abs(apart - (there.told - begin.told))).toBeLessThan(0.65)

  const taken = page.waitForEvent('download')
  await page.getByRole('link', { name: 'east-in.mp4' }).click()
  const probe = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0']
  const told = execFileSync('ffprobe', [...probe, await (await taken).path()]).toString()
  expect(told.trim()).toBe('hevc')
  await context.close()
  await gate.stop()
})
