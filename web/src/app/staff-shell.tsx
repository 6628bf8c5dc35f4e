export function StaffShell() { return null }
