/** The dot in front of an item of a list. */
import { WidgetType } from '@codemirror/view'

export class Bullet extends WidgetType {
  override eq(): boolean {
    return true
  }

  toDOM(): HTMLElement {
    const dot = document.createElement('span')
    dot.className = 'md-list-mark'
    dot.textContent = '•'
    return dot
  }
}
