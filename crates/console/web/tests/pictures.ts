// Pictures of every page in both languages at three sizes, for people to look at: see scripts/screenshots.
import { join } from 'node:path'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { comeIn, GUARD, give, INSTALLER, makeFirst } from './people.ts'

const FOLDER = process.env.MENJIN_PICTURES ?? ''
const SIZES = ['1366x768', '1920x1080', '390x844']
/** What the guides show: in Chinese by day, at the size of a gate's screen. */
const GUIDES = [
  'guard',
  'correction',
  'record',
  'inside',
  'handover',
  'registers',
  'rules',
  'figures',
  'inspections',
  'cameras',
]
const FOR_GUIDES = Boolean(process.env.MENJIN_GUIDES)
/** The fast lane's footage is over by then, and the slow one has brought its first vehicles. */
const LEAST_PASSAGES = 10

interface Shot {
  path: string
  then?: (page: Page) => Promise<void>
}

async function correct(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^(更正|Correct)$/ })
    .first()
    .click()
  await expect(page.getByRole('dialog').locator('.slot').first()).toBeVisible()
}

const SHOTS: Record<string, Shot> = {
  guard: { path: '/' },
  correction: { path: '/', then: correct },
  province: {
    path: '/',
    then: async (page) => {
      await correct(page)
      await page.keyboard.press('Home')
      await page.keyboard.press('j')
    },
  },
  read: {
    path: '/',
    then: (page) =>
      page
        .getByRole('button', { name: /^(立即识读|Read now)$/ })
        .first()
        .click(),
  },
  rules: { path: '/rules' },
  trials: {
    path: '/rules',
    then: (page) => page.getByRole('button', { name: /^(试算|Trials)$/ }).click(),
  },
  records: { path: '/records' },
  wall: {
    path: '/records',
    then: (page) => page.getByRole('button', { name: /^(照片墙|Photos)$/ }).click(),
  },
  record: { path: '/records/1' },
  figures: { path: '/figures' },
  paper: { path: '/paper' },
  people: { path: '/people' },
  newToken: {
    path: '/people',
    then: (page) => page.getByRole('button', { name: /^(新增令牌|Add a token)$/ }).click(),
  },
  signIns: { path: '/sign-ins' },
  handover: { path: '/handover' },
  inspections: { path: '/inspections' },
  alarms: { path: '/alarms' },
  inside: { path: '/inside' },
  registers: { path: '/registers' },
  vehicle: {
    path: '/inside',
    then: async (page) => page.locator('main li a').first().click(),
  },
  newRecord: {
    path: '/registers',
    then: (page) => page.getByRole('button', { name: /^(新增|New)/ }).click(),
  },
  cameras: { path: '/cameras' },
  region: {
    path: '/cameras',
    then: (page) =>
      page
        .getByRole('button', { name: /^(设定识别区域|Draw the region)$/ })
        .first()
        .click(),
  },
  addCamera: {
    path: '/cameras',
    then: (page) => page.getByRole('button', { name: /^(添加摄像机|Add a camera)$/ }).click(),
  },
}

test('pictures', async ({ page: first, browser }) => {
  test.setTimeout(600_000)
  await first.goto('/')
  await first.screenshot({ path: join(FOLDER, 'setup-1366x768-zh.png') })
  await makeFirst(first)
  await give(first, { ...GUARD, role: 'guard' })
  await comeIn(first)
  const count = async () =>
    (await (await first.request.get('/api/passages')).json()).passages.length
  await expect.poll(count, { timeout: 90_000 }).toBeGreaterThanOrEqual(LEAST_PASSAGES)

  if (FOR_GUIDES) return guides(browser)
  for (const size of SIZES) {
    const [width = 0, height = 0] = size.split('x').map(Number)
    for (const language of ['zh', 'en']) {
      for (const theme of size === '1366x768' ? ['day', 'night'] : ['day']) {
        const context = await browser.newContext({
          viewport: { width, height },
          hasTouch: width < 500,
        })
        await context.addInitScript(
          ([spoken, light]) => {
            localStorage.setItem('menjin.language', JSON.stringify(spoken))
            localStorage.setItem('menjin.theme', JSON.stringify(light))
            localStorage.setItem('menjin.wall', 'false')
          },
          [language, theme],
        )
        const page = await context.newPage()
        await comeIn(page, INSTALLER)
        for (const [name, shot] of Object.entries(SHOTS)) {
          await open(page, shot)
          const file = [name, size, language, ...(theme === 'night' ? [theme] : [])].join('-')
          await page.screenshot({ path: join(FOLDER, `${file}.png`) })
        }
        await context.close()
      }
    }
  }
  await screens(browser)
})

