import { describe, expect, test } from 'vitest'
import type { Character } from '@/api/types'
import { press, type Pressed } from './keys'
import { begin, choices, isDoubtful, text, writeAll, type Plate } from './model'
import { written } from './written'

const sure = (of: string): Character[] => [...of].map((one) => ({ text: one, p: 0.99, next: [] }))

function read(of: string, doubts: Record<number, [p: number, ...next: string[]]> = {}): Plate {
  const characters = sure(of).map((character, place) => {
    const [p, ...next] = doubts[place] ?? [0.99]
    return { ...character, p, next: next.map((one, at) => ({ text: one, p: 0.2 / (at + 1) })) }
  })
  return begin({ plate: of, color: 'yellow', direction: 'in', characters })
}

function typed(plate: Plate, ...keys: (string | Pressed)[]): Plate {
  return keys.reduce<Plate>(
    (now, key) => press(now, typeof key === 'string' ? { key } : key).plate,
    plate,
  )
}

describe('one wrong character', () => {
  test('takes two keys when its true one is among the likely ones', () => {
    const plate = read('冀A12845', { 4: [0.55, '3', 'B'] })
    expect(plate.cursor).toBe(4)
    const answer = press(typed(plate, '3'), { key: 'Enter' })
    expect(text(answer.plate)).toBe('冀A12345')
    expect(answer.wish).toBe('save')
  })

  test('takes at most five keys anywhere on a plate', () => {
    for (let wrong = 1; wrong < 7; wrong++) {
      const plate = read('冀A12345', { 3: [0.7, 'Z'] })
      const steps = Math.abs(wrong - 3)
      const arrows = Array<string>(steps).fill(wrong < 3 ? 'ArrowLeft' : 'ArrowRight')
      const keys = [...arrows, 'X']
      expect(text(typed(plate, ...keys))[wrong]).toBe('X')
      expect(keys.length + 1).toBeLessThanOrEqual(5)
    }
  })

  test('goes on to the next doubtful place', () => {
    const plate = read('冀A12345', { 2: [0.5, '7'], 5: [0.6, 'A'] })
    const next = typed(plate, '1')
    expect(text(next)).toBe('冀A72345')
    expect(next.cursor).toBe(5)
    expect(next.slots.map(isDoubtful).indexOf(true)).toBe(5)
  })
})

describe('digits', () => {
  test('take the likely ones where the cursor has come to, and are digits while one types', () => {
    const plate = read('冀A12345', { 2: [0.5, 'T', '7', 'L'] })
    expect(text(typed(plate, '2'))).toBe('冀A72345')
    expect(text(typed(plate, '9', '2', '1'))).toBe('冀A92145')
  })

  test('that are likely themselves keep their own key', () => {
    const plate = read('冀A82345', { 2: [0.5, 'B', '3', '1'] })
    expect(choices(plate).map((choice) => choice?.text)).toEqual(['1', 'B', '3'])
    expect(text(typed(plate, '3'))).toBe('冀A32345')
  })

  test('of the number pad and with Shift are always digits', () => {
    const plate = read('冀A82345', { 2: [0.5, 'B', 'E', 'S'] })
    expect(text(typed(plate, { key: '1', code: 'Numpad1' }))).toBe('冀A12345')
    expect(text(typed(plate, { key: '!', code: 'Digit1', shift: true }))).toBe('冀A12345')
  })
})

describe('the province', () => {
  test('is offered by the first letter of its pinyin and taken by a digit', () => {
    const plate = typed(read('晋A12345'), 'Home', 'j')
    expect(plate.picker?.offers.slice().sort()).toEqual(['京', '冀', '吉', '晋', '津'].sort())
    expect(text(typed(plate, String((plate.picker?.offers.indexOf('津') ?? 0) + 1)))).toBe(
      '津A12345',
    )
  })

  test('that the machine holds likely is offered first', () => {
    const plate = typed(read('晋A12345', { 0: [0.4, '津', '吉'] }), 'j')
    expect(plate.picker?.offers.slice(0, 2)).toEqual(['津', '吉'])
    expect(text(typed(plate, 'Enter'))).toBe('津A12345')
  })

  test('that is the only one is taken at once, and more letters narrow', () => {
    expect(text(typed(read('晋A12345'), 'Home', 'e'))).toBe('鄂A12345')
    expect(text(typed(read('晋A12345'), 'Home', 'j', 'i', 'n', 'g'))).toBe('京A12345')
  })

  test('starts a plate that was not read, which is then typed through', () => {
    const unread = begin({ plate: '', color: 'unknown', direction: 'in', characters: [] })
    expect(text(typed(unread, 'l', 'u', 'b', '1', '2', '3', 'f', '6'))).toBe('鲁B123F6')
  })

  test('leaves Escape to the choice first, then to the dialog', () => {
    const open = typed(read('晋A12345'), 'Home', 'j')
    const closed = press(open, { key: 'Escape' })
    expect(closed.wish).toBeUndefined()
    expect(closed.plate.picker).toBeNull()
    expect(press(closed.plate, { key: 'Escape' }).wish).toBe('leave')
  })
})

describe('a plate', () => {
  test('grows, shrinks and gets room for a missed character', () => {
    expect(text(typed(read('冀A1234'), 'End', 'd', '5'))).toBe('冀A1234D5')
    expect(text(typed(read('冀A12345'), 'End', 'Backspace', 'Backspace'))).toBe('冀A123')
    expect(
      text(typed(read('冀A1345'), 'Home', 'ArrowRight', 'ArrowRight', 'ArrowRight', ' ', '2')),
    ).toBe('冀A12345')
    expect(text(typed(read('冀A12345'), 'Home', 'Delete'))).toBe('A12345')
  })

  test('changes its colour up and down, its direction by F4', () => {
    expect(typed(read('冀A12345'), 'ArrowDown').color).toBe('green')
    expect(typed(read('冀A12345'), 'ArrowUp').color).toBe('blue')
    expect(typed(read('冀A12345'), 'F4').direction).toBe('out')
  })

  test('has endings that no key has', () => {
    expect(text(typed(read('冀A1234'), 'End', '/', '1'))).toBe('冀A1234挂')
  })

  test('never gets longer than any plate is', () => {
    expect(text(typed(read('冀A12345'), 'End', ...'ABCDEFG'))).toBe('冀A12345AB')
  })

  test('keeps what was read when the characters do not belong to it', () => {
    const plate = begin({ plate: '冀A1', color: 'blue', direction: 'in', characters: sure('京B2') })
    expect(text(plate)).toBe('冀A1')
  })

  test('leaves other keys to the page', () => {
    for (const key of ['Tab', 'F5', 'Shift', '@', 'Process']) {
      expect(press(read('冀A12345'), { key }).used, key).toBe(false)
    }
  })
})

describe('an input method', () => {
  test('gives full-width letters, capitals or not, and dots of every kind', () => {
    expect(written('ａ１２').join('')).toBe('A12')
    expect(written('冀A·12345').join('')).toBe('冀A12345')
    expect(written('冀a。1 2—3-4・5').join('')).toBe('冀A12345')
    expect(written('<b>?').join('')).toBe('B')
  })

  test('pastes a whole plate over all there is, and a part at the cursor', () => {
    expect(text(writeAll(read('津B99999'), written('冀A·12345')))).toBe('冀A12345')
    const part = typed(read('津B99999'), 'Home')
    expect(text(writeAll(part, written('冀a')))).toBe('冀A99999')
  })
})
