/** Speaks with the daemon: one place where requests are marked as ours and refusals become errors. */
import createClient from 'openapi-fetch'
import type { paths } from './schema'
import type { Answered, FindingSeen, PassageWhole, Text } from './types'

/** The daemon refused, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: Text,
    readonly field: string | null,
    /** The passage as it is now, when somebody else was faster. */
    readonly passage: PassageWhole | null,
    /** Item by item or row by row, where several things are wrong. */
    readonly findings: FindingSeen[],
  ) {
    super(code)
  }
}

/** The daemon did not answer at all. */
export class Away extends Error {}

let whenLoggedOut: () => void = () => undefined
let whenReached: (reached: boolean) => void = () => undefined

/** Who wants to know that the session has ended, and whether the daemon answers. */
export function listen(loggedOut: () => void, reached: (reached: boolean) => void): void {
  whenLoggedOut = loggedOut
  whenReached = reached
}

/** Every call of the daemon's document. What they answer goes through `answer`. */
export const api = createClient<paths>({ credentials: 'same-origin', fetch: reaching })
api.use({
  onRequest({ request }) {
    if (request.method !== 'GET' || isByPerson()) request.headers.set('X-Menjin', '1')
    return request
  },
})

/** What is asked for so soon after a key or a touch is asked for by a person, and keeps the session. */
const BY_PERSON_MS = 10_000
let touchedAt = -Infinity
for (const touch of ['pointerdown', 'keydown'])
  globalThis.addEventListener(touch, () => (touchedAt = Date.now()), {
    capture: true,
    passive: true,
  })

function isByPerson(): boolean {
  return Date.now() - touchedAt < BY_PERSON_MS
}

async function reaching(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request)
    // What a proxy says in the daemon's place.
    whenReached(answer.status !== 502 && answer.status !== 504)
    return answer
  } catch (error) {
    if (request.signal.aborted) throw error
    whenReached(false)
    throw new Away('no answer', { cause: error })
  }
}

interface Asked<D> {
  data?: D
  error?: unknown
  response: Response
}

/** What was asked for, or the refusal as an error. */
export async function answer<D>(asked: Promise<Asked<D>>): Promise<Answered<D>> {
  const { data, error, response } = await asked
  if (response.ok) return data as Answered<D>
  const isLogIn = new URL(response.url).pathname.startsWith('/api/session')
  if (response.status === 401 && !isLogIn) whenLoggedOut()
  throw refusal(response.status, error)
}

function refusal(status: number, content: unknown): Refusal {
  const { error, passage, findings } = (content ?? {}) as {
    error?: { code: string; text: Text; field?: string | null }
    passage?: PassageWhole | null
    findings?: FindingSeen[]
  }
  const plain = `HTTP ${status}`
  const text = error?.text ?? { zh: plain, en: plain }
  return new Refusal(
    status,
    error?.code ?? 'unknown',
    text,
    error?.field ?? null,
    passage ?? null,
    findings ?? [],
  )
}

/** An address with what is asked, for links. */
export function address(path: string, query: Record<string, string>): string {
  return `/api/${path}?${new URLSearchParams(query).toString()}`
}
