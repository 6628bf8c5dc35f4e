/** Red flags as people read them: each phrase once, each rule once. */

interface RedFlag {
  phrase: string
  rule: string
}

/** The phrases, without those that are part of a longer one. */
export function phrasesOf(flags: readonly RedFlag[]): string[] {
  const all = [...new Set(flags.map(({ phrase }) => phrase))]
  return all.filter((one) => !all.some((other) => other !== one && other.includes(one)))
}

/** The rules by name, without what they were read in. */
export function rulesOf(flags: readonly RedFlag[]): string[] {
  return [...new Set(flags.map(({ rule }) => rule.split(' (', 1)[0] ?? rule))]
}

/** Where the rules come from, each once. */
export function ruleSourcesOf(flags: readonly RedFlag[]): string[] {
  const sources = flags.map(({ rule }) => /^[^(]* \((.*)\)$/.exec(rule)?.[1])
  return [...new Set(sources.filter((one) => one !== undefined))]
}
