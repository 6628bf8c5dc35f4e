/** `Lab results` from `lab-results`: how a task is called where only its name is known. */
export function taskWords(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toLocaleUpperCase() + words.slice(1)
}
