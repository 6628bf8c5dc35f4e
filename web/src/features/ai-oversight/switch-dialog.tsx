import { notifications } from '@mantine/notifications'
import { asFailure } from '../../api/errors'
import { ReasonDialog } from '../../ui/reason-dialog'
import { effectOf, subjectOf, type Turn } from './switch-words'
import { useTurn } from './use-oversight'

/** Ask why before a switch is turned; the reason is kept and shown. */
export function SwitchDialog({ turn, onClose }: { turn: Turn; onClose: () => void }) {
  const { mutate, isPending, error } = useTurn()
  const to = turn.isOff ? 'off' : 'on'
  const subject = subjectOf(turn)
  return (
    <ReasonDialog
      title={`Turn ${to}: ${subject}`}
      explanation={`${effectOf(turn)} Your name and reason are kept.`}
      act={`Turn ${to}`}
      color={turn.isOff ? 'red.9' : 'brand'}
      maxLength={300}
      opened
      pending={isPending}
      failure={error === null ? null : asFailure(error).message}
      onClose={onClose}
      onReason={(reason) => {
        mutate(
          { body: { task: turn.task, engine: turn.engine, is_off: turn.isOff, reason } },
          {
            onSuccess: () => {
              notifications.show({ message: `${subject} is turned ${to}.` })
              onClose()
            },
          },
        )
      }}
    />
  )
}
