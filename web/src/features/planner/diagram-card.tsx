import { useElementSize } from '@mantine/hooks'
import { useId } from 'react'
import type { PlanAnswer, PlanDiagram } from '../../api/shapes'
import { Card } from '../../ui/card'
import classes from './diagram-card.module.css'
import { linesOf, placeDiagram, type PlacedNode } from './diagram-layout'
import { Explained } from './explained'

const drawnWidth = 560

/** What would run, drawn from the data, with what happens when its machine dies. */
export function DiagramCard({ answer }: { answer: PlanAnswer }) {
  const { best, diagram } = answer
  return (
    <Card title="What would run" aside={best.shape.text}>
      <Picture diagram={diagram} title={best.title} />
      <p className={classes.key}>
        <span className={classes.ours}>In the clinic&apos;s own AWS account</span>
        <span className={classes.theirs}>Held by others</span>
      </p>
      <dl className={classes.facts}>
        <div>
          <dt>When a machine dies</dt>
          <dd>{best.when_the_box_dies}</dd>
        </div>
        <div>
          <dt>Who sees the data</dt>
          <dd>
            <Explained>{holders[best.ai]}</Explained>
          </dd>
        </div>
        <div>
          <dt>The guide&apos;s number of users</dt>
          <dd>{best.capacity.claim}</dd>
        </div>
      </dl>
    </Card>
  )
}

const holders: Record<PlanAnswer['best']['ai'], string> = {
  none: 'AWS and MongoDB hold the data; no AI sees it.',
  local: 'AWS and MongoDB hold the data; AI runs on the same machine.',
  lambda: 'AWS and MongoDB hold the data; AI runs in AWS Lambda, on redacted text.',
  gemini: 'AWS and MongoDB hold the data; Google sees redacted text, under its BAA alone.',
}

function Picture({ diagram, title }: { diagram: PlanDiagram; title: string }) {
  const id = useId()
  const { ref, width: measured } = useElementSize()
  const width = measured > 0 ? Math.min(drawnWidth, Math.max(300, measured)) : drawnWidth
  const placed = placeDiagram(diagram, width)
  const names = new Map(diagram.nodes.map((node) => [node.id, node.label]))
  return (
    <div ref={ref} className={classes.space}>
      <svg
        viewBox={`0 0 ${placed.width} ${placed.height}`}
        className={classes.drawing}
        style={{ maxWidth: placed.width }}
        role="img"
        aria-labelledby={`${id}-title ${id}-desc`}
      >
        <title id={`${id}-title`}>Architecture {title}</title>
        <desc id={`${id}-desc`}>
          {diagram.links
            .map(([from = '', to = '']) => `${names.get(from) ?? ''} to ${names.get(to) ?? ''}`)
            .join('; ')}
          .
        </desc>
        <defs>
          <marker
            id={`${id}-arrow`}
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" className={classes.arrow} />
          </marker>
        </defs>
        {placed.links.map(({ key, path }) => (
          <path key={key} d={path} className={classes.link} markerEnd={`url(#${id}-arrow)`} />
        ))}
        {placed.nodes.map((node) => (
          <Box key={node.id} node={node} />
        ))}
      </svg>
    </div>
  )
}

function Box({ node }: { node: PlacedNode }) {
  const { x, y, width, height, ours, count } = node
  const lines = linesOf(count > 1 ? `${count} × ${node.label}` : node.label, width)
  const middle = y + height / 2
  return (
    <g data-ours={ours} className={classes.box}>
      {count > 1 && <rect x={x + 5} y={y - 4} width={width} height={height} rx={9} />}
      <rect x={x} y={y} width={width} height={height} rx={9} />
      {lines.map((line, at) => (
        <text
          key={line}
          x={x + width / 2}
          y={middle + 4 + (at - (lines.length - 1) / 2) * 14}
          textAnchor="middle"
        >
          {line}
        </text>
      ))}
    </g>
  )
}
