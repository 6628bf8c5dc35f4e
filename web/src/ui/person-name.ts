interface Named {
  family: string
  given: string
  prefix?: string | null
}

/** `OKAFOR, Amara (Ms)`: family name in capitals first, as every staff screen names a patient. */
export function fullName({ family, given, prefix }: Named): string {
  return prefix ? `${listName({ family, given })} (${prefix})` : listName({ family, given })
}

/** `OKAFOR, Amara` */
export function listName({ family, given }: Named): string {
  return [family.toLocaleUpperCase(), given].filter((part) => part !== '').join(', ')
}

/** `AO`, from given and family name. */
export function initials({ family, given }: Named): string {
  return `${given.charAt(0)}${family.charAt(0)}`.toLocaleUpperCase()
}

/** `AO` from `Dr Ada Okonkwo, MD`: titles and letters after the comma do not count. */
export function initialsOf(name: string): string {
  const words = (name.split(',')[0] ?? name)
    .split(' ')
    .filter((word) => word !== '' && !/^(dr|prof|mr|mrs|ms|mx)\.?$/i.test(word))
  return `${words[0]?.charAt(0) ?? ''}${words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : ''}`.toLocaleUpperCase()
}

const sexes: Record<string, string> = {
  female: 'Female',
  male: 'Male',
  other: 'Other',
  unknown: 'Unknown',
}

/** The administrative sex as a word. */
export function sexWord(sex: string | null | undefined): string {
  return sexes[sex ?? 'unknown'] ?? 'Unknown'
}
