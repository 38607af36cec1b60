/** What was typed and not saved yet outlives a reload and a log-in, in this tab. */
import type { Plate } from './model'
import { forget, keep, kept } from '@/stores/kept'

export interface Draft {
  plate: Plate
  why: number
  base: number
}

const name = (passage: number) => `draft.correction.${passage}`

export const draftOf = (passage: number): Draft | null =>
  kept<Draft | null>(name(passage), null, sessionStorage)

export const keepDraft = (passage: number, draft: Draft) =>
  keep(name(passage), draft, sessionStorage)

export const dropDraft = (passage: number) => forget(name(passage), sessionStorage)
