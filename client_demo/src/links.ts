/** Links are followed with Ctrl or Cmd while one writes, with a plain click while one reads. */
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { quiet } from './manuscript'

export const links: Extension = EditorView.domEventHandlers({
  click(event, view) {
    const address = (event.target as Element).closest?.('[data-href]')?.getAttribute('data-href')
    if (!address || !(event.ctrlKey || event.metaKey || view.state.facet(quiet))) return false
    window.open(address, '_blank', 'noopener,noreferrer')
    return true
  },
})
