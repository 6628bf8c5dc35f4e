import type { Role } from '../../api/shapes'

/** Roles as people say them. */
export const roleNames: Record<Role, string> = {
  patient: 'Patient',
  receptionist: 'Receptionist',
  nurse: 'Nurse',
  clinician: 'Doctor',
  admin: 'Administrator',
}