async function open(page: Page, { path, then }: Shot): Promise<void> {
  await page.goto(path)
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
  await then?.(page)
  await page.waitForTimeout(600)
}

const VEHICLES = `车牌号码,号牌颜色,车辆类型,燃料类型,排放标准,联网状态,车队名称
豫H96UW7,蓝,轻型厢式货车,B 柴油,6 国六,1 已联网,一队
冀PUE570,黄,重型半挂牵引车,B 柴油,5 国五,0 未联网,一队
浙TK27629,绿,轻型厢式货车,C 电,D 电动,1 已联网,二队
桂K28L48,黄,重型自卸货车,E 天然气,6 国六,1 已联网,二队
`

/** What a site has after its first weeks: registers, a strategy, an inspection. */
async function furnish(page: Page): Promise<void> {
  await page.goto('/registers')
  await page.getByRole('button', { name: '导入表格' }).click()
  const table = { name: '车辆.csv', mimeType: 'text/csv', buffer: Buffer.from(VEHICLES) }
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('表格（').setInputFiles(table)
  await dialog.getByLabel('原因').fill('年初导入')
  await dialog.getByRole('button', { name: /^导入 \d/ }).click()
  await expect(page.getByText('冀PUE570')).toBeVisible()

  await page.goto('/rules')
  await page.getByRole('button', { name: '新增措施' }).click()
  await dialog.getByLabel('名称（').fill('红色预警：停止公路运输')
  await dialog.getByLabel('原因').fill('红色预警，按平台通知执行')
  await dialog.getByRole('button', { name: /^确认/ }).click()
  await expect(dialog).toBeHidden()

  await page.goto('/inspections')
  const freeze = page.getByRole('form', { name: '冻结' })
  await freeze.getByRole('button', { name: '冻结' }).click()
  await page.getByLabel('种子', { exact: true }).fill('雨天 7')
  await page.getByRole('button', { name: '抽取', exact: true }).click()
  await expect(page.locator('[data-thing]').first()).toBeVisible()
}

async function guides(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  await page.addInitScript(() => {
    localStorage.setItem('menjin.theme', '"day"')
    localStorage.setItem('menjin.wall', 'false')
  })
  await comeIn(page, INSTALLER)
  await furnish(page)
  for (const name of GUIDES) {
    const shot = SHOTS[name]
    if (!shot) throw new Error(`there is no page ${name}`)
    await open(page, shot)
    await page.screenshot({ path: join(FOLDER, `${name}.jpg`), type: 'jpeg', quality: 80 })
  }
}

/** Screens at the gate, wide and square, with a decision on them. */
async function screens(browser: Browser): Promise<void> {
  for (const size of ['1920x1080', '1024x768']) {
    const [width = 0, height = 0] = size.split('x').map(Number)
    const context = await browser.newContext({ viewport: { width, height } })
    const page = await context.newPage()
    for (const name of ['display/north-in', 'board']) {
      await page.goto(`/${name}`)
      if (name !== 'board')
        await page.locator('#plate').waitFor({ state: 'visible', timeout: 90_000 })
      for (const light of ['day', 'night']) {
        await page.evaluate((is) => (document.documentElement.className = is), light)
        const file = `${name.replace('/', '-')}-${size}-${light}.png`
        await page.screenshot({ path: join(FOLDER, file) })
      }
    }
    await context.close()
  }
}
