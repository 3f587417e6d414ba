/** What a page of the server's can do more where there is a program: every part of it is readable without. */
import '@fontsource-variable/source-serif-4/wght.css'
import '@fontsource-variable/source-serif-4/wght-italic.css'
import '../style.css'
import './reading.css'
import { fill } from '../dom'
import { personMenu } from '../personmenu'
import { currentIdentity, forget } from '../session'
import { Card } from './card'
import { chooseNobody, watchChoices } from './choosing'
import { drawSwitch, openColours } from './colours'
import { ask, mayHideSomething, show } from './privately'
import { unlinkRuns } from './runs'
import { openSheet } from './sheet'
import { sayTimes } from './times'
import { watchWalks } from './walking'

const identity = currentIdentity()

function enhance(): void {
  drawPerson()
  document.querySelectorAll('.article-about, .person-about').forEach((about) => sayTimes(about, Date.now()))
  const prose = document.querySelector<HTMLElement>('.prose')
  if (prose !== null) enliven(prose)
}

function drawPerson(): void {
  const place = document.querySelector('#person')
  if (place === null || identity === null) return
  const signOut = (): void => {
    forget()
    location.reload()
  }
  fill(place, personMenu(identity, { signIn: () => undefined, signOut, recoloured: () => undefined }))
}

function enliven(prose: HTMLElement): void {
  unlinkRuns(prose)
  openColours()
  openSheet()
  const card = new Card(prose)
  const redrawn = (): void => {
    card.hide()
    drawSwitch()
  }
  watchChoices(redrawn)
  watchWalks(prose, card, () => chooseNobody(redrawn))
  drawSwitch()
  document.body.classList.add('lively')
}

async function begin(): Promise<void> {
  const before = document.querySelector('main')?.innerHTML
  enhance()
  if (identity === null || !mayHideSomething()) return
  const page = await ask(location.href, identity)
  if (page === null || page.querySelector('main')?.innerHTML === before) return
  show(page)
  enhance()
}

void begin()
