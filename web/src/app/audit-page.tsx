import { useNavigate, useSearch } from '@tanstack/react-router'
import { AuditList } from '../features/audit/audit-list'
import { OnlyFor } from './only-for'

/** Who did what to whose record. */
export function AuditPage() {
  const { patient, actor } = useSearch({ from: '/staff/audit' })
  const navigate = useNavigate({ from: '/audit' })
  return (
    <OnlyFor roles={['admin']} subject="The audit trail">
      <AuditList
        filter={{ patient, actor }}
        onFilter={(filter) => void navigate({ search: filter })}
      />
    </OnlyFor>
  )
}
