"""Questions about a population, answered from the stored standings: lists, figures, heat map, what is missing most."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from rulebook.policy import Policy
from shixun.kernel.access import Scope
from shixun.ledger.choices import AccountKind
from shixun.people.models import Organisation
from shixun.policy.queries import newest_policies, policy_of_digest
from shixun.standing.models import Measure, StandingGap, StoredStanding

#: Upper bounds of the columns of the distribution, in hundredths; the last column is everything above.
BOUNDS = (100, 300, 600, 1200)
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement as lists name it: of which kind of account, by its id, with its name and the policy's order."""

    kind: str
    id: str
    name: str

    @property
    def key(self) -> str:
        """What stands in an address: the id, after the kind of account where that is not the teacher's."""
        return self.id if self.kind == AccountKind.TEACHER else f"{self.kind}:{self.id}"


def stored_within(scope: Scope) -> QuerySet[StoredStanding]:
    """One row for each person of a scope, with what a line of a list names."""
    rows = StoredStanding.objects.filter(scope.within("path"), is_main=True)
    return rows.select_related("person", "home", "measure").defer("measure__requirements")


def lacking(rows: QuerySet[StoredStanding], scope: Scope, key: str) -> QuerySet[StoredStanding]:
    """Those who do not meet one requirement; each row gets ``that_short``, what she lacks of it."""
    kind, _, requirement = key.rpartition(":")
    gaps = StandingGap.objects.filter(scope.within("path"), kind=kind or AccountKind.TEACHER, requirement=requirement)
    hers = gaps.filter(person=OuterRef("person_id"))
    return rows.filter(person__in=gaps.values("person_id")).annotate(that_short=Subquery(hers.values("short")[:1]))


def holding(rows: QuerySet[StoredStanding], profile: str) -> QuerySet[StoredStanding]:
    """Those who are judged by a profile in any of their accounts."""
    known = [pk for pk, text in Measure.objects.values_list("pk", "profiles") if profile in text.split(";")]
    held = StoredStanding.objects.filter(measure__in=known)
    return rows.filter(person__in=held.values("person_id"))


def profiles_by(measures: Iterable[Measure]) -> list[tuple[str, str]]:
    """Id and name of every profile that some measures are for."""
    names: dict[str, str] = {}
    for measure in measures:
        policy = policy_of_digest(measure.policy_digest)
        for profile in measure.profiles.split(";"):
            if policy and profile in policy.profiles:
                names.setdefault(profile, policy.profiles[profile].name)
    return sorted(names.items(), key=lambda pair: pair[0])


def subjects_within(scope: Scope) -> list[str]:
    """The subjects taught in a scope."""
    rows = stored_within(scope).exclude(subject="")
    return list(rows.order_by("subject").values_list("subject", flat=True).distinct())


def measures_within(scope: Scope) -> list[Measure]:
    """By what people of a scope are measured."""
    used = StoredStanding.objects.filter(scope.within("path")).order_by().values("measure").distinct()
    return list(Measure.objects.filter(pk__in=used).order_by("pk"))


def asked_by(measures: Iterable[Measure]) -> list[Asked]:
    """The requirements of some measures, the teacher's account first, each account in the policy's order."""
    found: dict[tuple[str, str], tuple[int, int, Asked]] = {}
    kinds = list(AccountKind.values)
    for measure in measures:
        policy = policy_of_digest(measure.policy_digest)
        order = _order(policy, measure)
        for requirement in measure.requirements:
            rank = (kinds.index(measure.kind), order.get(requirement, len(order)))
            known = found.get((measure.kind, requirement))
            if known is None or rank < known[:2]:
                name = _name(policy, measure, requirement)
                found[measure.kind, requirement] = (*rank, Asked(measure.kind, requirement, name))
    return [asked for *_, asked in sorted(found.values(), key=lambda item: item[:2])]


def _order(policy: Policy | None, measure: Measure) -> dict[str, int]:
    """The place of each requirement in the whole policy, so that different profiles agree on it."""
    ids = [row.id for row in policy.requirements] if policy else measure.requirements
    return {name: place for place, name in enumerate(dict.fromkeys(ids))}


def _name(policy: Policy | None, measure: Measure, requirement: str) -> str:
    rows = policy.requirements_for(frozenset(measure.profiles.split(";"))) if policy else ()
    return next((row.name for row in rows if row.id == requirement), requirement)


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """How many persons of a scope have a standing, how many have met the policy, and how many lack how much.

    ``lacks``: counts of persons by what they lack: up to each of ``BOUNDS``, and more.
    """

    persons: int
    met: int
    lacks: tuple[int, ...]

    @property
    def short(self) -> int:
        return self.persons - self.met

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.met, self.persons) if self.persons else None


def stored_figures(rows: QuerySet[StoredStanding]) -> StoredFigures:
    """Counts of a list of persons, in one query."""
    counts = {f"upto{bound}": Count("pk", filter=Q(person_short__lte=bound)) for bound in (0, *BOUNDS)}
    found = rows.order_by().aggregate(persons=Count("pk"), met=Count("pk", filter=Q(person_met=True)), **counts)
    steps = [found[f"upto{bound}"] for bound in (0, *BOUNDS)] + [found["persons"]]
    lacks = tuple(upper - lower for lower, upper in pairwise(steps))
    return StoredFigures(found["persons"], found["met"], lacks)


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
    gaps = StandingGap.objects.filter(scope.within("path"), kind=kind).order_by()
    missed = gaps.values_list("path", "requirement").annotate(people=Count("*"), lack=Sum("short"))
    newest_policies()
    rows: dict[str, HeatRow] = defaultdict(lambda: HeatRow(None))
    asked: dict[str, Counter[int]] = defaultdict(Counter)
    for path, measure, people, reached in judged:
        row = rows[path[:width]]
        row.people += people
        row.met += reached
        asked[path[:width]][measure] += people
    for path, requirement, people, lack in missed:
        row = rows[path[:width]]
        row.short[requirement] += people
        row.lack[requirement] += lack
    measures = Measure.objects.in_bulk({measure for counts in asked.values() for measure in counts})
    for unit, counts in asked.items():
        for measure, people in counts.items():
            rows[unit].asked.update(dict.fromkeys(measures[measure].requirements, people))
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


def kinds_within(scope: Scope) -> list[tuple[str, str]]:
    """The kinds of account judged in a scope, the teacher's first."""
    rows = StoredStanding.objects.filter(scope.within("path")).order_by()
    held = set(rows.values_list("kind", flat=True).distinct())
    return [(value, str(label)) for value, label in AccountKind.choices if value in held]


def gaps_of(rows: Iterable[StoredStanding]) -> dict[int, list[tuple[str, int]]]:
    """What each person lacks in all her accounts, by name, the most first; one query. Amounts in hundredths.

    The total follows from its parts, so it is named only where nothing else is missing.
    """
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    totals: dict[int, list[tuple[str, int]]] = defaultdict(list)
    gaps = StandingGap.objects.filter(person__in=[row.person_id for row in rows]).order_by("-short", "pk")
    lines = list(gaps.values_list("person_id", "standing__measure", "requirement", "short"))
    measures = Measure.objects.in_bulk({measure for _, measure, *_ in lines})
    named = {key: _name_in(measures[key[0]], key[1]) for key in {line[1:3] for line in lines}}
    for person, measure, requirement, short in lines:
        (totals if requirement == TOTAL else found)[person].append((named[measure, requirement], short))
    return {**totals, **found}


def _name_in(measure: Measure, requirement: str) -> str:
    return _name(policy_of_digest(measure.policy_digest), measure, requirement)
