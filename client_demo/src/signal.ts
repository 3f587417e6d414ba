/** Something that others can be told about. */
export type Unsubscribe = () => void

export class Signal<T = void> {
  readonly #listeners = new Set<(news: T) => void>()

  on(listener: (news: T) => void): Unsubscribe {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  emit(news: T): void {
    for (const listener of [...this.#listeners]) listener(news)
  }
}
