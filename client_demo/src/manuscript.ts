/** Markdown as a set page: what the visible part of the syntax tree looks like. */
import { markdown, markdownLanguage } from '@codemirror/lang-markdown'
import { syntaxTree } from '@codemirror/language'
import { type EditorState, type Extension, Facet, type Range } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import type { SyntaxNodeRef } from '@lezer/common'
import type { MarkdownConfig } from '@lezer/markdown'
import { Bullet } from './bullet'
import { citedIn } from './citations'

type Decorations = Range<Decoration>[]

/**
 * A paragraph of more characters than this is read in parts that end with a line: after a keystroke it is read anew, and
 * an article without empty lines is one paragraph.
 */
const longParagraph = 1000

/** Only what begins in one part and ends in another loses its marks. */
const inParts: MarkdownConfig = { parseBlock: [{ name: 'Part', endLeaf: (_cx, _line, leaf) => leaf.content.length > longParagraph }] }

/** True where nobody writes: the marks stay hidden wherever the caret is. */
export const quiet = Facet.define<boolean, boolean>({ combine: (values) => values.some(Boolean) })

const hidden = Decoration.replace({})
const dim = Decoration.mark({ class: 'md-mark' })
const direction = Decoration.line({ attributes: { dir: 'auto' } })
const inline: Readonly<Record<string, Decoration>> = Object.fromEntries(
  ['Emphasis', 'StrongEmphasis', 'Strikethrough', 'InlineCode'].map((name) => [name, Decoration.mark({ class: `md-${name}` })]),
)
const inlineMarks = new Set(['EmphasisMark', 'StrikethroughMark', 'CodeMark'])
const blocks: Readonly<Record<string, Decoration>> = {
  Blockquote: Decoration.line({ class: 'md-quote' }),
  FencedCode: Decoration.line({ class: 'md-code' }),
  CodeBlock: Decoration.line({ class: 'md-code' }),
  Table: Decoration.line({ class: 'md-code' }),
  HorizontalRule: Decoration.line({ class: 'md-rule' }),
}

const bullet = Decoration.replace({ widget: new Bullet() })
const listMark = Decoration.mark({ class: 'md-list-mark' })
const hang = Array.from({ length: 7 }, (_, level) => Decoration.mark({ class: `md-hang md-hang-${level}` }))

/** The addresses that a link may lead to. */
export function safeAddress(address: string): string | null {
  return /^(https?:\/\/|mailto:)/i.test(address) ? address : null
}

/** Draws one look at the page: the nodes in [from, to) of a state. */
class Setting {
  readonly decorations: Decorations = []

  constructor(readonly state: EditorState) {}

  /** Whether the caret or the selection touches a stretch, so that its marks are shown. */
  touched(from: number, to: number): boolean {
    if (this.state.facet(quiet)) return false
    return this.state.selection.ranges.some((range) => range.from <= to && range.to >= from)
  }

  /** What spans lines is left as written: a decoration here may not hide a line's end. */
  add(decoration: Decoration, from: number, to: number): void {
    const breaks = decoration === hidden && this.state.doc.lineAt(from).to < to
    if (from < to && !breaks) this.decorations.push(decoration.range(from, to))
  }

  lines(decoration: Decoration, from: number, to: number, within: { from: number; to: number }): void {
    const { doc } = this.state
    const last = Math.min(to, within.to)
    for (let line = doc.lineAt(Math.max(from, within.from)); ; line = doc.line(line.number + 1)) {
      this.decorations.push(decoration.range(line.from))
      if (line.to >= last) return
    }
  }

  draw(within: { from: number; to: number }): void {
    this.lines(direction, within.from, within.to, within)
    syntaxTree(this.state).iterate({ ...within, enter: (node) => this.#enter(node, within) })
  }

  #enter(node: SyntaxNodeRef, within: { from: number; to: number }): boolean | undefined {
    const { name, from, to } = node
    const block = blocks[name]
    if (block !== undefined) this.lines(block, from, to, within)
    if (name.startsWith('ATXHeading')) this.lines(Decoration.line({ class: `md-h md-h${name.slice(-1)}` }), from, from, within)
    else if (name === 'HeaderMark' || name === 'QuoteMark') this.#hang(node)
    else if (inline[name] !== undefined) this.add(inline[name], from, to)
    else if (inlineMarks.has(name)) this.#mark(node)
    else if (name === 'ListMark') this.#listMark(node)
    else if (name === 'Link' || name === 'Image') return this.#link(node)
    else if (name === 'URL') this.#linkTo(this.state.sliceDoc(from, to), from, to)
    return undefined
  }

  /** Marks of headings and quotations hang in the margin: they come and go without moving the text. */
  #hang({ name, from, to, node }: SyntaxNodeRef): void {
    const line = this.state.doc.lineAt(from)
    if (name === 'HeaderMark' && from !== line.from) return this.add(this.touched(line.from, line.to) ? dim : hidden, from, to)
    const space = this.state.sliceDoc(to, to + 1) === ' ' ? 1 : 0
    const level = name === 'HeaderMark' ? Number(node.parent?.name.slice(-1)) || 0 : 0
    this.add(hang[level] as Decoration, from, to + space)
    if (this.touched(line.from, line.to)) this.add(Decoration.mark({ class: 'md-shown' }), from, to + space)
  }

