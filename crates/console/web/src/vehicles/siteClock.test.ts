import { expect, test } from 'vitest'
import { siteClock } from './siteClock'

test('a moment is told by the clock of the site, wherever the browser stands', () => {
  const at = new Date('2026-03-01T16:05:09Z')
  expect(siteClock(at, 'Asia/Shanghai')).toBe('2026-03-02T00:05:09')
  expect(siteClock(at, 'UTC')).toBe('2026-03-01T16:05:09')
})
