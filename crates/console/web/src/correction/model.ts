/**
 * A plate being corrected by keyboard. Each key makes a new state of the last; nothing here knows
 * the page, the daemon or the input method.
 */
import type { Alternative, Character, Color, Direction } from '@/api/types'
import { ENDINGS, provinces } from './provinces'

/** Below it a character is marked as doubtful; what the daemon accepts without a person is above. */
export const DOUBTFUL_BELOW = 0.9
/** Armed police: two letters, a province, five digits and a letter. */
export const LONGEST = 9
export const COLORS: Color[] = [
  'blue',
  'yellow',
  'green',
  'yellow_green',
  'white',
  'black',
  'other',
]

export interface Slot {
  /** Empty where a character is still missing. */
  text: string
  /** How sure the machine was; null for what a person typed. */
  p: number | null
  next: Alternative[]
}

export interface Picker {
  typed: string
  offers: string[]
  chosen: number
}

export interface Plate {
  slots: Slot[]
  /** The slot that keys act on; one beyond the last to append. */
  cursor: number
  /** A run of characters is being typed, so digits are digits and no choices. */
  typing: boolean
  picker: Picker | null
  color: Color
  direction: Direction
}

export interface Known {
  plate: string
  color: Color
  direction: Direction
  characters?: Character[] | null
}

export function begin(known: Known): Plate {
  const read = known.characters ?? []
  const fits = read.map((character) => character.text).join('') === known.plate
  const slots = fits
    ? read.map(({ text, p, next }) => ({ text, p, next }))
    : [...known.plate].map((text) => ({ text, p: null, next: [] }))
  const { color, direction } = known
  return { slots, cursor: weakest(slots), typing: false, picker: null, color, direction }
}

export const text = (plate: Plate): string => plate.slots.map((slot) => slot.text).join('')

export const isDoubtful = (slot: Slot): boolean => slot.p !== null && slot.p < DOUBTFUL_BELOW

/** The place that most likely is wrong: where the cursor should stand at first. */
function weakest(slots: Slot[]): number {
  const sure = slots.map((slot) => slot.p ?? 1)
  const least = Math.min(1, ...sure)
  return least < 1 ? sure.indexOf(least) : 0
}

/**
 * The next likely characters of the slot at the cursor by the digit that takes them. A character
 * that is such a digit itself has its own, so that a digit never means two things.
 */
export function choices(plate: Plate): (Alternative | null)[] {
  const likely = plate.slots[plate.cursor]?.next.slice(0, 3) ?? []
  const byKey: (Alternative | null)[] = [null, null, null]
  const rest = likely.filter((one) => {
    const own = ['1', '2', '3'].indexOf(one.text)
    if (own >= 0) byKey[own] = one
    return own < 0
  })
  return byKey.map((taken) => taken ?? rest.shift() ?? null)
}

export function move(plate: Plate, steps: number): Plate {
  const last = Math.min(plate.slots.length, LONGEST - 1)
  return at(plate, Math.max(0, Math.min(plate.cursor + steps, last)))
}

export function at(plate: Plate, cursor: number): Plate {
  return { ...plate, cursor, typing: false, picker: null }
}

/** Puts a character where the cursor stands and goes on to the next place. */
export function write(plate: Plate, character: string): Plate {
  if (plate.cursor >= LONGEST) return plate
  const slots = [...plate.slots]
  slots[plate.cursor] = { text: character, p: null, next: slots[plate.cursor]?.next ?? [] }
  const cursor = Math.min(plate.cursor + 1, LONGEST)
  return { ...plate, slots, cursor, typing: true, picker: null }
}

/** Puts down what was pasted or composed; a whole plate takes the place of all there is. */
export function writeAll(plate: Plate, characters: string[]): Plate {
  if (characters.length >= 7) {
    return characters.reduce(write, { ...plate, slots: [], cursor: 0 })
  }
  return characters.reduce(write, plate)
}

/** Takes one of the next likely characters, then goes to the next doubtful place if there is one. */
export function choose(plate: Plate, character: string): Plate {
  const slots = [...plate.slots]
  slots[plate.cursor] = { text: character, p: null, next: slots[plate.cursor]?.next ?? [] }
  const next = slots.findIndex((slot, place) => place > plate.cursor && isDoubtful(slot))
  return { ...plate, slots, cursor: next < 0 ? plate.cursor : next, typing: false, picker: null }
}

/** As `toSpliced`, which older browsers lack. */
function spliced(slots: Slot[], from: number, gone: number, ...added: Slot[]): Slot[] {
  return [...slots.slice(0, from), ...added, ...slots.slice(from + gone)]
}

export function erase(plate: Plate): Plate {
  if (plate.cursor === 0) return plate
  const slots = spliced(plate.slots, plate.cursor - 1, 1)
  return { ...plate, slots, cursor: plate.cursor - 1, picker: null, typing: true }
}

export function remove(plate: Plate): Plate {
  return { ...plate, slots: spliced(plate.slots, plate.cursor, 1), picker: null }
}

/** Makes room for a character that the machine missed. */
export function insert(plate: Plate): Plate {
  if (plate.slots.length >= LONGEST) return plate
  const slots = spliced(plate.slots, plate.cursor, 0, { text: '', p: null, next: [] })
  return { ...plate, slots, picker: null, typing: true }
}

export function recolor(plate: Plate, steps: number): Plate {
  const now = COLORS.indexOf(plate.color)
  const next = now < 0 && steps < 0 ? COLORS.length - 1 : now + steps
  return { ...plate, color: COLORS[(next + COLORS.length) % COLORS.length] ?? plate.color }
}

export function turn(plate: Plate): Plate {
  return { ...plate, direction: plate.direction === 'in' ? 'out' : 'in' }
}

/** Opens or narrows the choice of provinces by another letter of their pinyin. */
export function spell(plate: Plate, letter: string): Plate {
  const typed = (plate.picker?.typed ?? '') + letter.toLowerCase()
  const likely = plate.slots[plate.cursor]?.next.map((one) => one.text)
  const offers = provinces(typed, likely)
  const [only, ...others] = offers
  if (only === undefined) return plate
  if (others.length === 0) return write(plate, only)
  return { ...plate, picker: { typed, offers, chosen: 0 } }
}

export function endings(plate: Plate): Plate {
  return { ...plate, picker: { typed: '/', offers: ENDINGS, chosen: 0 } }
}

export function offer(plate: Plate, steps: number): Plate {
  const { picker } = plate
  if (!picker) return plate
  const chosen = (picker.chosen + steps + picker.offers.length) % picker.offers.length
  return { ...plate, picker: { ...picker, chosen } }
}

/** Takes an offer of the picker, the chosen one unless another is named. */
export function pick(plate: Plate, place = plate.picker?.chosen ?? 0): Plate {
  const character = plate.picker?.offers[place]
  return character === undefined ? plate : write(plate, character)
}
