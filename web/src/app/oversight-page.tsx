import { OversightScreen } from '../features/ai-oversight/oversight-screen'
import { OnlyFor } from './only-for'

/** How AI stands, and its switches. */
export function OversightPage() {
  return (
    <OnlyFor roles={['admin']} subject="The AI page">
      <OversightScreen />
    </OnlyFor>
  )
}
