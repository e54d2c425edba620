"""One person's standings on any day, with their reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rulebook.facts import EntryFacts
from rulebook.standing import Standing, standing_of
from shixun.ledger.choices import AccountKind
from shixun.people.models import Person
from shixun.standing.facts import Subject, entries_for, is_year_asked, subjects_of


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
    return [AccountStanding(subject, judged(subject, entries[person.pk, subject.kind])) for subject in subjects]


def standings_of(persons: Sequence[Person], on: date) -> dict[int, list[AccountStanding]]:
    """The same for many persons, by primary key, without the proofs; six queries whatever their number."""
    subjects = subjects_of(persons, on)
    entries = entries_for(subject for held in subjects.values() for subject in held)
    return {
        pk: [AccountStanding(subject, judged(subject, entries[pk, subject.kind], proven=False)) for subject in held]
        for pk, held in subjects.items()
    }


def judged(subject: Subject, entries: list[EntryFacts], *, proven: bool = True) -> Standing:
    """The rulebook's answer, without the years in which a yearly minimum did not yet concern her (PR-12)."""
    local = subject.in_force.local
    standing = standing_of(subject.policy, subject.facts, entries, on=subject.on, local=local, proven=proven)
    concerned = (row for row in standing.yearly if is_year_asked(subject, row.id, row.year))
    return replace(standing, yearly=tuple(concerned))


def standing_if_earned(
    person: Person, on: date, account: str, more: EntryFacts
) -> tuple[AccountStanding, AccountStanding] | None:
    """What an account is today, and what it would be with one more entry; None where nobody is judged.

    ``account`` is the kind the entry would go to; the first account that counts its entries is shown (CL-09).
    """
    subjects = [
        row for row in subjects_of([person], on)[person.pk] if account in row.policy.accounts_counted_in(row.kind)
    ]
    if not subjects:
        return None
    subject = next((row for row in subjects if row.kind == account), subjects[0])
    entries = entries_for([subject])[person.pk, subject.kind]
    before = AccountStanding(subject, judged(subject, entries))
    return before, AccountStanding(subject, judged(subject, [*entries, more]))


def main_standing(person: Person, on: date) -> AccountStanding | None:
    """The standing of the account that comes first."""
    return next(iter(standings_for(person, on)), None)
