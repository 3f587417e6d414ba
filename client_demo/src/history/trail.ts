/** What was deleted a moment ago, or since the moment that one compares with: that is still shown. */
import { never } from './chronicle'
import type { Comparison } from './moment'
import type { Replay } from './replay'

/** So long deleted text is seen, in ms as it is played; half as long on screen when it plays fast. */
const lasting = 2500

export function comparisonAt({ compared, striking, player, pace }: Replay, seq: number): Comparison {
  if (compared !== null) return { since: compared, stood: true }
  if (!striking) return { since: never, stood: false }
  const trail = player.playing ? Math.max(lasting, (lasting * player.speed) / 2) : lasting
  return { since: Math.min(seq - 1, pace.seqAt(Math.max(0, pace.reached(seq) - trail))), stood: false }
}
