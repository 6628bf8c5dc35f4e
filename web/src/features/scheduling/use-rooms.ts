import { useQuery } from '@tanstack/react-query'
import { failureOf } from '../../api/errors'
import { sessionFetch } from '../../api/session'

export interface Room {
  /** As `Location/ID`. */
  reference: string
  name: string
}

interface Locations {
  entry?: { resource: { id: string; name?: string; status?: string; partOf?: unknown } }[]
}

async function findRooms(): Promise<Room[]> {
  const address = new URL('/api/fhir/R4/Location?_count=200', location.href)
  const response = await sessionFetch(new Request(address))
  if (!response.ok) throw await failureOf(response)
  const found = (await response.json()) as Locations
  return (found.entry ?? [])
    .map(({ resource }) => resource)
    .filter((one) => one.partOf !== undefined && one.status !== 'inactive')
    .map((one) => ({ reference: `Location/${one.id}`, name: one.name ?? one.id }))
    .sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }))
}

/** The clinic's rooms: locations that are part of another. */
export function useRooms(): Room[] {
  return useQuery({ queryKey: ['rooms'], queryFn: findRooms, staleTime: 600_000 }).data ?? []
}
