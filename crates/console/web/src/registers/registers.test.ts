import { expect, test } from 'vitest'
import { changes, columns, isRegister, typedOf } from './registers'
import type { Item, RegisterRecord } from '@/api/types'

const item = (name: string, more: Partial<Item> = {}): Item => ({
  name,
  label: { zh: name, en: name },
  is_identity: false,
  is_mandatory: true,
  input: 'text',
  choices: [],
  max_chars: 100,
  ...more,
})

test('a table shows what people look for first, and a form everything but files', () => {
  const items = [
    item('plateNo', { is_identity: true }),
    item('vin'),
    item('emissionStandard'),
    item('fuelType'),
    item('drivingLicensePhoto', { input: 'file' }),
  ]
  expect(columns('vehicle', items).map(({ name }) => name)).toEqual([
    'emissionStandard',
    'fuelType',
  ])
  expect(columns('fleet', items).map(({ name }) => name)).toEqual([
    'vin',
    'emissionStandard',
    'fuelType',
  ])
  const record = { values: { plateNo: '苏A12345', vin: null, fuelType: 'B' } } as unknown
  expect(typedOf(record as RegisterRecord, items)).toEqual({
    plateNo: '苏A12345',
    vin: '',
    emissionStandard: '',
    fuelType: 'B',
  })
})

test('only what a person changed is sent, and what was cleared is sent as blank', () => {
  const before = { plateNo: '苏A12345', vin: '1', fleetName: '' }
  expect(changes(before, { ...before })).toEqual({})
  expect(changes(before, { plateNo: '苏A12345', vin: '', fleetName: '一队' })).toEqual({
    vin: '',
    fleetName: '一队',
  })
})

test('an address names a register or none', () => {
  expect(isRegister('vehicle')).toBe(true)
  expect(isRegister('toString')).toBe(false)
})
