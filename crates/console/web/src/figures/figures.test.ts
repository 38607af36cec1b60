import { expect, test } from 'vitest'
import { percent, wholeDay } from './figures'

test('a day has all its hours, in their order', () => {
  const day = wholeDay([
    { hour: 23, in: 1, out: 0 },
    { hour: 8, in: 2, out: 3 },
  ])
  expect(day.map(({ hour }) => hour)).toEqual([...Array(24).keys()])
  expect(day[8]).toEqual({ hour: 8, in: 2, out: 3 })
  expect(day[0]).toEqual({ hour: 0, in: 0, out: 0 })
})

test('a rate is never rounded up to all', () => {
  expect(percent(0.9996)).toBe('99.9%')
  expect(percent(1)).toBe('100.0%')
  expect(percent(0.29)).toBe('29.0%')
  expect(percent(null)).toBe('—')
})