  #mark({ from, to, node }: SyntaxNodeRef): void {
    const around = node.parent
    if (around === null || around.name === 'FencedCode') return this.add(dim, from, to)
    this.add(this.touched(around.from, around.to) ? dim : hidden, from, to)
  }

  #listMark({ from, to, node }: SyntaxNodeRef): void {
    const depth = Math.max(1, ancestors(node, 'ListItem'))
    const line = this.state.doc.lineAt(from)
    this.decorations.push(Decoration.line({ class: 'md-item', attributes: { style: `--depth:${depth}` } }).range(line.from))
    if (line.from < from) this.add(hidden, line.from + leadingQuote(line.text), from)
    const ordered = node.parent?.parent?.name === 'OrderedList'
    const end = Math.min(to + 1, line.to)
    this.add(ordered || this.touched(from, to) ? listMark : bullet, from, end)
  }

  /** A link shows its text alone, a citation a small number, until the caret comes. */
  #link({ name, from, to, node }: SyntaxNodeRef): boolean | undefined {
    const cited = name === 'Link' ? citedIn(this.state.sliceDoc(from, to)) : null
    const address = node.getChild('URL')
    if (cited !== null && address === null) return this.#citation(cited, from, to)
    if (address === null) return undefined
    const textEnd = node.getChildren('LinkMark')[1]?.from ?? to
    const textFrom = from + (name === 'Image' ? 2 : 1)
    this.#linkTo(this.state.sliceDoc(address.from, address.to), textFrom, textEnd)
    if (this.touched(from, to)) {
      this.add(dim, from, textFrom)
      this.add(dim, textEnd, to)
    } else {
      this.add(hidden, from, textFrom)
      this.add(hidden, textEnd, to)
    }
    return undefined
  }

  #citation(cited: string, from: number, to: number): false {
    if (this.touched(from, to)) this.add(dim, from, to)
    else {
      const spaced = /\S $/.test(this.state.sliceDoc(Math.max(0, from - 2), from)) // a raised number stands close to its word
      this.add(hidden, spaced ? from - 1 : from, from + 1)
      this.add(Decoration.mark({ tagName: 'sup', class: 'md-cite', attributes: { 'data-cites': cited } }), from + 1, to - 1)
      this.add(hidden, to - 1, to)
    }
    return false
  }

  #linkTo(address: string, from: number, to: number): void {
    const safe = safeAddress(address)
    const attributes: Record<string, string> = safe === null ? {} : { 'data-href': safe, title: safe }
    this.add(Decoration.mark({ class: 'md-link', attributes }), from, to)
  }
}

function ancestors(node: SyntaxNodeRef['node'], name: string): number {
  let found = 0
  for (let at = node.parent; at !== null; at = at.parent) found += at.name === name ? 1 : 0
  return found
}

function leadingQuote(text: string): number {
  return /^(?:\s*>)*/.exec(text)?.[0].length ?? 0
}

class Manuscript {
  decorations: DecorationSet

  constructor(view: EditorView) {
    this.decorations = set(view)
  }

  update(update: ViewUpdate): void {
    const parsed = syntaxTree(update.startState) !== syntaxTree(update.state)
    const turned = update.startState.facet(quiet) !== update.state.facet(quiet)
    if (update.docChanged || update.viewportChanged || update.selectionSet || parsed || turned) this.decorations = set(update.view)
  }
}

function set({ state, visibleRanges }: EditorView): DecorationSet {
  const setting = new Setting(state)
  for (const range of visibleRanges) setting.draw(range)
  return Decoration.set(setting.decorations, true)
}

export const manuscript: Extension = [
  markdown({ base: markdownLanguage, completeHTMLTags: false, addKeymap: true, extensions: inParts }),
  ViewPlugin.fromClass(Manuscript, { decorations: (plugin) => plugin.decorations }),
]
