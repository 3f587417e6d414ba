/** The address of a new article, from its title: lower-case letters, digits and hyphens. */

const spelled: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', þ: 'th', α: 'alpha', β: 'beta', γ: 'gamma', κ: 'kappa' }

export function slugOf(title: string): string {
  const bare = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const plain = [...bare].map((letter) => spelled[letter] ?? letter).join('')
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60).replace(/-+$/, '')
}
