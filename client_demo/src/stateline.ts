/** What the state line says, from what is known; it never says "stored" too early. */
import { count } from './ago'

/** Whether the browser has written down the changes made here: not yet, yes, or it cannot. */
export type Keeping = 'keeping' | 'kept' | 'unkept'

export interface Standing {
  /** The socket is open. */
  readonly connected: boolean
  /** The server's text has arrived on this connection. */
  readonly synced: boolean
  /** Changes made here that the server has not stored. */
  readonly pending: number
  readonly keeping: Keeping
  /** Why nothing may be written here, null when it may. */
  readonly readonly: string | null
  /** The server has said that it cannot store edits for now. */
  readonly troubled: boolean
  /** The text is known here, from the server or from an earlier visit. */
  readonly known: boolean
}

export type Tone = 'calm' | 'busy' | 'away' | 'closed'

export interface StateLine {
  readonly tone: Tone
  readonly text: string
}

export function stateLine({ connected, synced, pending, keeping, readonly, troubled, known }: Standing): StateLine {
  if (readonly !== null) return { tone: 'closed', text: `read only · ${readonly}` }
  if (!connected && !known) return { tone: 'away', text: 'connecting' }
  if (!connected) return { tone: 'away', text: `offline · ${waiting(pending, keeping)}` }
  if (!synced) return { tone: 'busy', text: known ? 'storing' : 'opening' }
  if (troubled && pending > 0) return { tone: 'away', text: `not stored yet · ${changes(pending)} waiting` }
  return pending > 0 ? { tone: 'busy', text: 'storing' } : { tone: 'calm', text: 'stored' }
}

function waiting(pending: number, keeping: Keeping): string {
  if (pending === 0) return 'nothing waiting here'
  if (keeping === 'keeping') return `keeping ${changes(pending)}`
  return keeping === 'kept' ? `${changes(pending)} kept here` : `${changes(pending)} on this page only`
}

function changes(pending: number): string {
  return pending === 1 ? '1 change' : `${count(pending)} changes`
}
