/** A refusal as a sentence in place, with what to do. */
import { fill, h } from './dom'
import { advice, type Refusal } from './refusal'

export interface Ways {
  copyText(): Promise<void>
  reload(): Promise<void>
  signIn(): void
  back(): void
  dismiss(): void
}

export function drawBanner(element: HTMLElement, refusal: Refusal | null, ways: Ways): void {
  element.hidden = refusal === null
  if (refusal === null) return fill(element)
  fill(element, h('p', {}, h('strong', {}, refusal.sentence), ' ', advice(refusal)), h('p', { class: 'banner-ways' }, ...buttons(refusal, ways)))
}

function buttons({ remedy }: Refusal, ways: Ways): HTMLElement[] {
  const copied = (event: Event): void => {
    const button = event.currentTarget as HTMLElement
    void ways.copyText().then(
      () => (button.textContent = 'Copied'),
      () => (button.textContent = 'Your browser does not allow it'),
    )
  }
  if (remedy === 'keep-text') {
    return [
      h('button', { type: 'button', class: 'primary', onclick: copied }, 'Copy my text'),
      h('button', { type: 'button', onclick: () => void ways.reload() }, 'Reload from the server'),
    ]
  }
  if (remedy === 'sign-in') return [h('button', { type: 'button', class: 'primary', onclick: ways.signIn }, 'Sign in')]
  if (remedy === 'back') return [h('button', { type: 'button', class: 'primary', onclick: ways.back }, 'All articles')]
  return [h('button', { type: 'button', onclick: ways.dismiss }, 'Close')]
}
