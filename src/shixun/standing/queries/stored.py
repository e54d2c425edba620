"""Questions about a population, answered from the stored standings: lists, what they may be filtered by, figures."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from rulebook.policy import Policy
from shixun.kernel.access import Scope
from shixun.ledger.choices import AccountKind
from shixun.policy.queries import policy_of_digest
from shixun.standing.models import Measure, StandingGap, StoredStanding
from shixun.standing.queries.timed import is_timed, timed_of_key, words_of

#: Upper bounds of the columns of the distribution, in hundredths; the last column is everything above.
BOUNDS = (100, 300, 600, 1200)
TOTAL = "total"
#: A requirement of one hundredth asks for any at all.
ANY = 1
_LISTED = (
    "kind",
    "person_id",
    "home_id",
    "measure_id",
    "subject",
    "on",
    "need",
    "counted",
    "person_met",
    "person_short",
    "person_open",
    "person_missed",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement as lists name it: of which kind of account, by its id (of a yearly or dated one with its year or
    day), with its name and the unit of its amounts."""

    kind: str
    id: str
    name: str
    unit: str = "学分"

    @property
    def is_timed(self) -> bool:
        """Judged by the year or by a date, beside the five years?"""
        return is_timed(self.id)

    @property
    def key(self) -> str:
        """What stands in an address: the id, after the kind of account where that is not the teacher's."""
        return self.id if self.kind == AccountKind.TEACHER else f"{self.kind}:{self.id}"


def stored_within(scope: Scope) -> QuerySet[StoredStanding]:
    """One row for each person of a scope, with what a line of a list names."""
    rows = StoredStanding.objects.filter(scope.within("path"), is_main=True)
    rows = rows.select_related("person", "home").only(*_LISTED, "person__uuid", "person__name", "home__name")
    # Thousands of rows share a few measures.
    return rows.prefetch_related("measure")


def lacking(rows: QuerySet[StoredStanding], scope: Scope, key: str) -> QuerySet[StoredStanding]:
    """Those who do not meet one requirement; each row gets ``that_short``, what she lacks of it (hundredths)."""
    kind, _, requirement = key.rpartition(":")
    hers = "person__standing_gaps"
    asked = Q(**{f"{hers}__kind": kind or AccountKind.TEACHER, f"{hers}__requirement": requirement})
    rows = rows.annotate(that=FilteredRelation(hers, condition=asked)).filter(scope.within("that__path"))
    return rows.annotate(that_short=F("that__short"))


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
    """The requirements of some measures, the teacher's account first, each account in the policy's order.

    Yearly and dated ones come after those of the cycle, year by year.
    """
    found: dict[tuple[str, str], tuple[tuple[int, bool, int, str], Asked]] = {}
    kinds = list(AccountKind.values)
    for measure in measures:
        policy = policy_of_digest(measure.policy_digest)
        order = _order(policy, measure)
        for requirement in (*measure.requirements, *measure.timed):
            place = order.get(timed_of_key(requirement).id, len(order))
            rank = (kinds.index(measure.kind), is_timed(requirement), place, requirement)
            known = found.get((measure.kind, requirement))
            if known is None or rank < known[0]:
                words = words_of(policy, measure.profiles.split(";"), requirement)
                found[measure.kind, requirement] = (rank, Asked(measure.kind, requirement, *words))
    return [asked for _, asked in sorted(found.values(), key=lambda item: item[0])]


def _order(policy: Policy | None, measure: Measure) -> dict[str, int]:
    """The place of each requirement in the whole policy, so that different profiles agree on it."""
    ids = [row.id for row in policy.requirements] if policy else measure.requirements
    return {name: place for place, name in enumerate(dict.fromkeys(ids))}


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """How many persons of a scope have a standing, how many have met the policy, and how many lack how much.

    ``lacks``: counts of persons by what they lack: up to each of ``BOUNDS``, and more. ``open`` and ``missed``: how
    many have a yearly or dated requirement that can still be met, or no more.
    """

    persons: int
    met: int
    lacks: tuple[int, ...]
    open: int = 0
    missed: int = 0

    @property
    def short(self) -> int:
        return self.persons - self.met

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.met, self.persons) if self.persons else None


def stored_figures(rows: QuerySet[StoredStanding]) -> StoredFigures:
    """Counts of a list of persons, in one query."""
    counts = {f"upto{bound}": Count("pk", filter=Q(person_short__lte=bound)) for bound in (0, *BOUNDS)}
    found = rows.order_by().aggregate(
        persons=Count("pk"),
        met=Count("pk", filter=Q(person_met=True)),
        open=Count("pk", filter=Q(person_open__gt=0)),
        missed=Count("pk", filter=Q(person_missed__gt=0)),
        **counts,
    )
    steps = [found[f"upto{bound}"] for bound in (0, *BOUNDS)] + [found["persons"]]
    lacks = tuple(upper - lower for lower, upper in pairwise(steps))
    return StoredFigures(found["persons"], found["met"], lacks, found["open"], found["missed"])


def kinds_within(scope: Scope) -> list[tuple[str, str]]:
    """The kinds of account judged in a scope, the teacher's first."""
    rows = StoredStanding.objects.filter(scope.within("path")).order_by()
    held = set(rows.values_list("kind", flat=True).distinct())
    return [(value, str(label)) for value, label in AccountKind.choices if value in held]


@dataclass(slots=True)
class Lacks:
    """What one person lacks in all her accounts, by name with its amount and unit, the most first; ``timed`` apart."""

    cycle: list[tuple[str, int]] = field(default_factory=list)
    timed: list[tuple[str, int, str, str]] = field(default_factory=list)


def gaps_of(rows: Iterable[StoredStanding]) -> dict[int, Lacks]:
    """What each person lacks, by her primary key; two queries. Amounts in hundredths.

    The total follows from its parts, so it is named only where nothing else is missing.
    """
    found: dict[int, Lacks] = defaultdict(Lacks)
    totals: dict[int, list[tuple[str, int]]] = defaultdict(list)
    gaps = StandingGap.objects.filter(person__in=[row.person_id for row in rows]).order_by("-short", "pk")
    lines = list(gaps.values_list("person_id", "standing__measure", "requirement", "short", "state", "need"))
    measures = Measure.objects.in_bulk({measure for _, measure, *_ in lines})
    named = {key: _words_in(measures[key[0]], key[1]) for key in {line[1:3] for line in lines}}
    for person, measure, requirement, short, state, need in lines:
        name, unit = named[measure, requirement]
        name = f"{name}（有即可）" if need == ANY else name
        if state:
            found[person].timed.append((name, short, unit, state))
        else:
            (totals[person] if requirement == TOTAL else found[person].cycle).append((name, short))
    for person, lacks in totals.items():
        found[person].cycle = found[person].cycle or lacks
    return found


def _words_in(measure: Measure, requirement: str) -> tuple[str, str]:
    return words_of(policy_of_digest(measure.policy_digest), measure.profiles.split(";"), requirement)
