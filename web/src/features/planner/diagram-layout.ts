import type { PlanDiagram } from '../../api/shapes'

type Node = PlanDiagram['nodes'][number]

export interface PlacedNode extends Node {
  x: number
  y: number
  width: number
  height: number
}

interface PlacedLink {
  key: string
  path: string
}

interface PlacedDiagram {
  width: number
  height: number
  nodes: PlacedNode[]
  links: PlacedLink[]
}

/** A place in a row: a box, or the lane of a link that passes the row by. */
interface Slot {
  node: Node | null
  link: string
}

const boxHeight = 46
const rowHeight = 78
const gap = 14
const widest = 172
const lane = 64

/** Place boxes in rows from the internet down; a link that skips a row gets a lane beside its boxes. */
export function placeDiagram({ nodes, links }: PlanDiagram, width: number): PlacedDiagram {
  const ranks = [...new Set(nodes.map((node) => node.rank))].sort((a, b) => a - b)
  const rankOf = new Map(nodes.map((node) => [node.id, node.rank]))
  const placed: PlacedNode[] = []
  const lanes = new Map<string, Map<number, number>>()
  ranks.forEach((rank, row) => {
    const passing = links.filter(
      ([from = '', to = '']) => (rankOf.get(from) ?? 0) < rank && (rankOf.get(to) ?? 0) > rank,
    )
    const slots: Slot[] = [
      ...nodes.filter((node) => node.rank === rank).map((node) => ({ node, link: '' })),
      ...passing.map((link) => ({ node: null, link: link.join('-') })),
    ]
    const boxes = slots.length - passing.length
    const room = width - gap * (slots.length - 1) - lane * passing.length
    const box = Math.min(widest, room / Math.max(boxes, 1))
    const all = box * boxes + lane * passing.length + gap * (slots.length - 1)
    let x = (width - all) / 2
    for (const { node, link } of slots) {
      const across = node === null ? lane : box
      if (node !== null)
        placed.push({ ...node, x, y: row * rowHeight + 4, width: box, height: boxHeight })
      else lanes.set(link, (lanes.get(link) ?? new Map<number, number>()).set(row, x + lane / 2))
      x += across + gap
    }
  })
  const byId = new Map(placed.map((node) => [node.id, node]))
  return {
    width,
    height: ranks.length * rowHeight - (rowHeight - boxHeight) + 10,
    nodes: placed,
    links: links.flatMap(([from = '', to = '']) => {
      const [start, end] = [byId.get(from), byId.get(to)]
      const key = `${from}-${to}`
      return start && end ? [{ key, path: pathBetween(start, end, lanes.get(key)) }] : []
    }),
  }
}

/** Down, across just above the next row, and down again; through the lanes of rows passed by. */
function pathBetween(
  start: PlacedNode,
  end: PlacedNode,
  lanes: ReadonlyMap<number, number> = new Map(),
): string {
  const above = (row: number) => row * rowHeight + 4 - 19
  const through = [...lanes].sort(([a], [b]) => a - b)
  const bends = through.map(([row, x]) => `V${above(row)}H${x}`)
  const last = `V${end.y - 19}H${end.x + end.width / 2}V${end.y - 5}`
  return `M${start.x + start.width / 2} ${start.y + start.height}${bends.join('')}${last}`
}

/** Cut a label at its spaces into as many lines as it needs, three at most. */
export function linesOf(label: string, width: number): string[] {
  const most = Math.floor((width - 12) / 6.4)
  const lines = label.split(' ').reduce<string[]>((found, word) => {
    const last = found.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= most)
      return [...found.slice(0, -1), `${last} ${word}`]
    return [...found, word]
  }, [])
  return lines.length > 3 ? [...lines.slice(0, 2), `${lines[2] ?? ''}…`] : lines
}
