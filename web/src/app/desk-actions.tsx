import { Drawer } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { createContext, lazy, Suspense, use, useState, type ReactNode } from 'react'
import { Waiting } from '../ui/waiting'

const BookingPanel = lazy(async () => ({
  default: (await import('./booking-panel')).BookingPanel,
}))
const WalkInForm = lazy(async () => ({
  default: (await import('../features/registration/walk-in-form')).WalkInForm,
}))
const WaitlistPanel = lazy(async () => ({
  default: (await import('./waiting-panel')).WaitingPanel,
}))

/** What the desk can begin from any screen. */
type DeskAct = 'book' | 'walk-in' | 'waiting-list'

const titles: Record<DeskAct, string> = {
  book: 'Book a visit',
  'walk-in': 'Walk-in',
  'waiting-list': 'Waiting list',
}

const Begin = createContext<((act: DeskAct) => void) | null>(null)

/** Begin something at the desk; `null` for roles that book nothing. */
export function useDeskActions(): ((act: DeskAct) => void) | null {
  return use(Begin)
}

/** Panels over whatever screen is open, which stays as it was behind them. */
export function DeskActions({ enabled, children }: { enabled: boolean; children: ReactNode }) {
  const [act, setAct] = useState<DeskAct | undefined>()
  const close = (): void => {
    setAct(undefined)
  }
  return (
    <Begin value={enabled ? setAct : null}>
      {children}
      <Drawer
        opened={act !== undefined}
        onClose={close}
        position="right"
        size={480}
        title={act === undefined ? '' : titles[act]}
        closeButtonProps={{ 'aria-label': 'Close' }}
        attributes={{ header: { role: 'presentation' } }}
        styles={{ title: { fontSize: 16, fontWeight: 650 } }}
        overlayProps={{ backgroundOpacity: 0.35 }}
      >
        <Suspense fallback={<Waiting rows={4} />}>
          {act === 'book' && <BookingPanel onClose={close} />}
          {act === 'walk-in' && (
            <WalkInForm
              onDone={(words) => {
                close()
                notifications.show({ message: words })
              }}
            />
          )}
          {act === 'waiting-list' && <WaitlistPanel />}
        </Suspense>
      </Drawer>
    </Begin>
  )
}
