"""Rows become the rulebook's facts: one person, a page, a population as columns; always the same entries."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from django.db import connection

from rulebook.facts import EntryFacts
from shixun.kernel.access import Scope
from shixun.ledger.actions import reverse_entry
from shixun.ledger.facts import Population, facts_by_kind, facts_of, populations_of, populations_within
from shixun.ledger.models import Account
from shixun.ledger.testing import AT, TELLER, an_account, an_entry
from shixun.people.actions import end_appointment
from shixun.people.models import Organisation, Person
from shixun.people.queries import main_appointment
from shixun.people.testing import BUILDER, Cast, a_person

TODAY = date(2019, 10, 14)


def test_an_entry_is_a_fact(account: Account, college: Organisation, django_assert_num_queries: Any) -> None:
    entry = an_entry(account, college, tags=frozenset({"b", "a"}), days=2, form="autonomous")
    reverse_entry(actor=TELLER, at=AT, entry=entry, reason="登错", idempotency_key="rev:1")
    an_entry(account, college, form="degree", level="", category="", credits=600, earned_on=date(2019, 7, 1))
    with django_assert_num_queries(1):
        first, reversal, degree = facts_of(account.person)
    assert first == EntryFacts(
        date(2018, 5, 4), "district", "knowledge", "autonomous", 100, frozenset({"a", "b"}), 1000, 2, str(entry.uuid)
    )
    assert (reversal.credits, reversal.hours, reversal.days, reversal.tags) == (-100, -1000, -2, first.tags)
    assert (degree.level, degree.category, degree.form, degree.credits) == ("", "", "degree", 600)
    assert facts_of(account.person, until=date(2019, 6, 30)) == [first, reversal]
    assert facts_of(account.person, cycle="2021-2025") == []


@pytest.mark.parametrize("count", [1, 3])
def test_facts_of_a_page_are_one_query(
    cast: Cast, college: Organisation, django_assert_num_queries: Any, count: int
) -> None:
    """CL-09: a principal's entries stay apart from a teacher's, for the standing to combine."""
    persons = [a_person(cast.school) for _ in range(count)]
    for person in persons:
        an_entry(an_account(person), college)
    an_entry(an_account(persons[0], kind="principal"), college, credits=900)
    with django_assert_num_queries(1):
        found = facts_by_kind(persons)
    assert [fact.credits for fact in found.pop((persons[0].pk, "principal"))] == [900]
    assert {key: [fact.credits for fact in facts] for key, facts in found.items()} == {
        (person.pk, "teacher"): [100] for person in persons
    }


@pytest.fixture
def population(cast: Cast, college: Organisation) -> list[Person]:
    """Five teachers of the district with 0, 1, 2, 3, 4 entries, posted crosswise, and one of another district."""
    persons = [a_person(cast.school) for _ in range(5)]
    stranger = a_person(cast.other_school)
    for round_ in range(4):
        for number, person in enumerate(persons):
            if round_ < number:
                tags = frozenset({"it_general"} if number % 2 else ())
                an_entry(an_account(person), college, earned_on=date(2018, 1 + round_, 1 + number), tags=tags)
    an_entry(an_account(stranger), college, category="ethics")
    return persons


def unfolded(chunks: list[Population]) -> dict[int, list[tuple[Any, ...]]]:
    """Columns back to rows: person's pk → (day, credits, place)."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for chunk in chunks:
        columns = chunk.entries
        assert (np.diff(columns.person) >= 0).all()
        for pk in chunk.persons:
            found[int(pk)] = []
        for row in range(len(columns)):
            owner = int(chunk.persons[columns.person[row]])
            day = date.fromordinal(int(columns.day[row]))
            found[owner].append((day, int(columns.credits[row]), columns.places[columns.place[row]]))
    return found


@pytest.mark.parametrize("chunk_persons", [1, 2, 100])
def test_a_population_as_columns_has_the_facts_of_each(
    population: list[Person], cast: Cast, chunk_persons: int
) -> None:
    scope = Scope(cast.district.path)
    chunks = list(populations_within(scope, TODAY, until=date(2018, 3, 31), chunk_persons=chunk_persons))
    found = unfolded(chunks)
    assert all(len(chunk.persons) <= chunk_persons for chunk in chunks)
    assert {person.pk for person in population} <= set(found)
    assert cast.stranger_teacher.person
    assert cast.stranger_teacher.person.pk not in found
    for person in population:
        facts = facts_of(person, until=date(2018, 3, 31))
        expected = [(f.earned_on, f.credits, (f.level, f.category, f.form, f.tags)) for f in facts]
        assert found[person.pk] == expected


def test_a_place_keeps_its_number_from_chunk_to_chunk(population: list[Person]) -> None:
    chunks = list(populations_of(Person.objects.all(), chunk_persons=2))
    last = chunks[-1].entries.places
    assert all(last[: len(chunk.entries.places)] == chunk.entries.places for chunk in chunks)


def test_a_population_takes_two_queries(population: list[Person], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        assert sum(len(chunk.entries) for chunk in populations_of(Person.objects.all(), chunk_persons=1)) == 11


def test_a_population_may_be_read_kind_by_kind(population: list[Person], college: Organisation) -> None:
    an_entry(an_account(population[0], kind="principal"), college, credits=900)
    (principal,) = populations_of(Person.objects.all(), kinds=["principal"])
    assert principal.entries.credits.tolist() == [900]
    assert int(principal.persons[principal.entries.person[0]]) == population[0].pk
    (teacher,) = populations_of(Person.objects.all(), kinds=["teacher"])
    assert 900 not in teacher.entries.credits.tolist()


def test_who_leaves_between_the_two_queries_is_left_out_whole(population: list[Person], cast: Cast) -> None:
    """Her entries are never counted as those of the next person."""
    leaver, *others = population[2:]
    held = main_appointment(leaver, TODAY)
    assert held
    left = []

    def leave(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not left and sql.startswith('SELECT "people_person"."id"'):
            left.append(leaver)
            end_appointment(actor=BUILDER, at=AT, appointment=held, on=date(2019, 1, 1))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(leave):
        found = unfolded(list(populations_within(Scope(cast.district.path), TODAY)))
    assert left
    assert leaver.pk not in found
    assert {person.pk: len(found[person.pk]) for person in others} == {
        person.pk: len(facts_of(person)) for person in others
    }
