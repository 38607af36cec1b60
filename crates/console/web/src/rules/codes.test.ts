import { expect, test } from 'vitest'
import { listed } from './codes'

test('a list is understood whatever stands between its words', () => {
  expect(listed('煤、焦炭，矿石, 石灰石;煤')).toEqual(['煤', '焦炭', '矿石', '石灰石'])
  expect(listed(' 、 ')).toEqual([])
})
