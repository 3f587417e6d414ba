/** On narrow screens the authors are a sheet from below. */

export function openSheet(): void {
  const rail = document.querySelector<HTMLElement>('.rail')
  const opener = document.querySelector<HTMLAnchorElement>('.rail-link')
  if (rail === null || opener === null) return
  document.body.classList.add('with-sheet')
  opener.setAttribute('role', 'button')
  opener.setAttribute('aria-controls', rail.id)
  const open = (is: boolean): void => {
    rail.classList.toggle('open', is)
    opener.setAttribute('aria-expanded', String(is))
  }
  open(false)
  document.addEventListener('click', (event) => {
    const target = event.target as Element
    const asks = target.closest('a[href="#authors"]') !== null
    if (asks && getComputedStyle(opener).display !== 'none') {
      event.preventDefault()
      open(!rail.classList.contains('open'))
    } else if (!rail.contains(target)) open(false)
  })
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && open(false))
}
