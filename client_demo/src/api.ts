/** The server's REST interface as the demo uses it. */

export interface Author {
  readonly id: string
  readonly name: string
  readonly colour: string
}

export interface Identity {
  readonly token: string
  readonly author: Author
}

export interface Article {
  readonly slug: string
  readonly title: string
  readonly seq: number
  readonly created_at: string
  readonly changed_at: string
  readonly created_by: Author
  readonly visibility: 'public' | 'private'
}

/** An answer that says no: an RFC 9457 problem document. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail)
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {}

export async function signIn(name: string, passphrase: string, colour: string | null): Promise<Identity> {
  const wish = { name, ...(passphrase === '' ? {} : { passphrase }), ...(colour === null ? {} : { colour }) }
  return (await ask('POST', '/session', null, wish)) as Identity
}

export async function chooseColour(token: string, colour: string): Promise<Author> {
  return (await ask('PATCH', '/session', token, { colour })) as Author
}

/** From now on the name and this passphrase together are the same author everywhere. */
export async function setPassphrase(token: string, passphrase: string, current: string): Promise<void> {
  await ask('PATCH', '/session', token, { passphrase, ...(current === '' ? {} : { current_passphrase: current }) })
}

/** The list shows at most about this many articles. */
const most = 1000

/** All articles, newest change first. */
export async function listArticles(token: string | null): Promise<Article[]> {
  const found: Article[] = []
  for (let next: string | null = ''; next !== null && found.length < most; ) {
    const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`
    const page = (await ask('GET', `/articles?limit=100${after}`, token)) as { articles: Article[]; next: string | null }
    found.push(...page.articles)
    next = page.next
  }
  return found
}

export async function getArticle(token: string | null, slug: string): Promise<Article> {
  return (await ask('GET', `/articles/${encodeURIComponent(slug)}`, token)) as Article
}

export async function createArticle(token: string, slug: string, title: string): Promise<Article> {
  return (await ask('POST', '/articles', token, { slug, title })) as Article
}

/** Where the articles' sockets are. */
export function syncAddress(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/sync`
}

/** Asks the server and gives its JSON; a Problem when it says no, Unreachable when it says nothing. */
export async function ask(method: string, path: string, token: string | null, body?: object): Promise<unknown> {
  const response = await answer(method, path, token, body)
  return response.status === 204 ? null : await response.json()
}

/** The same, as the answer comes. */
export async function answer(method: string, path: string, token: string | null, body?: object, signal?: AbortSignal): Promise<Response> {
  const headers = new Headers()
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const response = await fetch(`/api/v1${path}`, { method, headers, ...(signal && { signal }), ...(body === undefined ? {} : { body: JSON.stringify(body) }) }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw new Unreachable('The server does not answer. Check the connection and try again.')
  })
  if (!response.ok) throw await problemOf(response)
  return response
}

async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string }
  return new Problem(response.status, said.code ?? 'unknown', said.detail ?? said.title ?? `The server answered ${response.status}.`)
}
