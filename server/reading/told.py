"""What is told in words: times, numbers, shares, and who wrote a run of text."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from markupsafe import Markup

from server.reading.credits import Credit

SMALL = 0.5  # per cent; less is told as "<1"


def exactly(at: datetime) -> str:
    """A time as a person reads it."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def day(at: datetime) -> str:
    """The day of a time."""
    return f"{at.day} {at:%B %Y}"


def time_tag(at: datetime) -> Markup:
    """A time that programs can read, too."""
    stamp = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(stamp, exactly(at.astimezone(UTC)))


def from_ms(at_ms: int) -> datetime:
    """A time from Unix ms."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def separated(number: int) -> str:
    """A number with separators."""
    return f"{number:,}"


def percent(part: int, whole: int) -> str:
    """A share of a whole as whole per cents."""
    share = 100 * part / whole if whole else 0.0
    return "<1 %" if 0 < share < SMALL else f"{share:.0f} %"


def question(**asked: object) -> str:
    """The part of an address behind the path; what is None or empty is not asked."""
    known = {name: value for name, value in asked.items() if value not in (None, "")}
    return "?" + urlencode(known) if known else "?"


class Teller:
    """Tells of credits on one page: of a revision, or of the newest text (None)."""

    def __init__(self, names: dict[str, str], revision: int | None) -> None:
        self._names = names
        self._revision = revision

    def line(self, credit: Credit) -> str:
        """Who, when, since which revision, and who brought it back; as one line."""
        parts = [f"{self._name(credit.author)}, {exactly(from_ms(credit.at_ms))}"]
        if credit.since is not None:
            parts.append(f"since revision {credit.since}")
        if _brought_back(credit):
            parts.append(f"brought back by {self._name(str(credit.carried_by))}")
        return "; ".join(parts)

    def note(self, number: int, by: int, credit: Credit) -> Markup:
        """The same as a note that the text links to."""
        return Markup(
            '<p class="note b{}" id="m{}"><strong class="note-name">{}</strong>'
            ' <span class="note-said">wrote this <span class="on">on</span> {}</span>'
            '<span class="and">,</span> <span class="note-since">{}</span>{}'
            ' <a class="note-close" href="#_">Close</a></p>'
        ).format(
            by,
            number,
            self._person(credit.author),
            time_tag(from_ms(credit.at_ms)),
            self._since(credit.since),
            self._carried(credit),
        )

    def _since(self, revision: int | None) -> Markup:
        if revision is None:
            return Markup("not in a revision yet")
        address = question(revision=revision)
        return Markup('here since <a href="{}">revision {}</a>').format(address, revision)

    def _carried(self, credit: Credit) -> Markup:
        if not _brought_back(credit):
            return Markup()
        return Markup(
            '<span class="and">,</span> <span class="note-carried">brought back by {}{}</span>'
        ).format(
            self._person(str(credit.carried_by)),
            Markup(' <span class="on">on</span> {}').format(time_tag(from_ms(credit.carried_at_ms)))
            if credit.carried_at_ms is not None
            else "",
        )

    def _person(self, author: str) -> Markup:
        address = question(revision=self._revision, author=author)
        return Markup('<a class="by" href="{}">{}</a>').format(address, self._name(author))

    def _name(self, author: str) -> str:
        return self._names.get(author, "Somebody")


def _brought_back(credit: Credit) -> bool:
    return credit.carried_by not in (None, credit.author)
