import { expect, test } from 'vitest'
import { fromQuery, isSame, none, toQuery } from './conditions'

test('only what is asked for stands in the address', () => {
  expect(toQuery(none())).toEqual({})
  expect(toQuery({ ...none(), plate: ' A123 ', unread: true })).toEqual({
    plate: 'A123',
    unread: 'true',
  })
})

test('what stands in the address comes back', () => {
  const asked = { ...none(), from: '2026-11-01', color: 'yellow', similar: true }
  expect(fromQuery(toQuery(asked))).toEqual(asked)
})

test('what nobody knows in an address is left out', () => {
  expect(fromQuery({ who: 'me', plate: ['a', 'b'] })).toEqual(none())
})

test('the order of conditions is no difference', () => {
  expect(isSame({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true)
  expect(isSame({ a: '1' }, { a: '2' })).toBe(false)
})
