"""What teachers do and bring, kind by kind, in both plans of Shanghai: each has a kind, an article and a worked case.

PR-21, PR-37, PL-27, NT-12, CL-01, CL-02, CL-04 … CL-07, CL-09 … CL-12, AR-04, and the table b.5 of other forms.
"""

from decimal import Decimal
from itertools import product

import pytest

from rulebook.claims import Earlier, is_open, worth_of_claim
from rulebook.own_kinds import kinds_in
from rulebook.parameters import parse_choices
from rulebook.policy import Policy, shipped_policies

POLICIES = shipped_policies()
PLANS = [POLICIES["shanghai-2016"], POLICIES["shanghai-2021"]]
# What is to be declarable → its kinds.
WANTED = {
    "results sent by an institution": ("class-result",),
    "school-based hours": ("school-hours",),
    "practice by term": ("practice-term",),
    "autonomous study in teaching practice": ("autonomous-teaching",),
    "work with homes": ("home-school",),
    "research": ("research",),
    "study of digital resources": ("digital-resource",),
    "degree upgrading": ("degree",),
    "certificates of information technology": ("it-certificate",),
    "teaching and developing courses": ("teaching", "course-development", "training-expert"),
    "mentoring": ("mentoring", "judging", "studio"),
    "papers and contests": ("paper-published", "paper-contest", "teaching-contest"),
    "study in another region": ("cross-region",),
    "national and municipal special projects": ("national-project", "municipal-special"),
    "a principal's training": ("principal-training", "principal-qualification"),
    "practice in an enterprise": ("enterprise-practice",),
    "supporting teaching, credit officers": ("supporting-teaching", "credit-officer"),
    "special cases": ("special-case",),
    "a loan": ("loan",),
}
# The table b.5, in credits; None: the form has no such row.
B5 = {
    ("degree", "degree"): {"bachelor": "3", "master": "5", "doctor": "8"},
    ("paper-contest", "grade.prize"): {
        "city": ("1", "0", "0"), "province": ("2", "1", "0"), "nation": ("3", "2", "1"),
    },
    ("paper-published", "grade"): {"nation": "4", "province": "3", "city": "1"},
    ("research", "grade"): {"nation": "4", "province": "3", "city": "2", "county": "1"},
    ("teaching-contest", "grade.prize"): {
        "school": ("1", "0.5", "0"), "area": ("1.5", "1", "0.5"), "county": ("2", "1.5", "1"),
        "city": ("2.5", "2", "1.5"), "province": ("3", "2.5", "2"), "nation": ("5", "4.5", "4"),
    },
    ("training-expert", "grade.role"): {
        "county": ("3", "2", "0.5"), "province": ("4", "3", "1"), "nation": ("5", "4", "2"),
    },
    ("teaching", ""): {"half_days": "1", "lessons": "0.25"},
    ("judging", ""): {"once": "2"},
    ("mentoring", ""): {"once": "2"},
    ("studio", "grade.role"): {"province": ("4", "3"), "county": ("3", "2"), "online": ("2", "0")},
    ("credit-officer", ""): {"once": "5"},
    ("special-case", "case"): {"retiring": "6", "expecting": "6", "nursing": "3", "bureau": "8"},
    ("supporting-teaching", "area"): {"minority": "2", "poor": "1"},
}  # fmt: skip
_INNER = {"prize": ("first", "second", "third"), "role": ("chief", "expert", "tutor")}


@pytest.mark.parametrize("policy", PLANS, ids=lambda policy: policy.id)
def test_everything_on_the_list_can_be_declared_and_nothing_else_stands_there(policy: Policy) -> None:
    assert sorted(kind for kinds in WANTED.values() for kind in kinds) == sorted(policy.claim_kinds)
    worked = {case["kind"] for case in policy.claim_cases}
    assert set(policy.claim_kinds) - worked == {"class-result"}
    for kind in policy.claim_kinds.values():
        assert policy.articles[kind.article].text, kind.id
        assert kind.evidence or kind.worth.kind == "project", kind.id
        assert "district" in kind.chain
        # A number that no article says is shown as assumed, with where it comes from.
        assert kind.assumed or not kind.worth.rows, kind.id


def _expected(rows: dict[str, object], axes: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for key, value in rows.items():
        if isinstance(value, tuple):
            inner = ("host", "member") if len(value) == 2 else _INNER[axes.partition(".")[2]]
            found |= {f"{key}.{name}": Decimal(amount) for name, amount in zip(inner, value, strict=True)}
        else:
            found[key] = Decimal(str(value))
    return found


@pytest.mark.parametrize(("policy", "of"), list(product(PLANS, B5)), ids=lambda one: getattr(one, "id", str(one)))
def test_amounts_of_the_known_conversion_table(policy: Policy, of: tuple[str, str]) -> None:
    name, axes = of
    kind = policy.claim_kinds[name]
    assert ".".join(kind.worth.axes) == axes
    written = {row.key or "once": Decimal(row.credits) / 100 for row in kind.worth.rows}
    assert written == _expected(dict(B5[of]), axes)
    assert "学分银行" in kind.note


@pytest.mark.parametrize("policy", PLANS, ids=lambda policy: policy.id)
def test_nothing_closed_is_open_until_a_district_opens_it(policy: Policy) -> None:
    closed = {kind.id for kind in policy.claim_kinds.values() if kind.closed}
    assert closed == {"credit-officer", "special-case", "loan"}
    local = parse_choices(policy, {"claim": {"loan": {"open": True}}})
    assert [name for name in sorted(closed) if is_open(policy.claim_kinds[name], local)] == ["loan"]


def test_a_districts_own_rows_are_kinds_like_any_other() -> None:
    """CL-05, CL-12: with the table's article, capped, in the account whose requirement asks for the tag (CL-09)."""
    policy = PLANS[0]
    rows = [
        {"table": "senior", "name": "区级公开课", "unit": "次", "credits": "0.5", "cap": "2", "category": "knowledge",
         "tag": "senior"},
        {"table": "principal", "name": "挂职", "unit": "月", "credits": "2", "category": "practice", "tag": "release"},
    ]  # fmt: skip
    moving = [
        {"table": "free_choice", "category": "knowledge"},
        {"table": "base", "name": "基地学习", "unit": "学期", "credits": "1", "category": "knowledge"},
    ]
    local = parse_choices(policy, {"conversion": rows, "offset": moving})
    own = [kind for name, kind in kinds_in(policy, local).items() if name not in policy.claim_kinds]
    assert [(kind.name, kind.account, kind.article.rpartition(":")[2]) for kind in own] == [
        ("区级公开课", "teacher", "二.4"),
        ("挂职", "principal", "二.4"),
        ("基地学习", "teacher", "三.6"),
    ]
    day = policy.valid_from
    worth = worth_of_claim(policy, local, own[0], {"units": 3, "ends_on": day}, [Earlier(day, 100)])
    assert (worth.credits, worth.uncapped, worth.level, worth.form) == (100, 150, "district", "autonomous")
    assert {row.article for row in (*worth.basis, *worth.bites)} == {"shanghai-2016:学分管理办法:二.4"}
