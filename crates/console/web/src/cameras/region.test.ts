import { expect, test } from 'vitest'
import { moved, split, WHOLE, without, type Corner } from './region'

const triangle: Corner[] = [
  [0, 0],
  [1, 0],
  [0.5, 0.2],
]

test('a corner is moved, and stays in the picture', () => {
  expect(moved(triangle, 2, [0.25, 1.7])).toEqual([
    [0, 0],
    [1, 0],
    [0.25, 1],
  ])
})

test('a corner is added on the longest side', () => {
  expect(split(triangle)[1]).toEqual([0.5, 0])
  expect(split(triangle)).toHaveLength(4)
})

test('three corners are left at least', () => {
  expect(without(triangle, 0)).toEqual(triangle)
  expect(without(WHOLE, 0)).toHaveLength(3)
})
