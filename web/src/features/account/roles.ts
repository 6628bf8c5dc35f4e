import type { Role } from '../../api/shapes'

const names: Record<Role, string> = {
  patient: 'Patient',
  receptionist: 'Receptionist',
  nurse: 'Nurse',
  clinician: 'Doctor',
  admin: 'Administrator',
}

/** A role as people say it; one that is not known here keeps its own name. */
export function roleName(role: string): string {
  return Object.hasOwn(names, role) ? names[role as Role] : role
}
