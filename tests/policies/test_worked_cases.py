"""Every worked case of every shipped policy comes out as it is written down, run through the engine."""

from typing import Any

import pytest

from rulebook.amounts import parse_amount, show_amount
from rulebook.conversion import Conversion, convert_hours, convert_sessions, convert_units
from rulebook.parameters import BadChoices, parse_choices
from rulebook.standing import Standing, standing_of
from tests.policies.worked import Worked, worked


@pytest.mark.parametrize("example", worked("cases"), ids=lambda example: example.id)
def test_standing(example: Worked) -> None:
    standing = standing_of(example.policy, example.person, example.entries, on=example.case["on"], local=example.local)
    expected = example.case["expect"]
    assert _said(standing, expected) == expected


def _said(standing: Standing, expected: dict[str, Any]) -> dict[str, Any]:
    """What the standing says of everything the case writes down, in the words of the case."""
    short = {row.id: show_amount(row.short) for row in standing.requirements}
    dated = {row.id: row.met for row in standing.dated}
    said = {
        "met": standing.met,
        "shortfall": show_amount(standing.shortfall),
        "moves": [[move.source.path, move.target.path, show_amount(move.credits)] for move in standing.moves],
        "short": {key: short[key] for key in expected.get("short", {})},
        "dated": {key: dated[key] for key in expected.get("dated", {})},
        "yearly": {
            key: [row.year for row in standing.yearly if row.id == key and not row.met]
            for key in expected.get("yearly", {})
        },
    }
    return {key: said[key] for key in expected}


@pytest.mark.parametrize("example", worked("cases"), ids=lambda example: example.id)
def test_a_case_says_enough_to_be_worked(example: Worked) -> None:
    assert example.case["working"]
    assert example.case["expect"]
    assert set(example.case["profiles"]) <= set(example.policy.profiles)


@pytest.mark.parametrize("example", worked("conversion_cases"), ids=lambda example: example.id)
def test_conversion(example: Worked) -> None:
    made = _converted(example)
    said = {"credits": made.credits, "remainder_hours": made.remainder_hours}
    expected = {key: parse_amount(value) for key, value in example.case["expect"].items()}
    assert {key: said[key] for key in expected} == expected
    assert {basis.article for basis in made.basis} == set(example.articles)


def _converted(example: Worked) -> Conversion:
    if "row" in example.case:
        row = next(row for row in example.local.rows if row.name == example.case["row"])
        give = {name: parse_amount(value) for name, value in example.case["give"].items()}
        return convert_units(row, example.policy.local_tables[row.table].article, **give)
    rule = example.policy.conversions[example.case["conversion"]]
    give = example.case["give"]
    if rule.kind == "sessions":
        sessions = [(minutes, is_lecture) for minutes, is_lecture in give["sessions"]]
        return convert_sessions(rule, sessions, pro_rata=_is_on(example, rule.pro_rata_switch))
    return convert_hours(
        rule,
        hours=parse_amount(give["hours"]) if "hours" in give else None,
        minutes=give.get("minutes"),
        accumulate=_is_on(example, rule.accumulate_switch),
        carried=parse_amount(give.get("carried", "0")),
    )


def _is_on(example: Worked, switch: str) -> bool:
    return bool(switch) and example.local.is_on(example.policy, switch)


@pytest.mark.parametrize("example", worked("refusal_cases"), ids=lambda example: example.id)
def test_refusal(example: Worked) -> None:
    with pytest.raises(BadChoices) as caught:
        parse_choices(example.policy, example.case["local"])
    assert [error.key for error in caught.value.errors] == example.case["expect"]["refused"]
    assert {error.article for error in caught.value.errors} == set(example.articles)
