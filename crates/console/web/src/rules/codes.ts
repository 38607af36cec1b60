/** Codes that strategies use, in the order in which they are offered. */

/** Emission standards that a strategy can name as the last one that is bound. */
export const STAGES = [0, 1, 2, 3, 4, 5, 6]
/** Fuels that strategies tell apart; others are hardly ever driven. */
export const FUELS = [...'ABEFLOCPZ']
/** Whole classes of vehicles by the beginning of their code (GA/T 16.4). */
export const KINDS = ['H', 'H1', 'H2', 'H3', 'Q', 'Q1', 'B', 'Z', 'Z5', 'K']

/** What a person lists with any comma or blank between. */
export function listed(text: string): string[] {
  const words = text.split(/[、，,;；\s]+/u).filter((word) => word !== '')
  return [...new Set(words)]
}
