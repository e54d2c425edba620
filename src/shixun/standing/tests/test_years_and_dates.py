"""Yearly minima and requirements with a date of their own in the stored standings, the list, the map and its export."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from shixun.people.choices import Duty
from shixun.people.models import User
from shixun.people.testing import Cast, an_appointment, client_of
from shixun.policy.testing import an_adoption
from shixun.standing.models import Measure, StandingGap, StoredStanding
from shixun.standing.queries import differences_of, heat_within, persons_to_check
from shixun.standing.testing import ENOUGH, computed, some_entries

ON = date(2019, 10, 14)
YEARS = (
    ("2017-05-20", "city", "knowledge", "course", "7", "trainer"),
    ("2019-03-01", "city", "knowledge", "course", "4.5", "trainer"),
)


@pytest.fixture(autouse=True)
def _trainer(cast: Cast, frozen_clock: Any) -> None:
    """张敏 has met everything of the five years and has been a trainer since 2016."""
    an_adoption(cast.city)
    an_appointment(cast.teacher.person, cast.school, duty=Duty.TRAINER, is_main=False, valid_from=date(2016, 1, 1))
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    some_entries(cast.teacher.person, cast.district, YEARS)
    computed()


def listed(user: User, query: str) -> list[dict[str, str]]:
    response: Any = client_of(user).get(f"/teachers/?export=csv&{query}")
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_what_is_missed_and_what_can_still_be_met_is_stored_beside_the_verdict(cast: Cast) -> None:
    """PR-12, AMB-30: a year is judged apart and leaves met and shortfall alone."""
    person = cast.teacher.person
    gaps = StandingGap.objects.filter(person=person).order_by("requirement")
    assert list(gaps.values_list("requirement", "need", "short", "state")) == [
        ("trainer@2016", 700, 700, "missed"),
        ("trainer@2018", 700, 700, "missed"),
        ("trainer@2019", 700, 250, "open"),
    ]
    row = StoredStanding.objects.get(person=person)
    assert (row.person_met, row.person_open, row.person_missed) == (True, 1, 2)
    assert [found.name for found in differences_of(persons_to_check(ON, samples=None), ON)] == []


def test_who_became_a_trainer_later_is_asked_for_later_years_only(cast: Cast) -> None:
    """Measures tell apart from which year on a minimum concerns people, so that shares are of those asked."""
    an_appointment(
        cast.school_officer.person, cast.school, duty=Duty.TRAINER, is_main=False, valid_from=date(2018, 9, 1)
    )
    computed()
    whole = heat_within(cast.district.scope, apart=False).whole
    asked = {key: whole.asked[key] for key in ("trainer@2017", "trainer@2018", "trainer@2019", "it_hours@2017-12-31")}
    assert asked == {"trainer@2017": 1, "trainer@2018": 1, "trainer@2019": 2, "it_hours@2017-12-31": 3}
    assert whole.share_of("trainer@2019") == 0
    assert whole.share_of("trainer@2017") == 1
    assert Measure.objects.filter(profiles="teacher;trainer").count() == 2


def test_the_list_says_by_which_and_by_how_much_in_its_unit(cast: Cast) -> None:
    officer = cast.district_officer
    row = listed(officer, "requirement=trainer@2019")[0]
    assert (row["姓名"], row["该项尚缺（学分）"]) == ("张敏", "2.50")
    assert row["缺什么"] == "培训者专题研修（2019 年） 还可补 2.50 学分，已错过 2 项"
    hours = {row["姓名"]: row["该项尚缺（学时）"] for row in listed(officer, "requirement=it_hours@2017-12-31")}
    assert hours == {"李建国": "50.00", "王芳": "50.00"}
    assert [row["姓名"] for row in listed(officer, "requirement=trainer@2019&lack=3")] == ["张敏"]
    assert [row["姓名"] for row in listed(officer, "requirement=trainer@2019&lack=6")] == []
    assert [row["姓名"] for row in listed(officer, "timed=open")] == ["张敏"]
    assert len(listed(officer, "timed=missed")) == 3
    assert listed(officer, "timed=none") == []


def test_the_map_shows_them_apart_and_gives_both_as_tables(cast: Cast) -> None:
    officer = client_of(cast.district_officer)
    first, second = (officer.get(f"/teachers/heat/{query}").content.decode() for query in ("", "?view=timed"))
    assert "requirement=trainer%402019" not in first
    assert "requirement=trainer%402019" in second
    assert "信息技术应用能力提升（2017年12月31日前）" in second
    answer: Any = officer.get("/teachers/heat/?view=timed&export=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    school = next(row for row in rows if row["机构"] == cast.school.name)
    assert (school["人数"], school["已达标"], school["达标率"]) == ("2", "1", "50%")
    named = "信息技术应用能力提升（2017年12月31日前）"
    cells = [school[f"{named} {what}"] for what in ("达标率", "未达到（人）", "共缺（学时）")]
    assert cells == ["50%", "1", "50.00"]
    assert rows[-1]["机构"] == "合计"
    answer = officer.get("/teachers/heat/?export=xlsx&sort=city")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    table = sheet.to_python()
    assert table[0][:7] == ["机构", "代码", "人数", "已达标", "未达标", "达标率", "总学分 达标率"]
    assert table[-1][2:6] == [3, 1, 2, 0.33]


def test_chosen_teachers_are_taken_away(cast: Cast) -> None:
    officer = client_of(cast.district_officer)
    chosen = [str(cast.teacher.person.pk), str(cast.stranger_teacher.person.pk)]
    page = officer.post("/teachers/?sort=name", {"batch": "export", "row": chosen})
    assert "将导出 1 名教师" in page.content.decode()
    computed()
    sure = {"batch": "export", "row": chosen, "sure": "1", "counted": "1"}
    answer: Any = officer.post("/teachers/?requirement=trainer@2019", sure)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()] == ["姓名", "张敏"]
