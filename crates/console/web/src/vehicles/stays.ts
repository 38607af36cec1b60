/** For how long, in the two units that matter. */
type Translate = (key: string, values: Record<string, number>) => string

export function stays(hours: number, t: Translate): string {
  const minutes = Math.max(0, Math.floor(hours * 60))
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
  if (d > 0) return t('stays.days', { d, h })
  return h > 0 ? t('stays.hours', { h, m }) : t('stays.minutes', { m })
}
