"""Engine, batch and an independent linear program agree about random teachers (credit-engine §3, §4; PR-02 … PR-20).

``SHIXUN_DEEP=1`` asks about ten times as many, under a seed of their own.
"""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from rulebook.parameters import LocalChoices, parse_choices
from rulebook.standing import Standing, standing_of
from rulebook.standing.batch import Summaries, columns_of, summaries_of, timed_of
from rulebook.standing.checker import problems
from rulebook.standing.files.writing import Question, line_of
from tests.rulebook import independent
from tests.rulebook.credits import POLICY, complete_teacher, entry, teacher
from tests.rulebook.population import District, Teacher, districts, teachers

DEEP = os.environ.get("SHIXUN_DEEP") == "1"
SEED = 20160101 if DEEP else 1
DISTRICTS = list(districts(SEED, 40))
PER_DISTRICT = 500 if DEEP else 50

Asked = tuple[District, LocalChoices, list[Teacher]]


@pytest.fixture(params=range(len(DISTRICTS)))
def asked(request: pytest.FixtureRequest) -> Asked:
    """One district's day, its choices, and its teachers."""
    district = DISTRICTS[request.param]
    people = list(teachers(SEED * 1000 + request.param, PER_DISTRICT))
    return district, parse_choices(POLICY, district.table), people


def test_the_shortfall_is_the_optimum_of_the_whole_program(asked: Asked) -> None:
    """§3: f, rounded up to 0.01; met exactly where f is zero; and no optimal counting moves fewer credits."""
    district, local, people = asked
    for one in people:
        standing = standing_of(POLICY, one.person, one.entries, on=district.on, local=local)
        answer = independent.solve(one.person, one.entries, district.on, district.choices, fewest_moves=True)
        assert (standing.met, standing.shortfall) == (answer.met, answer.shortfall), (one, answer.exact)
        moved = sum(move.credits for move in standing.moves)
        assert answer.moved is not None
        assert answer.moved <= moved < answer.moved + max(1, len(standing.moves)), (one, answer.moved)


def test_the_batch_says_what_the_single_computation_says(asked: Asked) -> None:
    """§4: verdict, shortfall and every requirement of a population, person by person."""
    district, local, people = asked
    entries = columns_of((index, fact) for index, one in enumerate(people) for fact in one.entries)
    summary = summaries_of(POLICY, [one.person for one in people], entries, on=district.on, local=local)
    left_out = 0
    for index, one in enumerate(people):
        standing = standing_of(POLICY, one.person, one.entries, on=district.on, local=local)
        assert _seen_in_batch(summary, index) == _seen_in_single(standing), one
        left_out += standing.left_out
    assert summary.left_out == left_out


LAYERS = ("", "junior", "senior")
LAYERED = {
    "layer": {"junior": {"autonomous.district": "4"}, "senior": {"city": "5", "district.knowledge": "10"}},
    "offset": [{"table": "free_choice"}],
}


def test_layers_and_a_districts_own_offset_hold_in_batch_and_single_alike() -> None:
    """PR-19, PR-24, CL-12: other minima by layer, autonomous credits counted as courses; every certificate holds."""
    people = list(teachers(SEED, 60))
    local = parse_choices(POLICY, LAYERED)
    persons = [replace(one.person, layer=LAYERS[index % 3]) for index, one in enumerate(people)]
    on = DISTRICTS[0].on
    entries = columns_of((index, fact) for index, one in enumerate(people) for fact in one.entries)
    summary = summaries_of(POLICY, persons, entries, on=on, local=local)
    for index, (one, person) in enumerate(zip(people, persons, strict=True)):
        standing = standing_of(POLICY, person, one.entries, on=on, local=local)
        assert _seen_in_batch(summary, index) == _seen_in_single(standing), one
        wider = standing_of(POLICY, replace(person, layer=""), one.entries, on=on, local=local)
        assert standing.shortfall >= wider.shortfall
    plain = [
        index for index, one in enumerate(people) if one.person.entered_on is None and summary.need["city"][index] >= 0
    ]
    asked = {(persons[index].layer, int(summary.need["city"][index])) for index in plain}
    assert asked <= {("", 400), ("junior", 400), ("senior", 500)}


def test_years_and_dates_of_a_population_are_those_of_each_person(asked: Asked) -> None:
    """AMB-30, PR-12, PR-21, PR-23: yearly minima and requirements judged apart, in credits, hours and days."""
    district, local, people = asked
    persons = [
        replace(one.person, profiles=tuple({*one.person.profiles, "trainer", "dual_qualified"})) for one in people
    ]
    practice = frozenset({"enterprise_practice"})
    facts = [
        [
            replace(
                fact,
                hours=fact.credits * 9,
                days=fact.credits % 97,
                tags=fact.tags | (practice if number % 3 else set()),
            )
            for number, fact in enumerate(one.entries)
        ]
        for one in people
    ]
    entries = columns_of((index, fact) for index, mine in enumerate(facts) for fact in mine)
    columns = timed_of(POLICY, persons, entries, on=district.on, local=local)
    for index, mine in enumerate(facts):
        standing = standing_of(POLICY, persons[index], mine, on=district.on, local=local)
        single = {(row.id, row.year, row.need, row.counted, row.state == "open") for row in standing.yearly}
        single |= {(row.id, 0, row.need, row.counted, row.state == "open") for row in standing.dated}
        batch = {
            (row.id, row.year, need, have, have < need and not row.over)
            for row in columns
            if (need := int(row.need[index])) >= 0 and (have := int(row.counted[index])) >= 0
        }
        assert batch == single, persons[index]


