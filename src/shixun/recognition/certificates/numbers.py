"""Numbers of papers: nobody guesses one, and a slip of the pen is noticed."""

import re
from datetime import date
from uuid import UUID

from shixun.kernel.fields import keyed_digest

# Without I, L, O and U, which are read as something else.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM = 9
_NUMBER = re.compile(r"SX(\d\d)([0-9A-HJKMNP-TV-Z]{10})\Z")
_READ_AS = str.maketrans("ILOU", "110V")


def number_of(uuid: UUID, on: date) -> str:
    """The number of a paper issued on a day: ``SX19-7K3M9-QHT4X``; the last sign is the check of the others."""
    drawn = int(keyed_digest(str(uuid), "paper number"), 16)
    signs = "".join(_SIGNS[drawn >> 5 * at & 31] for at in range(_RANDOM))
    whole = f"{on:%y}{signs}"
    return _shown(f"SX{whole}{_check(whole)}")


def read_number(text: str) -> str | None:
    """A number as somebody typed it, in its one spelling; ``None`` where it cannot be one."""
    plain = re.sub(r"[\s\-–—]", "", text).upper()
    found = _NUMBER.match(plain[:2] + plain[2:].translate(_READ_AS))
    if found is None:
        return None
    year, signs = found.groups()
    if _check(f"{year}{signs[:-1]}") != signs[-1]:
        return None
    return _shown(f"SX{year}{signs}")


def _check(text: str) -> str:
    """Weighted by place, so that two signs exchanged are noticed as well as one mistaken."""
    return _SIGNS[sum((at + 2) * _SIGNS.index(sign) for at, sign in enumerate(text)) % 31]


def _shown(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:9]}-{plain[9:]}"
