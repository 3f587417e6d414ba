/** Tells the order of a replica what was typed, so that a keystroke in a long article needs no walk over it. */
import type { Extension } from '@codemirror/state'
import { ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { ySyncAnnotation } from 'y-codemirror.next'
import type { Edit } from './order'
import type { Replica } from './replica'

/** Belongs right behind the binding: its transaction is done, nobody has asked for the order yet. */
export function follower(replica: Replica): Extension {
  class Follower {
    update({ docChanged, changes, transactions }: ViewUpdate): void {
      if (!docChanged || transactions.some((transaction) => transaction.annotation(ySyncAnnotation) !== undefined)) return
      const edits: Edit[] = []
      changes.iterChanges((fromA, toA, fromB, toB) => edits.push({ from: fromB, removed: toA - fromA, inserted: toB - fromB }))
      replica.followTyping(edits)
    }
  }
  return ViewPlugin.fromClass(Follower)
}
