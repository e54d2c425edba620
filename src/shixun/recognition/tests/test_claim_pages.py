"""Every page of claims for the cast of four, its files too, and how many questions each asks with one row and three."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.testing import a_photo
from shixun.people.models import User
from shixun.people.testing import Cast, actor_for, client_of, statuses
from shixun.recognition.actions.reversing import request_reversal
from shixun.recognition.models import Claim, Evidence
from shixun.recognition.testing import a_claim, handed_in, moved

SEEN = {
    "teacher": 200,
    "school_officer": 200,
    "district_officer": 200,
    "city_officer": 200,
    "stranger_teacher": 403,
    "stranger_officer": 403,
    "anonymous": 302,
}
OFFICERS = {**SEEN, "teacher": 403, "stranger_officer": 200}
HERS = {**dict.fromkeys(SEEN, 403), "teacher": 200, "anonymous": 302}


@pytest.fixture(autouse=True)
def _monday(frozen_clock: object) -> None:
    """The thirteenth plan is in force."""


@pytest.fixture
def me(town: Cast) -> Any:
    return actor_for(town.teacher)


def _recognised(cast: Cast) -> Claim:
    me = actor_for(cast.teacher)
    officers = (actor_for(cast.school_officer), "school_pass"), (actor_for(cast.district_officer), "district_pass")
    return moved(handed_in(me, me.person), *officers)


def _at(name: str, *uuids: Any) -> str:
    return reverse(f"recognition:{name}", args=uuids)


def test_a_claim_its_case_and_its_files_are_seen_along_its_own_line(town: Cast, me: Any) -> None:
    claim = handed_in(me, me.person)
    (piece,) = claim.evidence.all()
    assert claim.case
    for address in (
        _at("claim", claim.uuid),
        reverse("approvals:case", args=[claim.case.uuid]),
        _at("evidence", piece.uuid),
        f"{_at('evidence', piece.uuid)}?small=1",
    ):
        assert statuses(town, address) == SEEN, address


def test_a_draft_and_its_files_are_hers_alone(town: Cast, me: Any) -> None:
    claim = a_claim(me, me.person)
    assert statuses(town, _at("edit-claim", claim.uuid)) == HERS
    assert statuses(town, _at("claim", claim.uuid)) == {**HERS, "teacher": 302}
    (piece,) = claim.evidence.all()
    assert statuses(town, _at("evidence", piece.uuid)) == HERS


def test_lists_and_the_choice_of_a_kind(town: Cast) -> None:
    assert statuses(town, _at("claims")) == {**OFFICERS, "stranger_teacher": 403}
    assert statuses(town, _at("own-claims")) == {**HERS, "stranger_teacher": 200}
    # Officers choose a person first.
    chosen = {**HERS, "stranger_teacher": 200, "school_officer": 302, "district_officer": 302, "stranger_officer": 302}
    assert statuses(town, _at("new-claim")) == chosen
    named = f"{_at('new-claim')}?person={town.teacher.person.uuid}"
    assert statuses(town, named) == {**HERS, "school_officer": 200, "district_officer": 200}


def test_asking_for_credits_back(town: Cast) -> None:
    assert statuses(town, _at("ask-reversal", _recognised(town).uuid)) == SEEN


def _posted(cast: Cast, address: str, **words: str) -> dict[str, int]:
    everyone: dict[str, User | None] = {**cast.everyone(), "anonymous": None}
    return {name: client_of(user).post(address, words).status_code for name, user in everyone.items()}


def test_nobody_writes_what_is_not_hers(town: Cast, me: Any) -> None:
    """Saving, sending files, submitting, discarding, moving, adjusting: asked for by others nothing changes."""
    draft = a_claim(me, me.person)
    (piece,) = draft.evidence.all()
    for name in ("save-claim", "submit-claim", "discard-claim", "attach", "detach"):
        found = _posted_by_others(town, _at(name, draft.uuid), piece=str(piece.uuid))
        assert set(found.values()) == {403}, name
    assert list(draft.evidence.all()) == [piece]
    assert Claim.objects.get(pk=draft.pk).case is None
    handed = handed_in(me, me.person, number="SJ-9", programme="寒假教师研修")
    words = {"hours": "5", "memo": "改"}
    found = _posted(town, _at("adjust", handed.uuid), **words)
    # It lies with the school.
    assert {name for name, status in found.items() if status == 302} == {"school_officer", "anonymous"}
    moves = _posted(town, _at("move-claim", handed.uuid), action="withdraw")
    assert {name for name, status in moves.items() if status == 302} == {"teacher", "anonymous"}
    assert Claim.objects.get(pk=handed.pk).case.state == "withdrawn"


def _posted_by_others(cast: Cast, address: str, **words: str) -> dict[str, int]:
    others = {name: user for name, user in cast.everyone().items() if name != "teacher"}
    return {name: client_of(user).post(address, words).status_code for name, user in others.items()}


def _queries(user: User, address: str) -> int:
    client = client_of(user)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def _claims(me: Any, numbers: range) -> list[Claim]:
    """Claims of one certificate, so that each is suspected of the others."""
    return [
        handed_in(me, me.person, "school-hours", photo=a_photo(5), title=f"师德学习第{number}期", hours="4")
        for number in numbers
    ]


@pytest.mark.parametrize(("name", "who", "queries"), [("claims", "district_officer", 10), ("own-claims", "teacher", 6)])
def test_lists_ask_the_same_with_one_row_and_with_three(town: Cast, me: Any, name: str, who: str, queries: int) -> None:
    user = getattr(town, who)
    _claims(me, range(1, 2))
    assert _queries(user, _at(name)) == queries
    _claims(me, range(2, 4))
    assert _queries(user, _at(name)) == queries


def _more_evidence(claim: Claim, number: int) -> None:
    rows = Evidence.objects.exclude(claims=claim)[:number]
    claim.evidence.add(*rows)


@pytest.mark.parametrize(
    ("of", "who", "queries"),
    [
        (lambda claim: _at("claim", claim.uuid), "teacher", 28),
        (lambda claim: reverse("approvals:case", args=[claim.case.uuid]), "school_officer", 39),
    ],
    ids=["claim", "case"],
)
def test_a_claim_asks_the_same_with_one_twin_and_with_three(
    town: Cast, me: Any, of: Callable[[Claim], str], who: str, queries: int
) -> None:
    user = getattr(town, who)
    first, *_ = _claims(me, range(1, 3))
    assert _queries(user, of(first)) == queries
    _claims(me, range(3, 5))
    _more_evidence(first, 2)
    assert _queries(user, of(first)) == queries


def test_what_is_asked_back_stands_on_the_page_of_the_claim(town: Cast) -> None:
    claim = _recognised(town)
    request_reversal(
        actor=actor_for(town.district_officer), at=clock.now(), claim=claim, ground="mistake", reason="类别有误"
    )
    page = client_of(town.teacher).get(_at("claim", claim.uuid)).content.decode()
    assert "类别有误" in page
    assert "待决定" in page
