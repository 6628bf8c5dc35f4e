import { Skeleton } from '@mantine/core'

/** The chart's shape while it loads. */
export function ChartSkeleton() {
  return (
    <div aria-hidden="true" style={{ display: 'grid', gap: 14, padding: 20 }}>
      <Skeleton height={48} width="60%" radius={12} />
      <Skeleton height={34} radius={8} />
      <div style={{ display: 'grid', gap: 12, gridTemplateColumns: 'repeat(4, 1fr)' }}>
        <Skeleton height={104} radius={12} />
        <Skeleton height={104} radius={12} />
        <Skeleton height={104} radius={12} />
        <Skeleton height={104} radius={12} />
      </div>
      <Skeleton height={260} radius={12} />
    </div>
  )
}
