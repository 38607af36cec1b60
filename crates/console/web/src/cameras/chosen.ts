/** What the steps to a new lane hand on. */
export interface ChosenStream {
  url: string
  user: string
  password: string
}
