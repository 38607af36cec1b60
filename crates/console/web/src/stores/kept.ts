/** Values kept in this browser. A browser that keeps nothing still works. */

export function kept<T>(name: string, otherwise: T, storage: Storage = localStorage): T {
  try {
    const text = storage.getItem(`menjin.${name}`)
    return text === null ? otherwise : (JSON.parse(text) as T)
  } catch {
    return otherwise
  }
}

export function keep(name: string, value: unknown, storage: Storage = localStorage): void {
  try {
    storage.setItem(`menjin.${name}`, JSON.stringify(value))
  } catch {
    // Full or forbidden: the value holds until the page is left.
  }
}

export function forget(name: string, storage: Storage = localStorage): void {
  try {
    storage.removeItem(`menjin.${name}`)
  } catch {
    // Nothing was kept.
  }
}
