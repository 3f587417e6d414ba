/** What only people who have signed in may read: the page is asked for again, with their token. */
import type { Identity } from '../api'

/** Asks for an address of this server as somebody; null when it says no, or nothing. */
export async function ask(address: string, identity: Identity | null): Promise<Document | null> {
  const headers: HeadersInit = identity === null ? {} : { authorization: `Bearer ${identity.token}` }
  const answer = await fetch(address, { headers, credentials: 'omit' }).catch(() => null)
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null
}

/** Whether somebody who has signed in may see more than is here. */
export function mayHideSomething(): boolean {
  return document.querySelector('.refused[data-status="401"], .listing') !== null
}

/** Puts another page of ours in place of this one. */
export function show(page: Document): void {
  document.title = page.title
  document.head.querySelectorAll('style').forEach((style) => style.remove())
  document.head.append(...page.head.querySelectorAll('style'))
  document.body.className = page.body.className
  document.body.replaceChildren(...page.body.childNodes)
}
