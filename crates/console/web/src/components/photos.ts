/** Where photos of a passage are. */
import type { Passage, Photo } from '@/api/types'
import { useGate } from '@/stores/gate'
import { useWords } from '@/stores/words'

export const photoAddress = (passage: number, photo: Photo) =>
  `/api/passages/${passage}/photos/${photo.id}`

export const plateAddress = (passage: Passage) =>
  `/api/passages/${passage.id}/plate?${passage.corrected}`

/** The last photo of head or body, annotated where there is one. */
export function latest(photos: Photo[], view: 'head' | 'body'): Photo | null {
  const annotated = photos.filter((photo) => photo.kind === view)
  const from =
    annotated.length > 0 ? annotated : photos.filter((p) => p.kind === `${view}_original`)
  return from.reduce<Photo | null>(
    (best, photo) => (best === null || photo.revision >= best.revision ? photo : best),
    null,
  )
}

/** What a photo shows, in words: of a lane whose camera sees vehicles from behind the head's photo shows the tail. */
export function usePhotoNames() {
  const [gate, words] = [useGate(), useWords()]
  return (kind: string, lane: string): string => {
    const view = kind.replace('_original', '')
    const seesRear = gate.lanes.some((known) => known.name === lane && known.sees_rear)
    return words.word(`photo.${view === 'head' && seesRear ? 'tail' : view}`)
  }
}
