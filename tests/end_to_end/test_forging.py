"""What a signed-in liar can try. After each try every character has the author that it had, the
victim's next edit is the victim's, and nobody else has noticed; the liar is told."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import jwt
import pytest

from tests.support import postgres, redis, serving, wire
from tests.support.cluster import cluster
from tests.support.divided import Divided
from tests.support.forging import Forged, Section, insertion, mark, padded, text
from tests.support.replica import Replica, join
from tests.support.rest import Api, Person

VICTIM, LIAR, WITNESS = 7_777_777, 6_666_666, 5_555_555  # client ids
WORDS = "The victim wrote this."
END = len(WORDS)


SETTINGS = {"parked_seconds": 0.3}


@contextmanager
def _one_process(folder: Path) -> Iterator[list[serving.Server]]:
    with serving.running(folder / "data", **SETTINGS) as running:
        yield [running]


@contextmanager
def _two_processes(folder: Path) -> Iterator[list[serving.Server]]:
    with (
        postgres.running() as database,
        redis.running() as news,
        cluster(folder, 2, database, news, **SETTINGS) as running,
    ):
        yield [each.server for each in running.processes if each.server]


@pytest.fixture(scope="module", params=[_one_process, _two_processes])
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[serving.Server]]:
    """One server, or two processes with the victim at one and the liar at the other."""
    with request.param(tmp_path_factory.mktemp("forging")) as running:
        yield running


@pytest.fixture
def api(servers: list[serving.Server]) -> Iterator[Api]:
    urls = [server.url for server in servers]
    api = Divided(*urls) if len(urls) == 2 else Api(*urls)
    yield api
    api.close()
    assert all(server.alive for server in servers), "a server has stopped"


@dataclass
class Scene:
    """Three people in one article; the victim has written `WORDS`."""

    api: Api
    slug: str
    people: dict[str, Person]
    victim: Replica
    liar: Replica
    witness: Replica
    refused_before: float

    def authors(self) -> tuple[str, list[str]]:
        return self.api.authors(self.slug)

    @property
    def refused(self) -> float:
        return self.api.metric("palimpsest_refusals_total") - self.refused_before

    async def refuses(self, update: bytes) -> None:
        """Let the liar send an update; it must be refused, told, counted and without effect."""
        await self.refuses_frame(wire.sync(wire.UPDATE, update))

    async def refuses_frame(self, frame: bytes) -> None:
        before, update = self.authors(), self.witness.doc.get_update()
        self.liar.send(frame)
        await self.liar.until(lambda: self.liar.refusals or self.liar.closed, "a refusal")
        assert self.refused >= 1
        assert self.authors() == before
        assert self.witness.doc.get_update() == update
        await self.life_goes_on()

    async def life_goes_on(self) -> None:
        """The victim's next edit is stored as the victim's and reaches the witness."""
        told, authors = self.authors()
        before = self.victim.text
        self.victim.append(" Next.")
        await self.victim.until_stored()
        await self.witness.until_text(before + " Next.")
        assert self.authors() == (told + " Next.", authors + [self.people["victim"].id] * 6)
        for bystander in (self.victim, self.witness):
            assert (bystander.refusals, bystander.closed, bystander.unknown) == ([], None, [])

    async def settles(self) -> None:
        """Wait until whatever the liar sent before this has been dealt with."""
        self.liar.append("!")
        await self.liar.until_stored()
        await self.victim.until(lambda: "!" in self.victim.text)
        await self.witness.until(lambda: "!" in self.witness.text)


@asynccontextmanager
async def scene(api: Api, *, words: str = WORDS) -> AsyncIterator[Scene]:
    people = {name: api.somebody(name) for name in ("victim", "liar", "witness")}
    slug = api.make_article(people["victim"])
    url = {name: api.sync_url(slug, person) for name, person in people.items()}
    async with (
        join(url["victim"], client_id=VICTIM, presence={}) as victim,
        join(url["liar"], client_id=LIAR, presence={}) as liar,
        join(url["witness"], client_id=WITNESS, presence={}) as witness,
    ):
        for replica in (victim, liar, witness):
            await replica.until(lambda r=replica: len(r.presences) == 3, "presence")
        victim.append(words) if words else None
        for replica in (liar, witness):
            await replica.until_text(words)
        refusals = api.metric("palimpsest_refusals_total")
        yield Scene(api, slug, people, victim, liar, witness, refusals)


async def test_the_next_clock_of_another_client_is_refused(api: Api) -> None:
    async with scene(api) as here:
        await here.refuses(insertion(VICTIM, END, text("forged", origin=(VICTIM, END - 1))))


async def test_a_far_clock_of_another_client_is_refused(api: Api) -> None:
    async with scene(api) as here:
        await here.refuses(insertion(VICTIM, END + 500, text("forged", origin=(VICTIM, 0))))


async def test_a_section_that_overlaps_past_and_next_clocks_is_refused(api: Api) -> None:
    async with scene(api) as here:
        await here.refuses(insertion(VICTIM, 0, text(WORDS + " and forged")))


async def test_past_clocks_with_other_words_change_nothing(api: Api) -> None:
    async with scene(api) as here:
        before = here.authors()
        here.liar.send_update(insertion(VICTIM, 0, text("X" * END)))
        await here.settles()
        assert here.authors() == (before[0] + "!", before[1] + [here.people["liar"].id])
        await here.life_goes_on()


@pytest.mark.parametrize("alias", [2**53 + VICTIM, 2**54 + VICTIM, 2**63 + VICTIM, 2**64 + VICTIM])
async def test_a_number_that_javascript_would_round_to_another_client_is_refused(
    api: Api, alias: int
) -> None:
    async with scene(api) as here:
        await here.refuses(insertion(alias, END, text("forged", origin=(VICTIM, END - 1))))


@pytest.mark.parametrize("extra", [1, 2, 6, 60])
async def test_an_over_long_number_is_refused(api: Api, extra: int) -> None:
    async with scene(api) as here:
        section = Section(VICTIM, END, [text("forged", origin=(VICTIM, END - 1))])
        await here.refuses(Forged([section], number=padded(extra)).encode())


async def test_the_first_clock_of_somebody_who_has_only_said_hello_is_refused(api: Api) -> None:
    async with scene(api, words="") as here:
        await here.refuses(insertion(VICTIM, 0, text("forged")))


async def test_presence_does_not_take_the_client_id_of_somebody_who_has_not_written(
    api: Api,
) -> None:
    async with scene(api, words="") as here:
        here.liar.send(wire.awareness((VICTIM, 99, {"user": {"name": "me"}})))
        await here.settles()
        await here.life_goes_on()


async def test_presence_in_anothers_name_shows_nobody_but_its_sender(api: Api) -> None:
    async with scene(api) as here:
        victim, liar = here.people["victim"], here.people["liar"]
        disguise = {"id": victim.id, "name": victim.name, "color": victim.colour}
        here.liar.send(wire.awareness((VICTIM, 99, {"user": {"name": "somebody"}, "lie": 1})))
        here.liar.send(wire.awareness((LIAR, 99, {"user": disguise, "lie": 2})))
        await here.witness.until(lambda: here.witness.presences[LIAR].get("lie") == 2)
        assert here.witness.presences[LIAR]["user"]["id"] == liar.id
        assert here.witness.presences[LIAR]["user"]["name"] == liar.name
        assert "lie" not in here.witness.presences[VICTIM]
        assert here.witness.presences[VICTIM]["user"]["id"] == victim.id
        await here.life_goes_on()


async def test_a_farewell_in_anothers_name_does_not_hide_them(api: Api) -> None:
    async with scene(api) as here:
        here.liar.send(wire.awareness((VICTIM, 99, None)))
        await here.settles()
        assert here.witness.presences[VICTIM] is not None
        await here.life_goes_on()


@pytest.mark.parametrize("name", ["author", "insert", "user", "carriedBy", "color"])
async def test_an_attribute_that_names_an_author_does_not_make_one(api: Api, name: str) -> None:
    async with scene(api) as here:
        before = here.authors()
        claim = [
            mark(name, here.people["liar"].id, right=(VICTIM, 0)),
            mark(name, None, origin=(VICTIM, END - 1)),
        ]
        here.liar.send_update(insertion(LIAR, 0, *claim))
        await here.witness.until(lambda: _formats(here.witness), "the formatting")
        assert here.authors() == before
        await here.life_goes_on()


def _formats(replica: Replica) -> bool:
    return any(attributes for _, attributes in replica.content.diff())


async def test_formatting_and_unformatting_all_text_leaves_every_author(api: Api) -> None:
    async with scene(api) as here:
        before = here.authors()
        here.liar.content.format(0, END, {"bold": True})
        await here.witness.until(lambda: _formats(here.witness), "the formatting")
        here.liar.content.format(0, END, {"bold": None})
        await here.witness.until(lambda: not _formats(here.witness), "no formatting")
        assert here.authors() == before
        await here.life_goes_on()


async def test_deleting_anothers_marks_leaves_every_author(api: Api) -> None:
    async with scene(api) as here:
        here.victim.content.format(4, 10, {"bold": True})
        await here.witness.until(lambda: _formats(here.witness), "the formatting")
        before = here.authors()
        here.liar.send_update(Forged(deleted=[(VICTIM, END, 2)]).encode())
        await here.witness.until(lambda: not _formats(here.witness), "no formatting")
        assert here.authors() == before
        await here.life_goes_on()


async def test_anothers_edit_that_was_not_sent_yet_cannot_be_relayed(api: Api) -> None:
    async with scene(api) as here:
        unsent = insertion(VICTIM, END, text(" Unsent.", origin=(VICTIM, END - 1)))
        await here.refuses(unsent)


async def test_an_own_edit_cannot_smuggle_anothers_in(api: Api) -> None:
    async with scene(api) as here:
        sections = [
            Section(VICTIM, END, [text("forged", origin=(VICTIM, END - 1))]),
            Section(LIAR, 0, [text("mine", origin=(VICTIM, END - 1))]),
        ]
        await here.refuses(Forged(sections).encode())


async def test_a_step_two_is_checked_like_any_edit(api: Api) -> None:
    async with scene(api) as here:
        forged = insertion(VICTIM, END, text("forged", origin=(VICTIM, END - 1)))
        await here.refuses_frame(wire.sync(wire.STEP_2, forged))


async def test_a_client_id_said_twice_in_one_update_is_refused(api: Api) -> None:
    async with scene(api) as here:
        own = Section(LIAR, 0, [text("a", origin=(VICTIM, END - 1))])
        await here.refuses(Forged([own, own]).encode())


async def test_a_deleted_text_comes_back_as_its_authors_when_undone(api: Api) -> None:
    async with scene(api) as here:
        here.liar.send_update(_undo(WORDS, 0))
        for replica in (here.victim, here.witness):
            await replica.until(lambda r=replica: (LIAR, END - 1) in r.ledger.inserted)
        assert here.authors() == (WORDS, [here.people["victim"].id] * END)
        await here.life_goes_on()


async def test_a_second_copy_of_deleted_words_is_its_makers(api: Api) -> None:
    async with scene(api) as here:
        here.liar.send_update(_undo(WORDS, 0))
        again = text(WORDS, origin=(LIAR, END - 1), right=(VICTIM, 0))
        here.liar.send_update(insertion(LIAR, END, again))
        await here.witness.until(lambda: len(here.witness.text) == 2 * END, "both copies")
        _, authors = here.authors()
        assert sorted(authors) == sorted(
            [here.people["victim"].id] * END + [here.people["liar"].id] * END
        )
        await here.victim.until(lambda: len(here.victim.text) == 2 * END, "both copies")
        await here.life_goes_on()


async def test_a_second_copy_that_was_never_beside_the_original_is_refused(api: Api) -> None:
    async with scene(api) as here:
        here.liar.send_update(_undo(WORDS, 0))
        for replica in (here.victim, here.witness):
            await replica.until(lambda r=replica: (LIAR, END - 1) in r.ledger.inserted)
        await here.refuses(insertion(LIAR, END, text(WORDS, right=(VICTIM, 0))))


async def test_other_words_in_place_of_deleted_ones_are_their_makers(api: Api) -> None:
    async with scene(api) as here:
        lie = WORDS.replace("wrote", "stole")
        here.liar.send_update(_undo(lie, 0))
        for replica in (here.victim, here.witness):
            await replica.until_text(lie)
        assert here.authors() == (lie, [here.people["liar"].id] * END)
        await here.life_goes_on()


async def test_deleted_words_put_elsewhere_are_their_putters(api: Api) -> None:
    async with scene(api) as here:
        here.victim.append(" More of it.")
        await here.liar.until(lambda: "More" in here.liar.text)
        here.liar.delete(0, 4)
        await here.liar.until_stored()
        here.liar.append("The ")
        await here.liar.until_stored()
        _, authors = here.authors()
        assert authors[-4:] == [here.people["liar"].id] * 4
        await here.victim.until(lambda: here.victim.text.endswith("The "), "the liar's words")
        await here.life_goes_on()


async def test_a_part_of_anothers_words_pulled_out_is_its_pullers(api: Api) -> None:
    """Undo restores where it deleted; words cut out of the middle start elsewhere."""
    async with scene(api) as here:
        pulled = text("wrote", right=(VICTIM, 0))
        here.liar.send_update(
            Forged([Section(LIAR, 0, [pulled])], deleted=[(VICTIM, 0, END)]).encode()
        )
        await here.witness.until_text("wrote")
        assert here.authors() == ("wrote", [here.people["liar"].id] * 5)


def _undo(words: str, clock: int) -> bytes:
    """Delete the victim's words and put words in their place as undo would, in one update."""
    copy = Section(LIAR, clock, [text(words, right=(VICTIM, 0))])
    return Forged([copy], deleted=[(VICTIM, 0, END)]).encode()


