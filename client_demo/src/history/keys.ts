/** The keys of the replay, wherever the focus is, unless something else needs them. */
import type { Replay } from './replay'

const keepsKeys = 'input, textarea, select, [contenteditable="true"], dialog, [popover]:popover-open'
const keepsSpace = `${keepsKeys}, button, a, summary, [role="switch"]`

/** Does what a key asks for; true when it was one of the replay's. */
export function pressed(event: KeyboardEvent, replay: Replay): boolean {
  const { key, shiftKey, altKey, ctrlKey, metaKey, target } = event
  if (altKey || ctrlKey || metaKey || !(target instanceof Element) || target.closest(key === ' ' ? keepsSpace : keepsKeys) !== null) return false
  const act = actions[key]
  if (act === undefined) return false
  act(replay, shiftKey)
  return true
}

const actions: Readonly<Record<string, (replay: Replay, big: boolean) => void>> = {
  ' ': (replay) => replay.toggle(),
  ArrowLeft: (replay, big) => void (big ? replay.stride(-1) : replay.step(-1)),
  ArrowRight: (replay, big) => void (big ? replay.stride(1) : replay.step(1)),
  Home: (replay) => void replay.go(0),
  End: (replay) => void replay.go(replay.past.head),
}
