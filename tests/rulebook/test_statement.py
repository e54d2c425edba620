"""What stands beside the shortfall: years, dates, left-out entries; and the statement in which all is told (§5)."""

from datetime import date
from typing import Any

import pytest

from rulebook.amounts import show_amount
from rulebook.standing import statement
from tests.rulebook.credits import ARTICLE, POLICY, complete_teacher, entry, judged, short, teacher
from tests.rulebook.population import teachers

TRAINER = teacher("teacher", "trainer")
DUAL = teacher("vocational", "dual_qualified")


def trained(year: int, credits: float, level: str = "city") -> Any:
    return entry(f"{level}/knowledge", credits, "trainer", on=date(year, 6, 1))


# --- years ----------------------------------------------------------------------------------------------------------


def test_a_past_year_is_missed_the_current_one_still_open() -> None:
    """PR-12, AMB-30: seven credits in each calendar year of the cycle that has begun."""
    facts = [trained(2016, 7), trained(2017, 6.99), trained(2019, 3), trained(2019, 4, "district")]
    standing = judged(TRAINER, facts, on=date(2020, 3, 1))
    assert [(row.year, row.counted, row.state) for row in standing.yearly] == [
        (2016, 700, "met"), (2017, 699, "missed"), (2018, 0, "missed"), (2019, 700, "met"), (2020, 0, "open"),
    ]  # fmt: skip
    assert {row.article for row in standing.yearly} == {f"{ARTICLE}一.6"}


@pytest.mark.parametrize(
    ("on", "years", "last"),
    [
        (date(2016, 1, 1), 1, "open"),
        (date(2016, 12, 30), 1, "open"),
        (date(2016, 12, 31), 1, "missed"),
        (date(2017, 1, 1), 2, "open"),
        (date(2020, 12, 31), 5, "missed"),
        (date(2021, 6, 1), 5, "missed"),
    ],
)
def test_years_begin_and_end_with_the_calendar(on: date, years: int, last: str) -> None:
    rows = judged(TRAINER, on=on).yearly
    assert (len(rows), rows[-1].state) == (years, last)


def test_school_credits_are_no_trainer_credits() -> None:
    for level, counted in (("national", 700), ("city", 700), ("district", 700), ("school", 0)):
        assert judged(TRAINER, [trained(2016, 7, level)], on=date(2016, 6, 30)).yearly[0].counted == counted


def test_years_are_no_part_of_the_verdict() -> None:
    """§3: a past year cannot be mended; it stands beside f."""
    standing = judged(TRAINER, complete_teacher())
    assert standing.met
    assert not any(row.met for row in standing.yearly)
    assert "年" in statement(POLICY, standing).split("\n", 1)[1]


def test_a_years_credits_are_those_of_that_year_only() -> None:
    facts = [trained(2017, 14), entry("city/knowledge", 7, "trainer", on=date(2018, 12, 31))]
    assert [row.counted for row in judged(TRAINER, facts).yearly] == [0, 1400, 700, 0, 0]


# --- dates ----------------------------------------------------------------------------------------------------------


def test_fifty_hours_of_it_training_by_the_end_of_2017() -> None:
    """PR-23: in hours, by a date; every teacher and principal."""

    def hours(on: date, amount: int, *tags: str) -> Any:
        return entry("city/knowledge", 1, *tags, on=on, hours=amount * 100)

    facts = [hours(date(2016, 5, 1), 30, "it_general"), hours(date(2017, 12, 31), 20, "it_practice")]
    for base in ("teacher", "pd_school", "vocational", "principal"):
        (row,) = judged(teacher(base), facts).dated
        assert (row.id, row.need, row.counted, row.met, row.state, row.unit) == (
            "it_hours", 5000, 5000, True, "met", "hours",
        )  # fmt: skip
        assert row.due_on == date(2017, 12, 31)
    late = [facts[0], hours(date(2018, 1, 1), 20, "it_practice")]
    assert judged(teacher(), late).dated[0].state == "missed"
    assert judged(teacher(), late, on=date(2017, 12, 31)).dated[0].state == "open"
    assert judged(teacher(), [hours(date(2016, 5, 1), 50, "trainer")]).dated[0].counted == 0


def test_a_year_of_enterprise_practice_in_days() -> None:
    """PR-21."""

    def days(on: date, amount: int) -> Any:
        return entry("district/practice", 0, "enterprise_practice", on=on, days=amount)

    def enterprise(facts: list[Any], on: date) -> Any:
        return next(row for row in judged(DUAL, facts, on=on).dated if row.id == "enterprise_practice")

    row = enterprise([days(date(2016, 7, 1), 200), days(date(2018, 7, 1), 165)], date(2020, 12, 31))
    assert (row.need, row.counted, row.state, row.unit) == (36500, 36500, "met", "days")
    assert row.article == "shanghai-2016:实施意见:三(一)4"
    few = [days(date(2015, 12, 31), 200), days(date(2018, 7, 1), 364)]
    assert enterprise(few, date(2019, 1, 1)).state == "open"
    assert enterprise(few, date(2021, 1, 1)).state == "missed"
    assert enterprise(few, date(2021, 1, 1)).counted == 36400


