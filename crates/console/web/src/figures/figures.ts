/** What the gate did on a day, as the daemon counts it. Rates are 0 to 1; null where nothing was to be counted. */
export interface Figures {
  day: string
  passages: number
  recognised: number
  recognition_rate: number | null
  corrected: number
  accuracy: number | null
  transmission_rate: number | null
  completeness: number | null
  upload_lag_s: number | null
  waiting: number
  refused: number
  hourly: { hour: number; in: number; out: number }[]
}
