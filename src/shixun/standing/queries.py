"""Questions to the room: one person's standings with their reasons, and short ones for a page of persons."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from rulebook.amounts import show_amount
from rulebook.facts import EntryFacts
from rulebook.policy import Policy
from rulebook.standing import Standing, standing_of
from rulebook.standing.batch import Summaries, columns_of, summaries_of
from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.ledger.choices import AccountKind
from shixun.people.models import Appointment, Person
from shixun.standing.facts import Subject, entries_for, subjects_of


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """What one account amounts to on a day: the subject judged, and the rulebook's whole answer."""

    subject: Subject
    standing: Standing

    @property
    def kind_label(self) -> str:
        return str(AccountKind(self.subject.kind).label)


def standings_for(person: Person, on: date) -> list[AccountStanding]:
    """A person's standings on any day, one per account, the main one first (AR-01, PR-20, CL-09).

    Rebuilt under the policy, local rules and appointments of that day; empty before her first appointment.
    """
    subjects = subjects_of([person], on)[person.pk]
    entries = entries_for(subjects)
    return [AccountStanding(subject, _judged(subject, entries[person.pk, subject.kind])) for subject in subjects]


def _judged(subject: Subject, entries: list[EntryFacts]) -> Standing:
    """The rulebook's answer, without the years in which a yearly minimum did not yet concern her (PR-12)."""
    standing = standing_of(subject.policy, subject.facts, entries, on=subject.on, local=subject.in_force.local)
    rules = subject.policy.requirements_for(frozenset(subject.facts.profiles))
    since = {row.id: subject.since.get(row.profile) for row in rules if row.kind == "yearly"}
    concerned = (row for row in standing.yearly if (since[row.id] or date.min) <= date(row.year, 1, 1))
    return replace(standing, yearly=tuple(concerned))


def main_standing(person: Person, on: date) -> AccountStanding | None:
    """The standing of the account that comes first."""
    return next(iter(standings_for(person, on)), None)


@dataclass(frozen=True, slots=True)
class Brief:
    """The short standing of one person: enough for a line of a list. Amounts in hundredths.

    ``need`` and ``counted`` are the total of her main account; ``met``, ``shortfall`` and ``missing`` speak of all her
    accounts together, since a principal has met the policy only when both of hers have.
    """

    subject: Subject
    met: bool
    shortfall: int
    need: int
    counted: int
    missing: tuple[tuple[str, int], ...]

    @property
    def profiles(self) -> str:
        """The names of her profiles, base first."""
        return "、".join(self.subject.policy.profiles[name].name for name in self.subject.facts.profiles)

    @property
    def missing_words(self) -> str:
        """The two largest gaps by name, and how many there are in all where there are more."""
        named = "，".join(f"{name} {show_amount(short)}" for name, short in self.missing[:2])
        return f"{named} 等 {len(self.missing)} 项" if len(self.missing) > 2 else named


def briefs_for(persons: Sequence[Person], on: date) -> dict[int, Brief]:
    """Short standings of many persons, by pk: six queries and one pass of the batch per policy and choices.

    Equal to ``standings_for`` for each of them; who cannot be judged is left out.
    """
    found = subjects_of(persons, on)
    judged = _judged_together([subject for subjects in found.values() for subject in subjects], on)
    return {
        pk: _together([judged[pk, subject.kind] for subject in subjects]) for pk, subjects in found.items() if subjects
    }


def _judged_together(subjects: Sequence[Subject], on: date) -> dict[tuple[int, str], Brief]:
    """Each account by (person's pk, kind)."""
    entries = entries_for(subjects)
    groups: dict[tuple[str, int], list[Subject]] = defaultdict(list)
    for subject in subjects:
        # Places that choose alike share one object of choices.
        groups[subject.policy.digest, id(subject.in_force.local)].append(subject)
    briefs: dict[tuple[int, str], Brief] = {}
    for members in groups.values():
        columns = columns_of(
            (index, entry)
            for index, subject in enumerate(members)
            for entry in entries[subject.person.pk, subject.kind]
        )
        policy, local = members[0].policy, members[0].in_force.local
        summaries = summaries_of(policy, [subject.facts for subject in members], columns, on=on, local=local)
        for index, subject in enumerate(members):
            briefs[subject.person.pk, subject.kind] = _brief(policy, subject, summaries, index)
    return briefs


def _brief(policy: Policy, subject: Subject, summaries: Summaries, index: int) -> Brief:
    rows = policy.requirements_for(frozenset(subject.facts.profiles))
    names = {row.id: row.name for row in rows if row.kind == "cycle"}
    short = [(names[key], int(summaries.short[key][index])) for key in names if key in summaries.short]
    missing = sorted((pair for pair in short if pair[1] > 0), key=lambda pair: -pair[1])
    total = "total" in names and "total" in summaries.need
    return Brief(
        subject,
        bool(summaries.met[index]),
        int(summaries.shortfall[index]),
        int(summaries.need["total"][index]) if total else 0,
        int(summaries.counted["total"][index]) if total else 0,
        # What is asked of the total follows from the parts, so it is named only where nothing else is missing.
        tuple(pair for pair in missing if pair[0] != names.get("total")) or tuple(missing),
    )


def _together(briefs: Sequence[Brief]) -> Brief:
    """All accounts of one person as one line, the main one first."""
    return replace(
        briefs[0],
        met=all(brief.met for brief in briefs),
        shortfall=sum(brief.shortfall for brief in briefs),
        missing=tuple(pair for brief in briefs for pair in brief.missing),
    )


def teachers_within(scope: Scope, on: date) -> QuerySet[Person]:
    """Persons whose main appointment on a day lies in a scope.

    Each has ``home_name``, ``home_path``, ``subject`` and ``stage`` of that appointment.
    """
    main = Appointment.objects.filter(in_force(on), is_main=True)
    mine = main.filter(person=OuterRef("pk")).order_by("-valid_from", "-id")
    return Person.objects.filter(pk__in=main.filter(scope.within()).values("person_id")).annotate(
        home_name=Subquery(mine.values("organisation__name")[:1]),
        home_path=Subquery(mine.values("organisation__path")[:1]),
        subject=Subquery(mine.values("subject")[:1]),
        stage=Subquery(mine.values("stage")[:1]),
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How many teachers of a scope there are, and how many of those judged have met the policy."""

    teachers: int
    met: int
    short: int


def figures_within(scope: Scope, on: date) -> Figures:
    """Counts over a scope small enough to judge at once, such as a school."""
    persons = list(teachers_within(scope, on))
    briefs = briefs_for(persons, on).values()
    met = sum(brief.met for brief in briefs)
    return Figures(len(persons), met, len(briefs) - met)


def persons_by_state(persons: Iterable[Person], on: date, *, met: bool) -> list[int]:
    """Primary keys of those who have met the policy, or of those who have not."""
    return [pk for pk, brief in briefs_for(list(persons), on).items() if brief.met is met]
