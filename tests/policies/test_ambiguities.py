"""Each ambiguity of the register is visible in the data of the policy it concerns, with its default and its chooser."""

import pytest

from rulebook.parameters import NO_CHOICES, parse_choices
from rulebook.policy import shipped_policies

POLICIES = shipped_policies()
CHOOSERS = {
    "shanghai-2016": {
        "AMB-01": "district", "AMB-02": "nobody", "AMB-03": "nobody", "AMB-04": "district", "AMB-05": "city",
        "AMB-06": "nobody", "AMB-07": "district", "AMB-08": "nobody", "AMB-09": "nobody", "AMB-10": "district",
        "AMB-11": "district", "AMB-29": "district", "AMB-30": "nobody", "AMB-31": "city",
    },
    "shanghai-2021": {
        "AMB-01": "nobody", "AMB-02": "nobody", "AMB-04": "nobody", "AMB-05": "city", "AMB-06": "nobody",
        "AMB-07": "district", "AMB-08": "nobody", "AMB-10": "district", "AMB-11": "district", "AMB-29": "district",
        "AMB-30": "nobody",
    },
    "zhejiang-2016": {
        "AMB-05": "nobody", "AMB-12": "district", "AMB-13": "district", "AMB-14": "district", "AMB-15": "district",
        "AMB-16": "district", "AMB-17": "nobody", "AMB-30": "nobody",
    },
    "kunming-2015": {"AMB-18": "nobody", "AMB-19": "nobody", "AMB-30": "nobody"},
    "beijing-2016": {},
}  # fmt: skip
# What a rule can do about them: the rows that name each ambiguity a district may settle by a range or a switch.
SETTLED_BY_SWITCH = {
    "AMB-04": "autonomous_in_level",
    "AMB-07": "reduction_by_entry_year",
    "AMB-10": "practice_pro_rata",
    "AMB-29": "remainder_accumulates",
}


@pytest.mark.parametrize("policy_id", CHOOSERS)
def test_the_register_is_in_the_data(policy_id: str) -> None:
    ambiguities = POLICIES[policy_id].ambiguities
    assert {row.id: row.chooser for row in ambiguities.values()} == CHOOSERS[policy_id]
    assert all(row.problem and row.default for row in ambiguities.values())


def test_every_shipped_policy_is_in_the_register() -> None:
    assert set(CHOOSERS) == set(POLICIES)


def test_a_district_settles_what_the_source_leaves_open() -> None:
    policy = POLICIES["shanghai-2016"]
    named = {ambiguity: row.id for row in policy.switches.values() for ambiguity in row.ambiguity}
    assert named == SETTLED_BY_SWITCH
    for switch in SETTLED_BY_SWITCH.values():
        assert not NO_CHOICES.is_on(policy, switch)
        assert parse_choices(policy, {"switch": {switch: True}}).is_on(policy, switch)


def test_every_range_of_shanghai_is_an_ambiguity_the_district_settles() -> None:
    policy = POLICIES["shanghai-2016"]
    ranges = {row.key: row for row in policy.requirements if row.high != row.low}
    assert {key: row.chooser for key, row in ranges.items()} == dict.fromkeys(ranges, "district")
    unexplained = {key for key, row in ranges.items() if not {"AMB-01", "AMB-04", "AMB-08"} & set(row.ambiguity)}
    assert unexplained == set()


@pytest.mark.parametrize("policy_id", POLICIES)
def test_local_files_are_choices_the_policy_permits(policy_id: str) -> None:
    policy = POLICIES[policy_id]
    for local in policy.locals.values():
        assert parse_choices(policy, local).minimum
        assert local["article"] in policy.articles
