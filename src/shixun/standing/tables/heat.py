"""What the heat map shows, as plain shapes with the addresses behind each figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse

from shixun.kernel.exports import Amount, Cell, Share
from shixun.ledger.choices import AccountKind
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.standing.queries import Heat, HeatRow, StoredFigures

MOST_MISSING = 5
#: How many of a line's cells the phone shows (more where they are equal).
WORST = 3
#: Label of each column of the distribution, and the filter of the list that opens it.
BUCKETS = (
    ("已达标", {"state": "met"}),
    ("≤1", {"lack": "1"}),
    ("1–3", {"lack": "3"}),
    ("3–6", {"lack": "6"}),
    ("6–12", {"lack": "12"}),
    (">12", {"lack": "more"}),
)
CYCLE, TIMED = "", "timed"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """The share who meet one requirement at one place, how many do not, and the people behind it.

    ``is_worst``: among those of its line that are met least.
    """

    name: str
    share: Fraction | None
    short: int
    url: str
    is_worst: bool


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A line of the heat map; ``url`` leads into a district, or to the people of a school."""

    name: str
    url: str
    people: int
    share: Fraction | None
    short_url: str
    short: int
    cells: list[ShownCell]


def buckets(
    figures: StoredFigures, place: Organisation | None = None, *, may_list: bool = True
) -> list[tuple[str, int, str]]:
    """The columns of the distribution: who has met everything, who lacks how much in credits, and the list of each
    for those who may open it.
    """
    counts = (figures.persons - sum(figures.lacks), *figures.lacks)
    return [
        (label, count, people_url(place, **filters) if may_list else "")
        for (label, filters), count in zip(BUCKETS, counts, strict=True)
    ]


def people_url(organisation: Organisation | None = None, **filters: str) -> str:
    """The list of the teachers of an organisation, or of the actor's scope, under some filters."""
    if organisation is not None:
        key = "district" if organisation.kind == OrganisationKind.DISTRICT else "school"
        filters = {key: str(organisation.uuid), **filters}
    return f"{reverse('standing:teachers')}?{urlencode(filters)}"


def sorted_rows(found: Heat, sort: str) -> list[HeatRow]:
    if sort == "name":
        return list(found.rows)
    return sorted(found.rows, key=lambda row: _or_all(row.share_of(sort) if sort else row.share))


def _or_all(share: Fraction | None) -> Fraction:
    """Who is asked nothing comes last."""
    return Fraction(2) if share is None else share


def exported_rows(found: Heat, sort: str) -> tuple[list[str], Iterator[list[Cell]]]:
    """Headings and rows of the heat map as a table: each place, then all of them together."""
    headings = ["机构", "代码", "人数", "已达标", "未达标", "达标率"]
    for one in found.requirements:
        headings += [f"{one.name} 达标率", f"{one.name} 未达到（人）", f"{one.name} 共缺（{one.unit}）"]
    return headings, (_exported(found, row) for row in (*sorted_rows(found, sort), found.whole))


def _exported(found: Heat, row: HeatRow) -> list[Cell]:
    place = row.organisation
    cells: list[Cell] = [place.name if place else "合计", place.code if place else ""]
    cells += [row.people, row.met, row.people - row.met, _share(row.share)]
    for one in found.requirements:
        cells += [_share(row.share_of(one.id)), row.short[one.id], Amount(row.lack[one.id])]
    return cells


def _share(share: Fraction | None) -> Cell:
    return None if share is None else Share(int(share * 100))


class HeatPage:
    """Addresses of the page and of the lists behind it; ``sight``: the five years, or the yearly and dated ones.

    Whoever may not list people (``may_list``) gets figures without the lists behind them.
    """

    def __init__(self, place: Organisation | None, kind: str, sight: str = CYCLE, *, may_list: bool = True) -> None:
        self.place, self.kind, self.sight, self.may_list = place, kind, sight, may_list

    def _kept(self) -> dict[str, str]:
        kept = {"kind": self.kind} if self.kind != AccountKind.TEACHER else {}
        return {**kept, **({"view": self.sight} if self.sight else {})}

    def address(self, **changes: str) -> str:
        place = {"district": str(self.place.uuid)} if self.place else {}
        return f"?{urlencode({**place, **self._kept(), **changes})}"

    def people(self, organisation: Organisation | None = None, **filters: str) -> str:
        """The list of the people of an organisation (default: of the whole page) under some filters; or nothing."""
        if not self.may_list:
            return ""
        return people_url(organisation or self.place, **filters)

    def line(self, found: Heat, row: HeatRow) -> ShownPlace:
        organisation = row.organisation
        shares = sorted(share for one in found.requirements if (share := row.share_of(one.id)) is not None)
        bound = shares[min(WORST, len(shares)) - 1] if shares else Fraction(0)
        is_district = organisation is not None and organisation.kind == OrganisationKind.DISTRICT
        return ShownPlace(
            organisation.name if organisation else "",
            f"?{urlencode({'district': str(organisation.uuid), **self._kept()})}"
            if is_district and organisation
            else self.people(organisation),
            row.people,
            row.share,
            self.people(organisation, state="short"),
            row.people - row.met,
            [
                ShownCell(
                    one.name,
                    row.share_of(one.id),
                    row.short[one.id],
                    self.people(organisation, requirement=one.key, sort="-that"),
                    row.short[one.id] > 0 and (row.share_of(one.id) or 0) <= bound,
                )
                for one in found.requirements
            ],
        )