def test_an_imported_text_is_the_importers_whatever_it_says(api: Api) -> None:
    victim, liar = api.somebody(), api.somebody()
    slug = f"imported-{liar.id}"
    body = {"slug": slug, "title": "t", "text": f"author: {victim.id}"}
    extra = {"author": victim.id, "created_by": victim.id, "spans": []}
    answer = api.http.post("/api/v1/articles", json=body | extra, headers=liar.headers)
    if not answer.is_success:
        assert answer.status_code in {400, 422}
        answer = api.http.post("/api/v1/articles", json=body, headers=liar.headers)
    assert answer.status_code == 201
    assert set(api.authors(slug)[1]) == {liar.id}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written_to_the_spans(api: Api, method: str) -> None:
    victim, liar = api.somebody(), api.somebody()
    slug = api.make_article(victim, "Words.")
    before = api.authors(slug)
    spans = {"spans": [{"start": 0, "length": 6, "author": liar.id}]}
    answer = api.http.request(
        method, f"/api/v1/articles/{slug}/spans", json=spans, headers=liar.headers
    )
    assert answer.status_code == 405
    assert api.authors(slug) == before


@pytest.mark.parametrize("disguise", ["{}", "{} ", "  {}", "{upper}", "{confusable}"])
def test_a_name_that_is_or_looks_like_anothers_gives_no_token(api: Api, disguise: str) -> None:
    victim = api.somebody("Vera Aeppli")
    confusable = victim.name.replace("a", "\N{CYRILLIC SMALL LETTER A}")
    name = disguise.format(victim.name, upper=victim.name.upper(), confusable=confusable)
    answer = api.http.post("/api/v1/session", json={"name": name})
    assert 400 <= answer.status_code < 500
    assert "token" not in answer.json()


def _unsigned(claims: dict[str, object]) -> str:
    return jwt.encode(claims, None, algorithm="none")


def _own_key(claims: dict[str, object]) -> str:
    return jwt.encode(claims, "k" * 40, algorithm="HS256")


@pytest.mark.parametrize("sign", [_unsigned, _own_key])
def test_a_token_that_we_did_not_sign_opens_nothing(api: Api, sign: object) -> None:
    victim = api.somebody()
    claims = jwt.decode(victim.token, options={"verify_signature": False})
    forged = sign(claims)
    answer = api.http.post(
        "/api/v1/articles",
        json={"slug": "forged-token", "title": "t"},
        headers={"Authorization": f"Bearer {forged}"},
    )
    assert answer.status_code == 401
    assert api.http.get("/api/v1/articles/forged-token").status_code == 404