# --- days -----------------------------------------------------------------------------------------------------------


def test_a_standing_can_be_asked_for_any_past_day() -> None:
    facts = [entry("school/practice", 1, on=date(year, 7, 1)) for year in range(2015, 2022)]
    asked = (date(2016, 1, 1), date(2016, 7, 1), date(2019, 6, 30), date(2020, 12, 31), date(2022, 1, 1))
    standings = [judged(teacher(), facts, on=on) for on in asked]
    assert [(standing.total_counted, standing.left_out) for standing in standings] == [
        (0, 7), (100, 6), (300, 4), (500, 2), (500, 2),
    ]  # fmt: skip


def test_after_the_policys_end_it_stays_in_force_with_a_notice() -> None:
    before, after = judged(teacher(), on=date(2020, 12, 31)), judged(teacher(), on=date(2021, 1, 1))
    assert (before.shortfall, after.shortfall) == (3600, 3600)
    assert len(after.notes) == len(before.notes) + 1


# --- the statement --------------------------------------------------------------------------------------------------

SHORT_OF_TWO = [fact for fact in complete_teacher() if (fact.level, fact.category) != ("city", "ethics")][:-1]


def test_the_statement_names_what_is_short_with_what_counts_and_the_article() -> None:
    standing = judged(teacher(), SHORT_OF_TWO)
    told = statement(POLICY, standing).splitlines()
    assert told[0] == standing.sentence
    assert "2.00" in told[0]
    rows = {row.id: row for row in standing.requirements}
    assert set(short(standing)) == {
        "total", "ethics_literacy", "city", "city.ethics_literacy", "autonomous.school",
    }  # fmt: skip
    for name in short(standing):
        row = rows[name]
        (line,) = [line for line in told if line.startswith(f"· {row.name}：")]
        for part in (row.article, row.counts_text, *map(show_amount, (row.need, row.counted, row.short))):
            assert part in line
    for way in standing.ways:
        assert any(show_amount(way.total) in line and way.parts[0].label in line for line in told)


def test_two_ways_where_two_exist_and_it_is_said_where_not() -> None:
    """A missing IT course has no second way; a missing literacy credit at the district has one."""
    untagged = [fact for fact in complete_teacher() if "it_practice" not in fact.tags]
    only = judged(teacher(), untagged)
    assert len(only.ways) == 1
    assert "没有第二种办法。" in statement(POLICY, only)
    several = judged(teacher(), [fact for fact in complete_teacher() if fact.credits != 1100])
    assert len(several.ways) == 2
    assert "没有第二种办法。" not in statement(POLICY, several)


def test_a_new_city_credit_may_be_the_second_way_into_the_district() -> None:
    """CL-08: earn at ``place``, count at ``then``, under the article of the offset."""
    facts = [fact for fact in complete_teacher() if (fact.level, fact.credits) != ("district", 600)]
    ways = judged(teacher(), facts).ways
    (moved,) = [part for way in ways for part in way.parts if part.then]
    assert (moved.place.path, moved.then.path if moved.then else "") == ("city/knowledge", "district/knowledge")
    assert moved.article == f"{ARTICLE}三.2"


def test_the_reason_of_a_simple_lack() -> None:
    """§5: need less what can count is what is lacking, in numbers a reader can add up."""
    standing = judged(teacher(), [fact for fact in complete_teacher() if "it_general" not in fact.tags])
    assert standing.reason is not None
    assert standing.reason.lack == 100
    for amount in (standing.reason.need, standing.reason.supply, standing.reason.lack):
        assert show_amount(int(amount)) in standing.reason.text


def test_a_statement_of_every_random_teacher() -> None:
    """It is text for all of them, and every article it cites exists."""
    for one in teachers(5, 120):
        standing = judged(one.person, one.entries)
        told = statement(POLICY, standing)
        cited = {part.split("）")[0] for part in told.split("依据 ")[1:]}
        assert {article for part in cited for article in part.split(";")} <= set(POLICY.articles)
        assert told.startswith("您已达标" if standing.met else "您还缺")
        assert ("为什么：" in told) is not standing.met


def test_a_met_teacher_reads_one_sentence() -> None:
    standing = judged(teacher(), complete_teacher())
    assert statement(POLICY, standing).splitlines()[0] == standing.sentence
    assert "36.00" in standing.sentence
    assert (standing.ways, standing.reason) == ((), None)
