import { expect, test } from 'vitest'
import { stays } from './stays'

const t = (key: string, values: Record<string, number>) =>
  `${key} ${Object.values(values).join(' ')}`

test('a stay is told in the two units that matter', () => {
  expect(stays(0.5, t)).toBe('stays.minutes 30')
  expect(stays(23.99, t)).toBe('stays.hours 23 59')
  expect(stays(50, t)).toBe('stays.days 2 2')
  expect(stays(-1, t)).toBe('stays.minutes 0')
})
