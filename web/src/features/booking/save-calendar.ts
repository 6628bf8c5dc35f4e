/** Hand a calendar entry to the browser, which asks or opens a calendar as it likes. */
export function saveCalendar(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/calendar' }))
  const link = document.createElement('a')
  link.href = address
  link.download = 'visit.ics'
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(address)
  }, 10_000)
}
