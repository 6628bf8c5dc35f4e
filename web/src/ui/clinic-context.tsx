import { createContext, use, type ReactNode } from 'react'
import type { Clinic } from '../api/shapes'

/** The clinic as every screen knows it; `zone` is the IANA zone its clock shows. */
interface ClinicFacts {
  name: string
  zone: string
  synthetic: boolean
}

const Facts = createContext<ClinicFacts | null>(null)

/** Give the clinic's facts to everything below. */
export function ClinicProvider({ clinic, children }: { clinic: Clinic; children: ReactNode }) {
  return <Facts value={clinic}>{children}</Facts>
}

/** The clinic's facts. Throws outside a `ClinicProvider`: a missing zone is an error, never UTC. */
export function useClinic(): ClinicFacts {
  const facts = use(Facts)
  if (facts === null) throw new Error('useClinic needs a ClinicProvider above it.')
  return facts
}
