"""What can be declared (申报种类) as data: fields of the form, evidence, worth, place, caps, chain. No arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FIELD_TYPES = ("text", "words", "day", "hours", "count", "days", "choice", "number", "organiser", "programme", "place")
WORTHS = ("hours", "rate", "sessions", "table", "award", "times", "fixed", "days", "project")
DECLARERS = ("teacher", "school_officer", "district_officer", "institution")
CHAIN = ("school", "district", "city")
CAP_PERIODS = ("record", "year", "cycle")
CAP_UNITS = ("credits", "hours", "times")


@dataclass(frozen=True, slots=True)
class ClaimField:
    """One field of a form. ``options`` are the words of a choice, in order."""

    id: str
    name: str
    type: str
    required: bool = True
    options: Mapping[str, str] = field(default_factory=dict)
    help: str = ""


@dataclass(frozen=True, slots=True)
class WorthRow:
    """One line of a conversion table: the choices it is for, joined by ``.``, its name, its credits (hundredths)."""

    key: str
    name: str
    credits: int


@dataclass(frozen=True, slots=True)
class WorthRule:
    """How credits follow from the fields, by ``kind``:

    ``hours``, ``sessions`` a conversion of the policy; ``rate`` hours at ``hours_per_credit``; ``table`` the row of
    the ``axes``; ``times`` the rows' credits for each of the counts they are named after; ``award`` a fixed award of
    the policy; ``fixed`` the one row; ``days`` days and no credits; ``project`` what the reported project says.
    ``shared_by`` names a count of persons who share equally.
    """

    kind: str
    conversion: str = ""
    hours_per_credit: int = 0
    axes: tuple[str, ...] = ()
    rows: tuple[WorthRow, ...] = ()
    shared_by: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """The cell credits fall into. ``level_of`` and ``category_of`` name the choice that decides where a word does not.

    ``levels`` maps the options of ``level_of`` to levels; ``tags_of`` maps the options of one choice to tags.
    """

    level: str = ""
    level_of: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    category_of: str = ""
    form: str = "course"
    tags: tuple[str, ...] = ()
    tag_of: str = ""


@dataclass(frozen=True, slots=True)
class ClaimCap:
    """At most ``amount`` of ``unit`` (hundredths; times are whole) in a ``period`` for one kind and one person."""

    unit: str
    period: str
    amount: int
    article: str


@dataclass(frozen=True, slots=True)
class ClaimKind:
    """One kind of claim. ``assumed``: the numbers come from ``note``, not from the article, which only permits them.

    ``declared_by`` who may declare it; ``for_many`` whether one activity may be declared for a list of teachers;
    ``chain`` the levels that look at it; ``closed``: only where a district has opened it; ``returns``: a loan, which is
    to be paid back; ``crosses``: earned in another district, to be settled between the two (CL-14).
    """

    id: str
    name: str
    group: str
    article: str
    fields: tuple[ClaimField, ...]
    evidence: tuple[str, ...]
    worth: WorthRule
    place: PlaceRule
    caps: tuple[ClaimCap, ...]
    declared_by: tuple[str, ...]
    chain: tuple[str, ...]
    account: str
    for_many: bool
    closed: bool
    returns: bool
    crosses: bool
    chooser: str
    assumed: bool
    help: str
    note: str

    def field_of(self, name: str) -> ClaimField | None:
        """A field by its id."""
        return next((row for row in self.fields if row.id == name), None)
