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
export type Alarm = Answered<Schemas['AlarmSeen']>
export type Clip = Answered<Schemas['Clip']>
export type Clips = Answered<Schemas['Clips']>
export type Sent = Answered<Schemas['Sent']>
export type Strategy = Answered<Schemas['StrategySeen']>
export type StrategyFields = Answered<Schemas['StrategyForm']>
export type Ban = Answered<Schemas['BanForm']>
export type Template = Answered<Schemas['TemplateSeen']>
export type Visitor = Answered<Schemas['VisitorSeen']>
export type OverLimitEntry = Answered<Schemas['OverLimitEntry']>
export type Explained = Answered<Schemas['Explained']>
export type Replayed = Answered<Schemas['Replayed']>
export type Person = Answered<Schemas['PersonSeen']>
export type Item = Answered<Schemas['ItemSeen']>
export type RegisterRecord = Answered<Schemas['RecordSeen']>
export type FindingSeen = Answered<Schemas['FindingSeen']>
export type ImportDone = Answered<Schemas['ImportDone']>
export type Vehicle = Answered<Schemas['VehicleWhole']>
export type Remark = Answered<Schemas['RemarkSeen']>
export type SignIn = Answered<Schemas['SignInSeen']>
export type ShiftSheet = Answered<Schemas['SheetOfShift']>
export type Handover = Answered<Schemas['HandoverSeen']>
export type HandoverHead = Answered<Schemas['HandoverHead']>
export type VisitSeen = Answered<Schemas['VisitSeen']>
export type Inspection = Answered<Schemas['InspectionSeen']>
export type DrawnThing = Answered<Schemas['DrawnThing']>
export type Sheet = Answered<Schemas['SheetSeen']>
export type DayCompared = Answered<Schemas['DayCompared']>
export type RecordedLane = Answered<Schemas['RecordedLane']>
export type VideoDay = Answered<Schemas['VideoDay']>
export type Inside = Answered<Schemas['Inside']>
export type InsideVehicle = Answered<Schemas['InsideVehicle']>
export type Cameras = Answered<Schemas['Cameras']>
export type LaneCamera = Answered<Schemas['LaneCamera']>
export type FoundCamera = Answered<Schemas['FoundCamera']>
export type CameraDescribed = Answered<Schemas['CameraDescribed']>
export type CameraStream = Answered<Schemas['CameraStream']>
export type Survey = Answered<Schemas['Survey']>
export type Program = Answered<Schemas['ProgramSeen']>
export type Scope = Schemas['Scope']
export type PlatesRead = Answered<Schemas['PlatesRead']>
