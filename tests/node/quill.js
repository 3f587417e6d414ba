// The stock binding of Quill to a Yjs text, in a page made by jsdom.

import { JSDOM } from 'jsdom'

const { window } = new JSDOM('<!doctype html><div id="editor"></div>', { pretendToBeVisual: true })
const names = ['navigator', 'document', 'window', 'Node', 'HTMLElement', 'MutationObserver', 'Element', 'Text', 'Range', 'Selection', 'DOMParser', 'getSelection']
for (const name of names) {
  Object.defineProperty(globalThis, name, { value: name === 'window' ? window : window[name], configurable: true, writable: true })
}
window.document.getSelection = () => ({ rangeCount: 0, getRangeAt: () => null, removeAllRanges () {}, addRange () {} })

export const openQuill = async (text, awareness) => {
  const { default: Quill } = await import('quill')
  const { QuillBinding } = await import('y-quill')
  const quill = new Quill(window.document.createElement('div'), { modules: { history: false } })
  new QuillBinding(text, quill, awareness)
  return quill
}
