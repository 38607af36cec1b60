/** What a person asks of passages; it stands in the page's address, so that it can be kept and shared. */
import type { LocationQuery } from 'vue-router'

export const CONDITIONS = [
  'from',
  'to',
  'plate',
  'lane',
  'entrance',
  'direction',
  'color',
  'verdict',
  'reason',
  'uploads',
  'emission',
  'fuel',
] as const
export const SWITCHES = ['whole', 'similar', 'unread', 'read', 'oldest_first'] as const

export type Condition = (typeof CONDITIONS)[number]
export type Switch = (typeof SWITCHES)[number]
export type Conditions = Record<Condition, string> & Record<Switch, boolean>

export function none(): Conditions {
  const texts = Object.fromEntries(CONDITIONS.map((name) => [name, '']))
  const switches = Object.fromEntries(SWITCHES.map((name) => [name, false]))
  return { ...texts, ...switches } as Conditions
}

export function fromQuery(query: LocationQuery): Conditions {
  const conditions = none()
  for (const name of CONDITIONS) {
    const value = query[name]
    if (typeof value === 'string') conditions[name] = value
  }
  for (const name of SWITCHES) conditions[name] = query[name] === 'true'
  return conditions
}

/** Only what is asked for. */
export function toQuery(conditions: Conditions): Record<string, string> {
  const asked = [...CONDITIONS, ...SWITCHES].filter(
    (name) => conditions[name] !== '' && conditions[name] !== false,
  )
  return Object.fromEntries(asked.map((name) => [name, String(conditions[name]).trim()]))
}

export const isSame = (a: Record<string, string>, b: Record<string, string>): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())
