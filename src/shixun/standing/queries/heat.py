"""The heat map: places × requirements of one kind of account, who meets them, and what is missing most."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from django.db.models import Count, Q, Sum
from django.db.models.functions import Substr

from shixun.kernel.access import Scope
from shixun.ledger.choices import AccountKind
from shixun.people.models import Organisation
from shixun.policy.queries import newest_policies
from shixun.standing.models import GapSum, Measure, StoredStanding
from shixun.standing.queries.stored import TOTAL, Asked, asked_by


@dataclass(frozen=True, slots=True)
class Missing:
    """A requirement, how many do not meet it, of how many, and how much they lack together (hundredths)."""

    asked: Asked
    short: int
    people: int
    lack: int

    @property
    def share(self) -> Fraction | None:
        """The share of those asked who meet it."""
        return 1 - Fraction(self.short, self.people) if self.people else None


@dataclass(slots=True)
class HeatRow:
    """One organisation: how many accounts of the kind, how many met, and for each requirement who lacks how much."""

    organisation: Organisation | None
    people: int = 0
    met: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    short: Counter[str] = field(default_factory=Counter)
    lack: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.met, self.people) if self.people else None

    def share_of(self, requirement: str) -> Fraction | None:
        """The share who meet a requirement, of those it is asked of; None where it is asked of nobody."""
        asked = self.asked[requirement]
        return 1 - Fraction(self.short[requirement], asked) if asked else None


@dataclass(frozen=True, slots=True)
class Heat:
    """Organisations × requirements of one kind of account; ``whole`` is all of them together."""

    requirements: Sequence[Asked]
    rows: Sequence[HeatRow]
    whole: HeatRow

    def sorted_out(self, *, timed: bool) -> "Heat":
        """The same with the requirements of the five years only, or with the yearly and dated ones only."""
        return replace(self, requirements=[one for one in self.requirements if one.is_timed == timed])

    def missing(self) -> list[Missing]:
        """The requirements that are not met by everybody, the most missed first; the total follows from its parts."""
        found = [
            Missing(one, self.whole.short[one.id], self.whole.asked[one.id], self.whole.lack[one.id])
            for one in self.requirements
            if self.whole.short[one.id] and one.id != TOTAL
        ]
        return sorted(found, key=lambda item: -item.short)


def heat_within(scope: Scope, *, kind: str = AccountKind.TEACHER, apart: bool = True) -> Heat:
    """The parts directly below a scope (districts of a city, schools of a district); five queries however many.

    Without ``apart`` only the whole is filled.
    """
    width = len(scope.path) + len("000001/") if apart else len(scope.path)
    # Grouped by whole paths, as the indexes are ordered, and put together here: no sort over a million rows.
    accounts = StoredStanding.objects.filter(scope.within("path"), kind=kind).order_by()
    judged = accounts.values_list("path", "measure").annotate(
        people=Count("*"), reached=Count("pk", filter=Q(met=True))
    )
    sums = GapSum.objects.filter(scope.within("path"), kind=kind, people__gt=0).order_by()
    missed = sums.values_list(Substr("path", 1, width), "requirement").annotate(Sum("people"), Sum("lack"))
    newest_policies()
    rows: dict[str, HeatRow] = defaultdict(lambda: HeatRow(None))
    asked: dict[str, Counter[int]] = defaultdict(Counter)
    for path, measure, people, reached in judged:
        row = rows[path[:width]]
        row.people += people
        row.met += reached
        asked[path[:width]][measure] += people
    for path, requirement, people, lack in missed:
        rows[path].short[requirement] += people
        rows[path].lack[requirement] += lack
    measures = Measure.objects.in_bulk({measure for counts in asked.values() for measure in counts})
    for unit, counts in asked.items():
        for measure, people in counts.items():
            held = measures[measure]
            rows[unit].asked.update(dict.fromkeys([*held.requirements, *held.timed], people))
    if apart:
        for organisation in Organisation.objects.filter(path__in=list(rows)):
            rows[organisation.path].organisation = organisation
    found = [row for _, row in sorted(rows.items())]
    return Heat(asked_by(measures.values()), found if apart else [], _whole(found))


def _whole(rows: Iterable[HeatRow]) -> HeatRow:
    """All lines together."""
    whole = HeatRow(None)
    for row in rows:
        whole.people += row.people
        whole.met += row.met
        whole.asked.update(row.asked)
        whole.short.update(row.short)
        whole.lack.update(row.lack)
    return whole
