/** What stands in a correction, as a person reads it. */
import type { CorrectionSeen } from '@/api/types'

interface Words {
  word: (key: string) => string
}

export function shownValue(
  words: Words,
  item: CorrectionSeen['item'],
  text: string | null,
): string {
  if (text === null || text === '') return '—'
  if (item === 'color') return words.word(`color.${text}`)
  if (item === 'direction') return words.word(`direction.${text}`)
  return item === 'cargo' ? cargo(text) : text
}

function cargo(text: string): string {
  try {
    const { name, amount, unit } = JSON.parse(text) as Record<string, string | number | null>
    return [name, amount, amount === null ? null : unit].filter((part) => part != null).join(' ')
  } catch {
    return text
  }
}