def test_every_certificate_passes_the_checker(asked: Asked) -> None:
    """§6: an allocation and a dual of equal value, verified by addition alone."""
    district, local, people = asked
    question = Question(POLICY, [], columns_of([]), district.on, local)
    for one in people[:20]:
        assert problems(line_of(question, one.person, one.entries)) == [], one


def _seen_in_single(standing: Standing) -> dict[str, object]:
    rows = {row.id: (row.need, row.counted, row.short) for row in standing.requirements}
    return {"met": standing.met, "shortfall": standing.shortfall, **rows}


def _seen_in_batch(summary: Summaries, index: int) -> dict[str, object]:
    rows = {
        row: (int(summary.need[row][index]), int(summary.counted[row][index]), int(summary.short[row][index]))
        for row in summary.need
        if summary.need[row][index] >= 0
    }
    return {"met": bool(summary.met[index]), "shortfall": int(summary.shortfall[index]), **rows}


def test_amounts_beyond_any_teacher_agree_too() -> None:
    """A cell may hold up to twelve digits before the point; where the compiled numbers end the exact ones go on."""
    people = [
        replace(one, entries=tuple(replace(fact, credits=fact.credits * 10**scale + 1) for fact in one.entries))
        for scale in (6, 9, 10)
        for one in teachers(SEED + 9, 25)
    ]
    for district in DISTRICTS[:3]:
        local = parse_choices(POLICY, district.table)
        entries = columns_of((index, fact) for index, one in enumerate(people) for fact in one.entries)
        summary = summaries_of(POLICY, [one.person for one in people], entries, on=district.on, local=local)
        for index, one in enumerate(people):
            standing = standing_of(POLICY, one.person, one.entries, on=district.on, local=local)
            assert _seen_in_batch(summary, index) == _seen_in_single(standing), one


def test_trainer_years_agree() -> None:
    """PR-12: seven credits in each calendar year, national, city and district."""
    for district in DISTRICTS[:8]:
        for one in teachers(SEED + 5, 60):
            person = replace(one.person, profiles=("teacher", "trainer"))
            standing = standing_of(POLICY, person, one.entries, on=district.on)
            usable = [fact for fact in one.entries if "probation" not in fact.tags]
            years = independent.trainer_years(usable, district.on)
            assert {row.year: row.counted for row in standing.yearly} == years
            assert {row.year for row in standing.yearly if row.met} == {y for y, have in years.items() if have >= 700}


@pytest.mark.parametrize("level", ["national", "city", "district"])
def test_a_tag_is_lost_where_any_step_of_a_composed_move_loses_it(level: str) -> None:
    """三.2 with 二.2: class-teacher credits turned into practice lose their tag, wherever they were earned."""
    local = {"minimum": {"practice": 11, "knowledge": 13}}
    choices = independent.Choices(minimum={("teacher", "practice"): 1100, ("teacher", "knowledge"): 1300})
    kept_out = {("district", "ethics", "course"), ("district", "knowledge", "course")}
    rest = [fact for fact in complete_teacher() if (fact.level, fact.category, fact.form) not in kept_out]
    rest = [fact for fact in rest if (fact.category, fact.credits) != ("practice", 1100)]
    rest += [
        entry("school/practice", 9),
        entry("district/knowledge", 7),
        entry("district/knowledge", 3, "it_specialised"),
    ]
    facts = [*rest, entry(f"{level}/ethics", 3, "class_teacher")]
    person = teacher("teacher", "class_teacher", released=True)
    standing = standing_of(POLICY, person, facts, on=DISTRICTS[0].on, local=parse_choices(POLICY, local))
    assert standing.shortfall == independent.solve(person, facts, DISTRICTS[0].on, choices).shortfall == 50


WRONG_READINGS: dict[str, Callable[[independent.Choices], independent.Choices]] = {
    "the switch of AMB-04 ignored": lambda c: replace(c, autonomous_in_level=not c.autonomous_in_level),
    "reductions ignored": lambda c: replace(c, reduction=not c.reduction),
    "release ignored": lambda c: replace(c, released_practice=not c.released_practice),
    "low ends instead of the district's": lambda c: replace(c, minimum={} if c.minimum else {("teacher", "city"): 700}),
}


@pytest.mark.parametrize("wrong", WRONG_READINGS.values(), ids=WRONG_READINGS.keys())
def test_the_comparison_notices_a_wrong_reading(wrong: Callable[[independent.Choices], independent.Choices]) -> None:
    """A check that cannot fail is worse than none: another reading must disagree about somebody."""
    differing = 0
    for number, district in enumerate(DISTRICTS[:12]):
        for one in teachers(SEED * 1000 + number, PER_DISTRICT):
            right = independent.solve(one.person, one.entries, district.on, district.choices)
            other = independent.solve(one.person, one.entries, district.on, wrong(district.choices))
            differing += right != other
    assert differing > 0
