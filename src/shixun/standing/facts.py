"""Rows → facts for the rulebook: which accounts of a person are judged on a day, by which policy and profiles."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rulebook.facts import EntryFacts, PersonFacts
from rulebook.policy import Policy
from rulebook.profiles import layer_of
from shixun.kernel.fields import in_force
from shixun.ledger.choices import AccountKind
from shixun.ledger.facts import facts_by_kind
from shixun.people.choices import DesignationKind, Duty, Stage, Title
from shixun.people.models import Appointment, Designation, Organisation, Person
from shixun.policy.models import LocalRules
from shixun.policy.queries import InForce, policies_in_force

#: Duties that add a profile of the same name; a policy that does not know the profile asks nothing for it.
ADDING = (
    Duty.CLASS_TEACHER,
    Duty.MIDDLE_MANAGER,
    Duty.TRAINER,
    Duty.COLLEGE_HEAD,
    Duty.DUAL_QUALIFIED,
)
#: Duties that are judged in an account of their own, named like the duty.
APART = (Duty.PRINCIPAL, Duty.PRINCIPAL_DESIGNATE, Duty.PROBATION)
SENIOR_TITLES = frozenset({Title.SENIOR, Title.FULL_SENIOR})


@dataclass(frozen=True, slots=True)
class Subject:
    """One account of one person on one day: what the rulebook is asked about. ``home`` is her main organisation.

    ``since`` tells from which day each of her profiles has held: yearly minima ask nothing of the years before.
    """

    person: Person
    kind: str
    home: Organisation
    main: Appointment
    in_force: InForce
    facts: PersonFacts
    since: dict[str, date | None]
    on: date

    @property
    def policy(self) -> Policy:
        return self.in_force.policy


def subjects_of(
    persons: Sequence[Person], on: date, *, instead: Policy | None = None, proposed: LocalRules | None = None
) -> dict[int, list[Subject]]:
    """The accounts to judge, person by person (pk), the main one first; five queries whatever the number of persons.

    Nobody is judged who had no appointment by that day, or where no policy was ever adopted. ``instead``: by this
    policy, whatever is in force; ``proposed``: as if these local rules held already.
    """
    return _subjects(persons, appointments_begun(persons, on), on, instead, proposed)


def subjects_if(person: Person, held: Sequence[Appointment], on: date) -> list[Subject]:
    """The accounts to judge if a person held just these appointments, which need not be stored: had she moved."""
    return _subjects([person], {person.pk: list(held)}, on)[person.pk]


def _subjects(
    persons: Sequence[Person],
    held: dict[int, list[Appointment]],
    on: date,
    instead: Policy | None = None,
    proposed: LocalRules | None = None,
) -> dict[int, list[Subject]]:
    homes = {pk: main for pk, rows in held.items() if (main := _main(rows, on)) is not None}
    places = {main.organisation_id for main in homes.values()}
    qualities = _designations(places, on)
    paths = {main.organisation.path for main in homes.values()}
    policies = policies_in_force(paths, on, instead=instead, proposed=proposed)
    found: dict[int, list[Subject]] = {person.pk: [] for person in persons}
    for person in persons:
        main = homes.get(person.pk)
        ruled = policies[main.organisation.path] if main else None
        if main is None or ruled is None:
            continue
        known = _Known(person, held[person.pk], main, qualities[main.organisation_id], on)
        found[person.pk] = [known.subject(ruled, kind, on) for kind in known.kinds(ruled.policy)]
    return found


def person_facts_of(person: Person, policy: Policy, on: date, kind: str = AccountKind.TEACHER) -> PersonFacts:
    """One person under a policy that need not be the one in force for her (what if she moved). Two queries.

    Raises ``LookupError`` for somebody who had no appointment by that day.
    """
    rows = appointments_begun([person], on)[person.pk]
    main = _main(rows, on)
    if main is None:
        raise LookupError(f"{person.code} has no appointment on {on}")
    return _Known(person, rows, main, _designations({main.organisation_id}, on)[main.organisation_id], on).facts(
        policy, kind
    )


def is_year_asked(subject: Subject, requirement: str, year: int) -> bool:
    """Does a yearly minimum ask something of her for a year: did its profile hold from its first day on (PR-12)?"""
    rules = subject.policy.requirements_for(frozenset(subject.facts.profiles))
    profile = next((row.profile for row in rules if row.kind == "yearly" and row.id == requirement), "")
    return (subject.since.get(profile) or date.min) <= date(year, 1, 1)


def entries_for(subjects: Iterable[Subject]) -> dict[tuple[int, str], list[EntryFacts]]:
    """(person's pk, account kind judged) → the entries it may count, earned by the day; one query."""
    wanted = list(subjects)
    if not wanted:
        return {}
    until = max(subject.on for subject in wanted)
    by_kind = facts_by_kind({subject.person.pk: subject.person for subject in wanted}.values(), until=until)
    return {
        (subject.person.pk, subject.kind): [
            entry
            for kind in subject.policy.accounts_counted_in(subject.kind)
            for entry in by_kind.get((subject.person.pk, kind), ())
        ]
        for subject in wanted
    }


def appointments_begun(persons: Sequence[Person], on: date) -> dict[int, list[Appointment]]:
    """All appointments that had begun by a day, by person."""
    rows = Appointment.objects.filter(person__in=[person.pk for person in persons], valid_from__lte=on)
    found: dict[int, list[Appointment]] = defaultdict(list)
    for row in rows.select_related("organisation").order_by("valid_from", "id"):
        found[row.person_id].append(row)
    return found


def _main(rows: Sequence[Appointment], on: date) -> Appointment | None:
    """The main appointment of the day; for somebody between two, or retired, the last one she held."""
    now = [row for row in rows if row.is_in_force(on)]
    ranked = [row for row in now if row.is_main] or now or [row for row in rows if row.is_main] or list(rows)
    return ranked[-1] if ranked else None


def _designations(organisations: Iterable[int], on: date) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = Designation.objects.filter(in_force(on), organisation__in=organisations)
    for organisation, kind in rows.values_list("organisation_id", "kind"):
        found[organisation].add(kind)
    return defaultdict(frozenset, {pk: frozenset(kinds) for pk, kinds in found.items()})


class _Known:
    """What the rows say of one person on one day."""

    def __init__(
        self, person: Person, rows: Sequence[Appointment], main: Appointment, qualities: frozenset[str], on: date
    ) -> None:
        self.person, self.rows, self.main, self.qualities = person, rows, main, qualities
        held = [row for row in rows if row.is_in_force(on)] or [main]
        self.duties = {row.duty for row in held}
        self.is_senior = any(row.title in SENIOR_TITLES for row in held)
        self.senior_on = min((row.valid_from for row in rows if row.title in SENIOR_TITLES), default=None)

    def kinds(self, policy: Policy) -> list[str]:
        """Accounts to judge: the teacher's unless she is on probation only, and those of her other duties."""
        known = {profile.account for profile in policy.profiles.values() if profile.kind == "base"}
        apart = [duty.value for duty in APART if duty in self.duties and duty.value in known]
        if self.duties == {Duty.PROBATION} and apart:
            return apart
        return [AccountKind.TEACHER.value, *apart]

    def subject(self, ruled: InForce, kind: str, on: date) -> Subject:
        facts = self.facts(ruled.policy, kind)
        since = {name: self._since(name) for name in facts.profiles}
        return Subject(self.person, kind, self.main.organisation, self.main, ruled, facts, since, on)

    def _since(self, profile: str) -> date | None:
        if profile == "senior":
            return self.senior_on
        begun = [row.valid_from for row in self.rows if row.duty == profile]
        return min(begun) if profile in ADDING and begun else self.person.entered_on

    def facts(self, policy: Policy, kind: str) -> PersonFacts:
        wanted = {self._base(policy), *self._additions()} if kind == AccountKind.TEACHER else {_base_of(policy, kind)}
        return PersonFacts(
            str(self.person.uuid),
            # In the policy's order, so that people with the same profiles are judged as one group.
            tuple(name for name in policy.profiles if name in wanted),
            self.person.entered_on,
            self.senior_on if self.is_senior else None,
            Duty.RELEASED_STUDY in self.duties,
            layer_of(policy, self.main.title, self.duties),
        )

    def _base(self, policy: Policy) -> str:
        """PR-07, PR-08: the school's quality makes the base; a professional-development school goes before."""
        if DesignationKind.PD_SCHOOL in self.qualities and "pd_school" in policy.profiles:
            return "pd_school"
        vocational = DesignationKind.VOCATIONAL in self.qualities or self.main.organisation.stage == Stage.VOCATIONAL
        return "vocational" if vocational and "vocational" in policy.profiles else policy.default_base

    def _additions(self) -> list[str]:
        """PR-11 … PR-16, PR-20: every duty adds its own, and a senior title too."""
        return [duty.value for duty in ADDING if duty in self.duties] + (["senior"] if self.is_senior else [])


def _base_of(policy: Policy, kind: str) -> str:
    bases = (profile.id for profile in policy.profiles.values() if profile.kind == "base" and profile.account == kind)
    return next(bases, policy.default_base)
