import { expect, test } from 'vitest'
import en from './en.json'
import zh from './zh.json'

type Texts = { [key: string]: string | Texts }

function keys(texts: Texts, above = ''): string[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [above + key] : keys(text, `${above}${key}.`),
  )
}

function values(texts: Texts): string[] {
  return Object.values(texts).flatMap((text) => (typeof text === 'string' ? [text] : values(text)))
}

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()

test('both languages have the same texts', () => {
  expect(keys(en).sort()).toEqual(keys(zh).sort())
})

test('both languages fill in the same values', () => {
  const english = values(en)
  values(zh).forEach((text, at) => {
    expect(placeholders(english[at] ?? ''), text).toEqual(placeholders(text))
  })
})

test('no text is empty', () => {
  for (const text of [...values(zh), ...values(en)]) expect(text.trim()).not.toBe('')
})
