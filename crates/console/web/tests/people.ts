// Who does something in the tests, and how they come in.
import { expect, type Page } from '@playwright/test'

export const INSTALLER = { name: '李工', password: 'korrekt-pferd-7' }
export const GUARD = { name: '张三', password: 'nachtschicht-am-tor-3' }
export const MANAGER = { name: '刘主任', password: 'schichtleiter-am-tor-9' }
export const INSPECTOR = { name: '核查员', password: 'stichprobe-nummer-5' }

/** What the page sends with everything that changes something. */
export const HEADERS = { 'X-Menjin': '1', 'Sec-Fetch-Site': 'same-origin' }

export async function comeIn(page: Page, { name, password } = INSTALLER): Promise<void> {
  const answer = await page.request.post('/api/session', {
    headers: HEADERS,
    data: { name, password },
  })
  expect(answer.status(), await answer.text()).toBe(200)
}

/** The first account, made without the page. */
export async function makeFirst(page: Page): Promise<void> {
  const answer = await page.request.post('/api/setup', { headers: HEADERS, data: INSTALLER })
  expect(answer.status(), await answer.text()).toBe(201)
}

export async function give(page: Page, person: object): Promise<void> {
  const answer = await page.request.post('/api/people', { headers: HEADERS, data: person })
  expect(answer.status(), await answer.text()).toBe(201)
}

/** A passage that somebody types in from paper. */
export async function typeIn(page: Page, passage: object): Promise<void> {
  const data = { color: 'yellow', why: '浏览器测试', ...passage }
  const answer = await page.request.post('/api/passages/paper', { headers: HEADERS, data })
  expect(answer.status(), await answer.text()).toBe(201)
}
