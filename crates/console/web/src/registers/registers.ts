/** The registers in the order in which a site fills them, and what a table shows of each. */
import type { Item, RegisterRecord } from '@/api/types'

export const REGISTERS = [
  'vehicle',
  'in_plant_vehicle',
  'machine',
  'fleet',
  'enterprise',
  'entrance',
  'barrier',
  'camera',
] as const
export type Register = (typeof REGISTERS)[number]
export const STATES = ['draft', 'checked', 'approved', 'rejected', 'retired'] as const

/** Columns that a person looks for first; the form has the rest. */
const COLUMNS = 5
const FIRST: Partial<Record<Register, string[]>> = {
  vehicle: ['emissionStandard', 'fuelType', 'vehicleType', 'networkStatus', 'fleetName'],
  machine: ['envCode', 'machineType', 'emissionStandard', 'fuelType', 'owner'],
  in_plant_vehicle: ['plateNo', 'emissionStandard', 'fuelType', 'vehicleModel', 'owner'],
}

export function isRegister(name: unknown): name is Register {
  return REGISTERS.some((known) => known === name)
}

export function columns(register: Register, items: Item[]): Item[] {
  const first = FIRST[register]
  const fits = (item: Item) => !item.is_identity && item.input !== 'file'
  if (!first) return items.filter(fits).slice(0, COLUMNS)
  return first.flatMap((name) => items.find((item) => item.name === name) ?? [])
}

/** What stands in the form at first: as it is typed, not as it is shown. */
export function typedOf(record: RegisterRecord | null, items: Item[]): Record<string, string> {
  const typed = (item: Item): [string, string] => {
    const value = (record?.values as Record<string, unknown> | undefined)?.[item.name]
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    return [item.name, text]
  }
  return Object.fromEntries(items.filter((item) => item.input !== 'file').map(typed))
}

/** What a person changed; only that is sent. */
export function changes(
  before: Record<string, string>,
  now: Record<string, string>,
): Record<string, string> {
  const differs = ([name, text]: [string, string]) => text.trim() !== (before[name] ?? '').trim()
  return Object.fromEntries(Object.entries(now).filter(differs))
}
