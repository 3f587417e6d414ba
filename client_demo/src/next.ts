/** Where somebody goes who has signed in. */

/** The address behind `?next=`, if it is one of this server's; else the list of articles. */
export function nextOf(search: string, origin: string): string {
  const wanted = new URLSearchParams(search).get('next') ?? ''
  if (!wanted.startsWith('/')) return '/'
  const address = URL.canParse(wanted, origin) ? new URL(wanted, origin) : null
  return address === null || address.origin !== origin ? '/' : `${address.pathname}${address.search}${address.hash}`
}
