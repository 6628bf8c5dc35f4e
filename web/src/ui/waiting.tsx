import { Skeleton } from '@mantine/core'

interface WaitingProps {
  rows?: number
  height?: number
}

/** Grey shapes where rows will be. */
export function Waiting({ rows = 5, height = 44 }: WaitingProps) {
  return (
    <div aria-hidden="true" style={{ display: 'grid', gap: 10, padding: '4px 0' }}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius={8} />
      ))}
    </div>
  )
}
