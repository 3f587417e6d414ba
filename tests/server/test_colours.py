import colorsys
import re

from server.colours import HUES, Palette


def _hue(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return colorsys.rgb_to_hsv(red, green, blue)[0] * 360


def test_there_are_twelve_hues() -> None:
    assert len(set(HUES)) == 12
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in HUES)


def test_authors_who_come_one_after_another_are_far_apart() -> None:
    for one, other in zip(HUES, HUES[1:] + HUES[:1], strict=True):
        distance = abs(_hue(one) - _hue(other)) % 360
        assert min(distance, 360 - distance) > 60


def test_a_palette_hands_out_all_hues_in_turn() -> None:
    palette = Palette(3)
    assert [palette.next() for _ in range(24)] == [*HUES[3:], *HUES, *HUES[:3]]


def test_two_palettes_are_strangers() -> None:
    one, other = Palette(0), Palette(0)
    one.next()
    assert other.next() == HUES[0]


def test_a_palette_may_begin_anywhere() -> None:
    assert Palette().next() in HUES
