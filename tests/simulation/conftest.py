"""The seeds of a test run, and the stand-ins that all of them need."""

from collections.abc import Iterator

import pytest

from tests.simulation.standins import stood_in

SHARE = 25  # seeds in one test
FEW = 4  # of so many seeds one is run with a single process


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Share the seeds out, or choose the one that was asked for."""
    if "seeds" in metafunc.fixturenames:
        one, many = (metafunc.config.getoption(name) for name in ("--seed", "--seeds"))
        every = range(one, one + 1) if one is not None else range(many)
        shares = [every[first : first + SHARE] for first in range(0, len(every), SHARE)]
        metafunc.parametrize("seeds", shares, ids=[str(share.start) for share in shares])


@pytest.fixture(scope="module", autouse=True)
def stand_ins() -> Iterator[pytest.MonkeyPatch]:
    """Have the server's modules use made-up time and no threads."""
    with stood_in() as patch:
        yield patch
