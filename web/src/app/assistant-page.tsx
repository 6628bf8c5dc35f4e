import { AssistantScreen } from '../features/assistant/assistant-screen'

/** The patient's questions about their own record. */
export function AssistantPage() {
  return <AssistantScreen />
}
