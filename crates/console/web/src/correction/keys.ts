/** What each key does to a plate that is being corrected. */
import * as model from './model'
import type { Plate } from './model'
import { written } from './written'

export interface Pressed {
  key: string
  /** Where the key is on the keyboard: digits of the number pad are always digits. */
  code?: string
  shift?: boolean
}

export type Wish = 'save' | 'leave' | 'skip' | 'reason'

export interface Answer {
  plate: Plate
  /** What is wanted beyond the plate. */
  wish?: Wish
  /** False when the key means nothing here and the page may use it. */
  used: boolean
}

const STEPS: Record<string, (plate: Plate) => Plate> = {
  ArrowLeft: (plate) => model.move(plate, -1),
  ArrowRight: (plate) => model.move(plate, 1),
  Home: (plate) => model.at(plate, 0),
  End: (plate) => model.move(plate, model.LONGEST),
  ArrowUp: (plate) => model.recolor(plate, -1),
  ArrowDown: (plate) => model.recolor(plate, 1),
  Backspace: model.erase,
  Delete: model.remove,
  ' ': model.insert,
  Insert: model.insert,
  '/': model.endings,
  '、': model.endings,
  F4: model.turn,
}

const WISHES: Record<string, Wish> = { Enter: 'save', Escape: 'leave', F8: 'reason', F9: 'skip' }

const IN_PICKER: Record<string, (plate: Plate) => Plate> = {
  ArrowLeft: (plate) => model.offer(plate, -1),
  ArrowRight: (plate) => model.offer(plate, 1),
  ArrowUp: (plate) => model.offer(plate, -1),
  ArrowDown: (plate) => model.offer(plate, 1),
  Enter: (plate) => model.pick(plate),
  ' ': (plate) => model.pick(plate),
  Escape: (plate) => ({ ...plate, picker: null }),
  Backspace: (plate) => ({ ...plate, picker: null }),
}

export function press(plate: Plate, pressed: Pressed): Answer {
  const { key } = pressed
  const done = (next: Plate): Answer => ({ plate: next, used: true })
  const picking = plate.picker !== null
  if (picking && IN_PICKER[key]) return done(IN_PICKER[key](plate))
  if (WISHES[key]) return { plate, wish: WISHES[key], used: true }
  if (STEPS[key]) return done(STEPS[key](plate))

  const [character, ...more] = [...key].length === 1 ? written(shifted(pressed)) : []
  if (character === undefined || more.length > 0) return { plate, used: false }
  if (/[0-9]/.test(character)) return done(digit(plate, character, pressed))
  // The first place holds a province, which no key has; with Shift the letter itself is meant.
  const spells = plate.cursor === 0 && /[A-Z]/.test(character) && !pressed.shift
  return done(spells || picking ? model.spell(plate, character) : model.write(plate, character))
}

function digit(plate: Plate, character: string, pressed: Pressed): Plate {
  if (plate.picker) return character === '0' ? plate : model.pick(plate, Number(character) - 1)
  const literal = plate.typing || pressed.shift || (pressed.code ?? '').startsWith('Numpad')
  const chosen = literal ? null : model.choices(plate)[Number(character) - 1]
  return chosen ? model.choose(plate, chosen.text) : model.write(plate, character)
}

/** Shift turns a digit's key into another sign; its place says which digit it is. */
function shifted({ key, code, shift }: Pressed): string {
  const digit = /^Digit(\d)$/.exec(code ?? '')
  return shift && digit ? (digit[1] ?? key) : key
}
