/** What a person changed, word by word. */

interface Piece {
  text: string
  change: 'same' | 'added' | 'removed'
}

const longest = 4_000

function words(text: string): string[] {
  return text.match(/\s+|[^\s]+/g) ?? []
}

/** For each start in both, how many words the rest of both have in common. */
function commonTable(before: string[], after: string[]): number[][] {
  let below = new Array<number>(after.length + 1).fill(0)
  const rows = [below]
  for (const word of [...before].reverse()) {
    const row = new Array<number>(after.length + 1).fill(0)
    for (let j = after.length - 1; j >= 0; j -= 1)
      row[j] =
        word === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    rows.push(row)
    below = row
  }
  return rows.reverse()
}

function joined(pieces: Piece[]): Piece[] {
  return pieces.reduce<Piece[]>((all, piece) => {
    const last = all.at(-1)
    if (last?.change !== piece.change) return [...all, piece]
    return [...all.slice(0, -1), { ...last, text: last.text + piece.text }]
  }, [])
}

/** A text in pieces: what stayed, what was taken out and what came in, in reading order. */
export function wordDiff(before: string, after: string): Piece[] {
  const old = words(before)
  const now = words(after)
  if (old.length * now.length > longest * longest)
    return [
      { text: before, change: 'removed' },
      { text: after, change: 'added' },
    ]
  const table = commonTable(old, now)
  const pieces: Piece[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]]
    if (was !== undefined && was === is) {
      pieces.push({ text: was, change: 'same' })
      i += 1
      j += 1
    } else if (
      is === undefined ||
      (was !== undefined && (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))
    ) {
      pieces.push({ text: was ?? '', change: 'removed' })
      i += 1
    } else {
      pieces.push({ text: is, change: 'added' })
      j += 1
    }
  }
  return joined(pieces)
}
