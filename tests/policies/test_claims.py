"""Every kind that can be declared, worked: amount, cell and cap as written (CL-04 … CL-11, PR-21, PR-37, AR-04)."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from rulebook.amounts import parse_amount, show_amount
from rulebook.claims import ClaimWorth, Earlier, is_open, worth_of_claim
from rulebook.inspect import rule_findings
from rulebook.parameters import BadChoices, parse_choices
from rulebook.policy import Policy, PolicyErrors, folder_texts, load_texts, shipped_folder, shipped_policies

POLICIES = shipped_policies()
SHANGHAI = POLICIES["shanghai-2016"]


def _cases() -> Iterator[Any]:
    for policy in POLICIES.values():
        for case in policy.claim_cases:
            kind = policy.claim_kinds[case["kind"]]
            yield pytest.param(policy, case, id=f"{kind.article} {case['kind']} {case['name']}")


def _values(policy: Policy, case: Mapping[str, Any]) -> dict[str, Any]:
    types = {row.id: row.type for row in policy.claim_kinds[case["kind"]].fields}
    return {key: parse_amount(value) if types[key] == "hours" else value for key, value in case["give"].items()}


@pytest.mark.parametrize(("policy", "case"), list(_cases()))
def test_a_worked_case_comes_out(policy: Policy, case: Mapping[str, Any]) -> None:
    kind = policy.claim_kinds[case["kind"]]
    local = parse_choices(policy, case.get("local", {}))
    earlier = [
        Earlier(day, parse_amount(credits), parse_amount(hours)) for day, credits, hours in case.get("earlier", ())
    ]
    worth = worth_of_claim(policy, local, kind, _values(policy, case), earlier)
    said = {
        "credits": show_amount(worth.credits),
        "uncapped": show_amount(worth.uncapped),
        "days": worth.days,
        "place": f"{worth.level}/{worth.category}/{worth.form}",
        "tags": ";".join(sorted(worth.tags)),
        "open": is_open(kind, local),
    }
    assert {key: said[key] for key in case["expect"]} == dict(case["expect"])
    assert bool(worth.bites) == (worth.credits < worth.uncapped)
    assert kind.article in {row.article for row in worth.basis} or kind.worth.kind == "award"
    assert case["working"]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_every_kind_has_a_worked_case(policy: Policy) -> None:
    assert rule_findings(policy) == []


def test_what_is_not_filled_in_is_named() -> None:
    worth = worth_of_claim(SHANGHAI, parse_choices(SHANGHAI, {}), SHANGHAI.claim_kinds["research"], {"grade": "city"})
    assert worth == ClaimWorth(missing=("负责人数", "结题日期"))


def test_a_principals_kinds_go_to_her_account_and_no_other_does() -> None:
    """CL-09: the teacher account counts them by its cover; a teacher's kind never goes to a principal's account."""
    accounts = {row.id: row.account for row in SHANGHAI.claim_kinds.values() if row.account != "teacher"}
    assert accounts == {"principal-training": "principal", "principal-qualification": "principal_designate"}


_LAST = 'name = "毕业日期", type = "day" }'
WRONG = {
    "claim_kind[cross-region].article": ('article = "shanghai-2016:学分管理办法:二.3"', 'article = "x:y:z"'),
    "claim_kind[school-hours].place": ('ethics = "师德", literacy', 'morals = "师德", literacy'),
    "claim_kind[degree].worth.row": ('{ of = "doctor", name', '{ of = "dentist", name'),
    "claim_kind[degree].worth.row[bachelor].credits": ('name = "本科", credits = "3"', 'name = "本科", credits = 3'),
    "claim_kind[school-hours].for_mayn": ("for_many = true\nfield", "for_mayn = true\nfield"),
    "claim_kind[degree].note": ('note = "条款未写数额（AMB-11）', 'hint = "条款未写数额（AMB-11）'),
    "claim_kind[degree].field": ('{ id = "ends_on", ' + _LAST, '{ id = "ended", ' + _LAST),
}


def test_all_mistakes_of_claims_are_told_at_once_with_file_and_key() -> None:
    texts = folder_texts(shipped_folder("shanghai-2016"))
    for old, new in WRONG.values():
        assert old in texts["claims.toml"], old
        texts["claims.toml"] = texts["claims.toml"].replace(old, new, 1)
    with pytest.raises(PolicyErrors) as refused:
        load_texts(texts)
    told = {error.key for error in refused.value.errors if error.file == "claims.toml"}
    assert set(WRONG) - told == set(), sorted(told)


def test_an_area_may_set_only_what_is_left_to_it() -> None:
    """CL-05, CL-12: amounts of a table that the article leaves to the district, and nothing else."""
    asked = {
        "degree": {"credits": {"master": "6", "nurse": "1"}, "colour": 1},
        "national-project": {"open": True},
        "nothing": {"open": True},
    }
    with pytest.raises(BadChoices) as refused:
        parse_choices(SHANGHAI, {"claim": asked})
    keys = ["claim.degree.colour", "claim.degree.credits.nurse", "claim.national-project", "claim.nothing"]
    assert [error.key for error in refused.value.errors] == keys
