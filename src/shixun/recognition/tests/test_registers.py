"""Registered organisers and programmes: found by spelling, renamed, merged, one for the whole region (RW-05, CL-04)."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import at_once
from shixun.people.testing import Cast, actor_for, client_of, statuses
from shixun.recognition.actions.registers import (
    confirm_registered,
    merge_registered,
    organiser_named,
    programme_named,
    region_of,
    register_organiser,
    register_programme,
)
from shixun.recognition.models import Claim, Organiser, OutsideProgramme
from shixun.recognition.testing import handed_in

pytestmark = pytest.mark.usefixtures("frozen_clock")


def _named(town: Cast, *names: str) -> list[Organiser]:
    actor, region = actor_for(town.teacher), region_of(town.school)
    return [organiser_named(actor=actor, at=clock.now(), region=region, name=name) for name in names]


def test_a_renamed_row_is_found_under_both_names(town: Cast) -> None:
    actor = actor_for(town.district_officer)
    (row,) = _named(town, "华师大")
    confirm_registered(actor=actor, at=clock.now(), row=row, name="华东师范大学")
    assert _named(town, "华师大", "华东师范大学") == [row, row]
    row.refresh_from_db()
    assert (row.name, row.state) == ("华东师范大学", "registered")
    confirm_registered(actor=actor, at=clock.now(), row=row, name="华师大")
    assert _named(town, "华师大", "华东师范大学") == [row, row]
    (other,) = _named(town, "上海师范大学")
    with pytest.raises(Refusal, match="已经登记了"):
        confirm_registered(actor=actor, at=clock.now(), row=row, name=other.name)
    with pytest.raises(Refusal, match="不能空着"):
        confirm_registered(actor=actor, at=clock.now(), row=row, name=" ")


def test_a_merge_takes_claims_programmes_and_earlier_spellings_along(town: Cast) -> None:
    me, actor = actor_for(town.teacher), actor_for(town.city_officer)
    claim = handed_in(me, me.person)
    short, long = claim.organiser, register_organiser(actor=actor, at=clock.now(), name="国家中小学智慧教育平台")
    twin = register_programme(actor=actor, at=clock.now(), organiser=long, name=claim.programme.name)
    (older,) = _named(town, "智慧教育平台")
    merge_registered(actor=actor, at=clock.now(), row=older, into=short)
    assert merge_registered(actor=actor, at=clock.now(), row=short, into=long) == 1
    claim.refresh_from_db()
    assert (claim.organiser, claim.programme) == (long, twin)
    assert claim.values["organiser"] == "国家智慧教育平台"
    assert _named(town, "智慧教育平台", "国家智慧教育平台") == [long, long]
    older.refresh_from_db()
    assert older.merged_into == long
    with pytest.raises(Refusal, match="已经并入"):
        merge_registered(actor=actor, at=clock.now(), row=short, into=older)
    with pytest.raises(Refusal, match="不能并入它自己"):
        merge_registered(actor=actor, at=clock.now(), row=long, into=older)
    event = AuditEvent.objects.filter(action="register.merged").latest("pk")
    assert (event.before["name"], event.after["into"], event.after["claims"]) == (short.name, long.name, 1)


def test_a_programme_merged_across_organisers_takes_the_claim_to_both(town: Cast) -> None:
    me, actor = actor_for(town.teacher), actor_for(town.district_officer)
    claim = handed_in(me, me.person)
    other = register_organiser(actor=actor, at=clock.now(), name="教育部")
    into = register_programme(actor=actor, at=clock.now(), organiser=other, name="暑期研修")
    merge_registered(actor=actor, at=clock.now(), row=claim.programme, into=into)
    claim.refresh_from_db()
    assert (claim.organiser, claim.programme) == (other, into)


PAGES = {"teacher": 403, "stranger_teacher": 403, "school_officer": 403, "anonymous": 302}
KEEPERS = {"district_officer": 200, "city_officer": 200, "stranger_officer": 200}


def test_the_registers_are_kept_by_districts_and_the_city_together(town: Cast) -> None:
    (row,) = _named(town, "华东师范大学")
    programme = programme_named(
        actor=actor_for(town.teacher), at=clock.now(), region=row.region, organiser=row, name="国培"
    )
    for name in ("organisers", "programmes", "new-organisers", "new-programmes"):
        assert statuses(town, reverse(f"recognition:{name}")) == {**PAGES, **KEEPERS}
    for name, one in (("organiser", row), ("programme", programme)):
        assert statuses(town, reverse(f"recognition:{name}", args=[one.uuid])) == {**PAGES, **KEEPERS}
    names = statuses(town, f"{reverse('recognition:names')}?of=organisers&organiser=华东")
    assert names == {**dict.fromkeys(PAGES, 200), **KEEPERS, "anonymous": 302, "city_officer": 403}


def test_a_page_suggests_what_is_spelled_alike_and_merges_after_saying_what_follows(town: Cast) -> None:
    me = actor_for(town.teacher)
    claim = handed_in(me, me.person)
    (other,) = _named(town, "国家智慧教育平台网")
    client = client_of(town.district_officer)
    page = client.get(reverse("recognition:organiser", args=[claim.organiser.uuid])).content.decode()
    assert "国家智慧教育平台网" in page
    address = reverse("recognition:merge-organiser", args=[claim.organiser.uuid])
    asked = client.get(f"{address}?into={other.uuid}").content.decode()
    assert "1 项，申报人填写的原文不变" in asked
    assert client.get(f"{address}?into=x").status_code == 409
    assert client.post(address, {"into": str(other.uuid)}).status_code == 302
    assert Claim.objects.get().organiser == other
    offered = client_of(town.teacher).get(f"{reverse('recognition:names')}?of=organisers&organiser=智慧")
    assert offered.content.decode().count("<option") == 1


def _queries(cast: Cast, address: str) -> int:
    client = client_of(cast.district_officer)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_lists_ask_the_same_with_one_row_and_with_three(town: Cast) -> None:
    (row,) = _named(town, "华东师范大学")
    address = reverse("recognition:organisers")
    one, page = _queries(town, address), _queries(town, reverse("recognition:organiser", args=[row.uuid]))
    _named(town, "华东师范大学网", "上海师范大学")
    assert _queries(town, address) == one == 9
    assert _queries(town, reverse("recognition:organiser", args=[row.uuid])) == page


@pytest.mark.django_db(transaction=True)
def test_two_merges_into_each_other_make_no_circle(town: Cast) -> None:
    one, other = _named(town, "华师大", "华东师大")
    merge = partial(merge_registered, actor=actor_for(town.district_officer), at=clock.now())

    def there() -> Any:
        return merge(row=Organiser.objects.get(pk=one.pk), into=Organiser.objects.get(pk=other.pk))

    def back() -> Any:
        return merge(row=Organiser.objects.get(pk=other.pk), into=Organiser.objects.get(pk=one.pk))

    results = at_once([there, back])
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "int"]
    assert Organiser.objects.filter(merged_into=None).count() == 1
    assert OutsideProgramme.objects.count() == 0


def _programme(organiser: Organiser, name: str, actor: Any) -> OutsideProgramme:
    return programme_named(actor=actor, at=clock.now(), region=organiser.region, organiser=organiser, name=name)


def test_a_programme_is_not_lost_between_two_organisers_that_become_one(town: Cast) -> None:
    """P has taken in the T of another organiser; then P's organiser is merged into T's."""
    me, actor = actor_for(town.teacher), actor_for(town.district_officer)
    claim = handed_in(me, me.person)
    taken, (home,) = claim.programme, _named(town, "教育部")
    kept = _programme(home, taken.name, actor)
    older = _programme(claim.organiser, "暑期研修旧称", actor)
    merge_registered(actor=actor, at=clock.now(), row=older, into=taken)
    merge_registered(actor=actor, at=clock.now(), row=taken, into=kept)
    merge_registered(actor=actor, at=clock.now(), row=home, into=claim.organiser)
    kept.refresh_from_db()
    assert (kept.state, kept.organiser) == ("proposed", claim.organiser)
    assert _programme(claim.organiser, taken.name, actor) == _programme(claim.organiser, older.name, actor) == kept
    claim.refresh_from_db()
    assert (claim.programme, claim.organiser) == (kept, kept.organiser)


def test_a_row_takes_the_name_of_one_merged_into_it_that_still_has_programmes(town: Cast) -> None:
    actor = actor_for(town.district_officer)
    short, long = _named(town, "华师大", "华东师范大学")
    for organiser in (short, long):
        _programme(organiser, "国培", actor)
    merge_registered(actor=actor, at=clock.now(), row=short, into=long)
    confirm_registered(actor=actor, at=clock.now(), row=long, name="华师大")
    long.refresh_from_db()
    assert long.name == "华师大"
    assert _named(town, "华师大", "华东师范大学") == [long, long]


@pytest.mark.django_db(transaction=True)
def test_of_two_renames_to_one_name_the_second_is_refused(town: Cast) -> None:
    rows = _named(town, "华师大", "华东师大")
    rename = partial(confirm_registered, actor=actor_for(town.district_officer), at=clock.now(), name="华东师范大学")
    results = at_once([partial(rename, row=row) for row in rows])
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refusal"]
