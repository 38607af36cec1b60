/** Understands what a person typed or pasted, whatever the state of the input method. */

/** Dots, dashes and spaces that people put between the letter and the number. */
const BETWEEN = /[\s·•・.。．‧_-]/gu
const OF_PLATES = /^[0-9A-Z\u4e00-\u9fff]$/u

/** The characters of a plate in a text: full-width letters made narrow, capitals, no dots. */
export function written(text: string): string[] {
  const narrow = text.normalize('NFKC').toUpperCase().replace(BETWEEN, '')
  return [...narrow].filter((character) => OF_PLATES.test(character))
}
