/** Brings keys, input methods and the clipboard of a field to a plate that is being corrected. */
import { watch, type Ref } from 'vue'
import { press, type Pressed, type Wish } from './keys'
import { writeAll, type Plate } from './model'
import { written } from './written'

interface Wanted {
  plate: Ref<Plate | null>
  field: Ref<HTMLInputElement | null>
  set: (plate: Plate) => void
  undo: () => void
  wish: (wish: Wish) => void
}

export function useTyping({ plate, field, set, undo, wish }: Wanted) {
  /** Typed before the passage was here; what saves or leaves is not kept. */
  let early: Pressed[] = []
  watch(plate, (now) => {
    if (!now || early.length === 0) return
    const typed = early
    early = []
    set(typed.reduce((state, key) => press(state, key).plate, now))
  })

  function put(text: string) {
    const characters = written(text)
    if (plate.value && characters.length > 0) set(writeAll(plate.value, characters))
    if (field.value) field.value.value = ''
  }

  function onKeydown(event: KeyboardEvent) {
    // An input method is at work; what comes of it arrives as a composition.
    if (event.isComposing || event.key === 'Process') return
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
      event.preventDefault()
      undo()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const pressed = { key: event.key, code: event.code, shift: event.shiftKey }
    if (!plate.value) {
      if (event.key === 'Escape') {
        early = []
        wish('leave')
      } else if (event.key !== 'Enter') early.push(pressed)
      return
    }
    const answer = press(plate.value, pressed)
    if (!answer.used) return
    event.preventDefault()
    set(answer.plate)
    if (answer.wish && !event.repeat) wish(answer.wish)
  }

  /** A letter that an input method would make a word of is meant as it is, but for the province. */
  function onCompositionupdate(event: CompositionEvent) {
    const isLetter = /^[0-9a-z]$/i.test(event.data)
    if (!isLetter || !plate.value || plate.value.cursor === 0) return
    setTimeout(() => {
      field.value?.blur()
      field.value?.focus()
    })
  }

  function onCompositionend(event: CompositionEvent) {
    put(event.data)
  }

  function onInput(event: Event) {
    if ((event as InputEvent).isComposing) return
    put((event.target as HTMLInputElement).value)
  }

  return { onKeydown, onCompositionupdate, onCompositionend, onInput }
}
