"""JSON text inside an update, read as strictly as its strictest reader does."""

from json import JSONDecoder, dumps
from math import isinf
from typing import NoReturn

from crdt.limits import Allowance


def _finite(number: str) -> float:
    value = float(number)
    if isinf(value):
        raise ValueError(number)
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and the infinities are not JSON


_decode = JSONDecoder(parse_float=_finite, parse_int=_finite, parse_constant=_refuse).decode


def check_json(text: str, allowance: Allowance) -> None:
    """ValueError unless `text` is JSON; what it holds comes off the allowance.

    Half of a surrogate pair, escaped, is JSON to a browser and an error to yrs, so it is refused.
    """
    allowance.spend(sum(map(text.count, ",[{")))
    try:
        value = _decode(text)
        if "\\u" in text:
            dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("A value is nested too deep.") from None
    except ValueError:
        raise ValueError("A value is not valid JSON.") from None
    if isinstance(value, list | dict):
        _check_nesting(value, allowance.nesting)


def _check_nesting(value: list[object] | dict[str, object], nesting: int) -> None:
    level: list[list[object] | dict[str, object]] = [value]
    for _ in range(nesting):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, list | dict)
        ]
        if not level:
            return
    raise ValueError("A value is nested too deep.")
