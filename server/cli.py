"""The command `palimpsest`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from crdt.errors import Refusal
from persistence.authors import Author
from persistence.errors import LogUnavailable, UnknownAuthor
from persistence.store import Store
from server.colours import Palette
from server.export import export
from server.names import clean_name, handle
from server.newcomers import Newcomers
from server.opening import opened_database
from server.options import takes_settings
from server.rebuild import rebuild
from server.secret import secret_key
from server.serving import serve
from server.settings import Settings
from server.supervising import supervise
from server.suspects import headings, show
from server.tokens import Tokens

DATABASE = ("data_dir", "database_url")
ARTICLES = (*DATABASE, "root_name")
REBUILDING = (*ARTICLES, "checkpoint_every")
SIGNING = (*DATABASE, "secret_key", "token_lifetime")


@click.group()
@click.version_option(package_name="palimpsest")
def main() -> None:
    """A live wiki in which every character keeps the name of the person who wrote it."""


@main.command("serve")
@takes_settings()
def serve_command(settings: Settings) -> None:
    """Serve articles until told to stop; migrates the database first."""
    if settings.supervisor:
        supervise(settings)
    serve(settings, lambda url: click.echo(f"Palimpsest is listening on {url}"))


@main.command("migrate")
@takes_settings(DATABASE)
def migrate_command(settings: Settings) -> None:
    """Bring the database's tables up to date."""
    with _store(settings):
        click.echo("The database is up to date.")


@main.command("token")
@click.option("--author", required=True, metavar="NAME", help="Whose token it is.")
@click.option("--readonly", is_flag=True, help="It allows reading only.")
@takes_settings(SIGNING)
def token_command(settings: Settings, author: str, *, readonly: bool) -> None:
    """Print a token for scripts; a name that nobody has becomes a new author, a bot."""
    with _store(settings) as store:
        found = _author(store, clean_name(author))
        tokens = Tokens(settings, secret_key(settings, store))
        click.echo(tokens.issue(found.id, "read" if readonly else "write", time.time()))


@main.command("rebuild")
@click.argument("slug", required=False)
@takes_settings(REBUILDING)
def rebuild_command(settings: Settings, slug: str | None) -> None:
    """Compute every table that follows from others anew, from the log and the marks in it.

    For the article SLUG, or for all. Stop the server first.
    """
    with _store(settings) as store:
        for article, name in _articles(store, slug):
            rebuild(store, article, settings.root_name, settings.checkpoint_every)
            click.echo(f"{name} is rebuilt.")


@main.command("export")
@click.argument("slug")
@takes_settings(ARTICLES)
def export_command(settings: Settings, slug: str) -> None:
    """Print the text, spans, authors and log of the article SLUG as JSON."""
    with _store(settings) as store:
        for piece in export(store, slug, settings.root_name):
            click.echo(piece, nl=False)


@main.group("quarantine")
def quarantine_group() -> None:
    """Look at what stopped the server, and let its authors go on."""


@quarantine_group.command("list")
@takes_settings(DATABASE)
def quarantine_list_command(settings: Settings) -> None:
    """List the updates that were in hand when a worker stalled or died."""
    with _store(settings) as store:
        for line in headings(store):
            click.echo(line)


@quarantine_group.command("show")
@click.argument("number", metavar="ID", type=int)
@takes_settings(DATABASE)
def quarantine_show_command(settings: Settings, number: int) -> None:
    """Show what is in the updates ID, and their bytes."""
    with _store(settings) as store:
        for line in show(store, number):
            click.echo(line)


@quarantine_group.command("release")
@click.argument("number", metavar="ID", type=int)
@takes_settings(DATABASE)
def quarantine_release_command(settings: Settings, number: int) -> None:
    """Let the updates ID in again, if they come again, and watch their author no more."""
    with _store(settings) as store:
        store.quarantine.release(number, datetime.now(UTC))
        click.echo(f"{number} is released.")


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    """Open the store; what is refused is told in a sentence."""
    try:
        with opened_database(settings) as store:
            yield store
    except (Refusal, LogUnavailable, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _author(store: Store, name: str) -> Author:
    try:
        return store.authors.by_handle(handle(name))
    except UnknownAuthor:
        click.echo(f"{name} is a new author.", err=True)
        return Newcomers(store.authors, Palette()).make(name, kind="bot")


def _articles(store: Store, slug: str | None) -> Iterator[tuple[int, str]]:
    if slug is not None:
        yield store.articles.get(slug).id, slug
        return
    place = None
    while page := store.articles.list(before=place):
        yield from ((article.id, article.slug) for article in page)
        place = page[-1].place
