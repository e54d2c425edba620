"""What somebody's credits are made to show: one way of being short, or of being met only so."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """``less`` and ``more`` change a complete programme, for those who hold ``profiles`` (one base among them).

    ``short`` are the requirements then short, ``moved`` the article of the offset but for which one would be.
    ``by_seat`` reasons are given by the staffing alone.
    """

    id: str
    shows: str
    profiles: frozenset[str]
    less: Mapping[str, int] = field(default_factory=dict)
    more: Mapping[str, int] = field(default_factory=dict)
    short: frozenset[str] = frozenset()
    moved: str = ""
    early_terms: tuple[int, ...] = (1, 2, 3)
    missed_year: int = -1
    half_probation: bool = False
    qualification_less: int = 0
    enterprise_done: bool = False
    released: bool = False
    by_seat: bool = False
    not_in: frozenset[str] = frozenset()
    only_in: frozenset[str] = frozenset()


NO_REASON = Reason("", "", frozenset())
ALL = 10_000_000
