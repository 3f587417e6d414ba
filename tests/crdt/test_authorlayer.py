import pytest
from pycrdt import Doc, Text

from crdt.attribution import Attribution
from crdt.authorlayer import AuthorLayer, TooManyAuthors, _nth_glyph
from crdt.edit import Edit
from crdt.limits import UpdateLimits
from crdt.spans import Span
from crdt.update import decode_update


def written(author: str, client: int, text: str, after: bytes | None = None) -> Edit:
    """The edit in which `author` adds `text` at the end of what `after` holds."""
    doc: Doc[Text] = Doc(client_id=client)
    if after is not None:
        doc.apply_update(after)
    content, before = doc.get("content", type=Text), doc.get_state()
    content += text
    payload = doc.get_update(before)
    update = decode_update(payload, UpdateLimits())
    return Edit(author, update.structs, update.deletions, payload, None)


def layer_of(*edits: Edit) -> AuthorLayer:
    ledger, layer = Attribution(), AuthorLayer("content")
    for edit in edits:
        ledger.credit(edit, 0)
        layer.add([edit], ledger)
    return layer


def test_spans_count_code_points_where_clocks_count_units() -> None:
    first = written("ada", 1, "a😀b")
    second = written("bo", 2, "😀", first.payload)
    layer = layer_of(first, second)
    assert layer.spans() == [Span(0, 3, "ada"), Span(3, 1, "bo")]
    layer.close()


def test_marks_and_embeds_have_no_span() -> None:
    doc: Doc[Text] = Doc(client_id=1)
    content = doc.get("content", type=Text)
    content += "bold"
    content.format(0, 4, {"bold": True})
    content.insert_embed(2, {"image": "x"})
    payload = doc.get_update()
    update = decode_update(payload, UpdateLimits())
    layer = layer_of(Edit("ada", update.structs, update.deletions, payload, None))
    assert layer.spans() == [Span(0, 4, "ada")]


def test_no_glyph_is_a_surrogate_and_each_is_another() -> None:
    glyphs = [_nth_glyph(number) for number in range(63_000)]
    assert len(set(glyphs)) == len(glyphs)
    assert not any("\ud800" <= glyph <= "\udfff" for glyph in glyphs)


def test_there_are_only_so_many_glyphs() -> None:
    with pytest.raises(TooManyAuthors):
        _nth_glyph(65_000)
