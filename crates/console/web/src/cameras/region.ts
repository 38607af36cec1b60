/** The region in which plates count: corners as shares of the picture. */
export type Corner = [number, number]

export const LEAST_CORNERS = 3
export const MOST_CORNERS = 32
export const WHOLE: Corner[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000

/** The same region with one corner elsewhere, within the picture. */
export function moved(corners: Corner[], at: number, [x, y]: Corner): Corner[] {
  return corners.map((corner, index) => (index === at ? [share(x), share(y)] : corner))
}

/** With one more corner, in the middle of the longest side. */
export function split(corners: Corner[]): Corner[] {
  if (corners.length >= MOST_CORNERS) return corners
  const next = (at: number) => corners[(at + 1) % corners.length] as Corner
  const length = ([x, y]: Corner, at: number) => Math.hypot(next(at)[0] - x, next(at)[1] - y)
  const lengths = corners.map(length)
  const longest = lengths.indexOf(Math.max(...lengths))
  const [x, y] = corners[longest] as Corner
  const [toX, toY] = next(longest)
  const middle: Corner = [share((x + toX) / 2), share((y + toY) / 2)]
  return [...corners.slice(0, longest + 1), middle, ...corners.slice(longest + 1)]
}

/** Without this corner, unless too few would be left. */
export function without(corners: Corner[], at: number): Corner[] {
  return corners.length > LEAST_CORNERS ? corners.filter((_, index) => index !== at) : corners
}
