/** What the daemon answers, as pages use it; the shapes are those of its own document. */
import type { components } from './schema'

/** The document lets what may be null be absent too; the daemon always says it. */
export type Answered<T> = T extends object
  ? { [K in keyof T]-?: Answered<Exclude<T[K], undefined>> }
  : T

type Schemas = components['schemas']

export type Language = 'zh' | 'en'
export type Text = Record<Language, string>
export type Role = Schemas['Role']
export type Color = Schemas['Color']
export type Direction = Schemas['Direction']
export type Verdict = Schemas['Verdict']
export type Session = Answered<Schemas['SessionSeen']>
export type Alternative = Answered<Schemas['Likely']>
export type Character = Answered<Schemas['Character']>
export type Photo = Answered<Schemas['Photo']>
export type Passage = Answered<Schemas['Passage']>
export type PassageWhole = Answered<Schemas['PassageWhole']>
export type CorrectionSeen = Answered<Schemas['CorrectionSeen']>
export type Task = Answered<Schemas['Task']>
export type Lane = Answered<Schemas['Lane']>
export type Health = Answered<Schemas['Health']>
export type Figures = Answered<Schemas['Figures']>
export type Person = Answered<Schemas['PersonSeen']>
