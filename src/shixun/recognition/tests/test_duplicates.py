"""Twins are found across schools and told with what speaks for it; they refuse nothing."""

import io
from typing import Any

import pytest
from PIL import Image

from shixun.kernel import clock
from shixun.kernel.testing import a_photo
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for
from shixun.recognition.actions.suspecting import compare_photos
from shixun.recognition.likeness.events import name_likeness
from shixun.recognition.likeness.pictures import likeness
from shixun.recognition.likeness.prints import PrintIndex, print_of, views_of
from shixun.recognition.models import Suspicion
from shixun.recognition.queries.prints import forget_prints
from shixun.recognition.tables import twins_of
from shixun.recognition.testing import RAW, handed_in


@pytest.fixture(autouse=True)
def _monday(frozen_clock: object) -> None:
    """The thirteenth plan is in force, and no print of another test is remembered."""
    forget_prints()


def _somebody(cast: Cast) -> Any:
    user = a_user(a_person(cast.other_school))
    a_grant(user, "teacher", cast.other_school)
    return actor_for(user)


def _cropped(content: bytes) -> bytes:
    paper = Image.open(io.BytesIO(content))
    width, height = paper.size
    made = io.BytesIO()
    paper.crop((int(0.08 * width), int(0.05 * height), int(0.93 * width), int(0.9 * height))).resize((500, 380)).save(
        made, "JPEG", quality=55
    )
    return made.getvalue()


def test_a_crop_is_found_among_others_and_another_paper_is_not() -> None:
    papers = [Image.open(io.BytesIO(a_photo(seed))) for seed in range(8)]
    crop = Image.open(io.BytesIO(_cropped(a_photo(3))))
    index = PrintIndex()
    index.add(range(8), [print_of(paper) for paper in papers])
    assert index.near(views_of(crop), 3)[0] == 3
    cropped = PrintIndex()
    cropped.add([9], [print_of(crop)])
    assert [cropped.near(views_of(papers[seed]), 3) for seed in (3, 4)] == [[9], []]
    assert likeness(crop, papers[3]).is_same
    assert not likeness(papers[1], papers[2]).is_same


def test_the_same_certificate_in_two_schools(town: Cast) -> None:
    me, other = actor_for(town.teacher), _somebody(town)
    first = handed_in(me, me.person, photo=a_photo(77))
    second = handed_in(other, other.person, number="sj 2019-0001", photo=_cropped(a_photo(77)))
    assert [row.ground for row in Suspicion.objects.all()] == ["number"]
    assert compare_photos(clock.now()) == 2
    assert compare_photos(clock.now()) == 0
    assert {row.ground for row in Suspicion.objects.filter(claim=second)} >= {"number", "photo"} or {
        row.ground for row in Suspicion.objects.filter(claim=first)
    } >= {"photo"}
    shown = twins_of(second)
    assert {twin.where for twin in shown} == {f"{me.person.name}，{town.school.name}"}
    assert all(twin.photos for twin in shown)
    assert second.case.state == "school_pending"


def test_the_same_file_and_the_same_event_under_another_name(town: Cast) -> None:
    me = actor_for(town.teacher)
    handed_in(me, me.person, "school-hours", photo=a_photo(5))
    again = {**RAW["school-hours"], "title": "2019年教师师德学习活动", "hours": "4"}
    handed_in(me, me.person, "school-hours", photo=a_photo(5), **again)
    assert {row.ground for row in Suspicion.objects.all()} == {"file", "event", "day"}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("小学语文作业设计专题培训班", "2019年小学语文教师“作业设计”研修", True),
        ("骨干教师研修（第二期）", "骨干教师研修（第三期）", False),
        ("小学语文作业设计", "小学语文课堂观察", False),
    ],
)
def test_names_of_events(one: str, other: str, alike: bool) -> None:
    assert (name_likeness(one, other) >= 72) is alike
