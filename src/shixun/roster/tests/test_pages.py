"""The pages of imports, asked by the cast; lists under a literal number of queries; the template; unhappy ends."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine
from django.urls import reverse

from shixun.people.testing import Cast, a_grant, client_of, statuses
from shixun.roster.testing import Browser, a_row, browser_of, workbook

pytestmark = pytest.mark.usefixtures("frozen_clock")

OFFICERS_ONLY = {
    "teacher": 403,
    "school_officer": 200,
    "district_officer": 200,
    "city_officer": 200,
    "stranger_teacher": 403,
    "stranger_officer": 200,
    "anonymous": 302,
}
HERS_AND_ABOVE = {**OFFICERS_ONLY, "stranger_officer": 403}
HERS_ALONE = {**HERS_AND_ABOVE, "district_officer": 403, "city_officer": 403}
Queries = Callable[..., Any]


def checked(cast: Cast) -> tuple[Browser, Any]:
    browser = browser_of(cast.school_officer)
    return browser, browser.uploaded(workbook([a_row(1, cast.school.code), a_row(2, cast.school.code, 职称="特级")]))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("imports", []), ("jobs", []), ("new-import", ["roster"]), ("import-template", ["roster"])],
)
def test_imports_are_for_officers(cast: Cast, name: str, arguments: list[str]) -> None:
    assert statuses(cast, reverse(f"kernel:{name}", args=arguments)) == OFFICERS_ONLY


@pytest.mark.parametrize("name", ["import-problems", "import-differences"])
def test_an_import_is_seen_by_its_starter_and_her_officers(cast: Cast, name: str) -> None:
    _, source = checked(cast)
    assert statuses(cast, reverse(f"kernel:{name}", args=[source.uuid])) == HERS_AND_ABOVE


def test_an_overview_leads_the_starter_on(cast: Cast) -> None:
    _, source = checked(cast)
    expected = {**HERS_AND_ABOVE, "school_officer": 302}
    assert statuses(cast, reverse("kernel:import", args=[source.uuid])) == expected


@pytest.mark.parametrize("name", ["import-mapping", "import-refused"])
def test_whole_numbers_are_for_the_starter_alone(cast: Cast, name: str) -> None:
    _, source = checked(cast)
    assert statuses(cast, reverse(f"kernel:{name}", args=[source.uuid])) == HERS_ALONE


def test_a_job_is_seen_by_its_starter_and_her_officers(cast: Cast) -> None:
    _, source = checked(cast)
    assert statuses(cast, reverse("kernel:job", args=[source.job.uuid])) == HERS_AND_ABOVE


@pytest.mark.parametrize("name", ["import-agree", "import-apply", "import-check", "import-discard"])
def test_nobody_else_goes_on_with_an_import(cast: Cast, name: str) -> None:
    _, source = checked(cast)
    address = reverse(f"kernel:{name}", args=[source.uuid])
    others = {who: user for who, user in cast.everyone().items() if who != "school_officer"}
    assert {who: client_of(user).post(address).status_code for who, user in others.items()} == dict.fromkeys(
        others, 403
    )
    assert client_of(cast.school_officer).get(address).status_code == 405


def test_in_another_role_it_is_not_hers(cast: Cast) -> None:
    browser, source = checked(cast)
    a_grant(cast.school_officer, "school_officer", cast.sister_school)
    grants = {grant.organisation_id: grant for grant in cast.school_officer.grants.all()}
    session = browser.client.session
    session["acting_grant"] = str(grants[cast.sister_school.pk].uuid)
    session.save()
    assert browser.client.post(reverse("kernel:import-apply", args=[source.uuid])).status_code == 403


def test_a_role_that_ended_writes_nothing(cast: Cast, frozen_clock: Any) -> None:
    from shixun.kernel.jobs.actions import perform
    from shixun.kernel.jobs.models import Job

    browser, source = checked(cast)
    browser.agree(source)
    cast.school_officer.grants.update(valid_until="2019-10-14")
    job = Job.objects.create(
        kind="import.apply", title="x", arguments={"import": str(source.uuid)}, created_at=frozen_clock("2019-10-14")
    )
    perform(job.uuid)
    job.refresh_from_db()
    assert (job.state, "已经无效" in job.message) == ("failed", True)


@pytest.mark.parametrize(("name", "literal"), [("imports", 7), ("jobs", 7)])
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_row_and_three(
    cast: Cast, django_assert_num_queries: Queries, name: str, literal: int, rows: int
) -> None:
    browser = browser_of(cast.school_officer)
    for number in range(rows):
        browser.uploaded(workbook([a_row(number, cast.school.code)]))
    with django_assert_num_queries(literal):
        assert browser.client.get(reverse(f"kernel:{name}")).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_problems_and_preview_cost_the_same_for_one_row_and_three(
    cast: Cast, django_assert_num_queries: Queries, rows: int
) -> None:
    browser = browser_of(cast.school_officer)
    bad = [a_row(number, cast.school.code, 职称="中学高级") for number in range(rows)]
    source = browser.uploaded(workbook(bad))
    with django_assert_num_queries(11):
        browser.page("import-problems", source.uuid)
    browser.agree_to_all(source)
    with django_assert_num_queries(11):
        browser.page("import-differences", source.uuid)


def test_the_template_has_headings_lists_and_explanations(cast: Cast) -> None:
    response = client_of(cast.school_officer).get(reverse("kernel:import-template", args=["roster"]))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheet_names == ["教师名册", "填写说明", "代码表"]
    headings = book.get_sheet_by_index(0).to_python()[0]
    assert headings[:4] == ["姓名", "性别", "身份证件类型", "身份证号"]
    lists = dict(zip(*book.get_sheet_by_index(2).to_python()[:2], strict=True))
    assert lists["职称"] == "未评"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "请先选择文件"),
        ({"content": b"\x89PNG\r\n\x1a\n\x00\x00"}, "不是表格"),
        ({"content": b"a,b\n1,2\n", "effective_on": "1999-01-01"}, "应在 2000-01-01"),
        ({"content": b"a,b\n1,2\n", "effective_on": "x"}, "日期应如"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said_beside_it(cast: Cast, data: dict[str, Any], said: str) -> None:
    browser = browser_of(cast.school_officer)
    if "content" in data:
        response = browser.upload(data["content"], effective_on=data.get("effective_on", "2019-09-01"))
    else:
        response = browser.client.post(reverse("kernel:new-import", args=["roster"]), {"effective_on": "2019-09-01"})
    assert response.status_code == 200
    assert said in response.content.decode()


def test_a_file_without_known_headings_asks_where_they_stand(cast: Cast) -> None:
    browser = browser_of(cast.school_officer)
    row = a_row(1, cast.school.code)
    source = browser.uploaded(workbook([[row[0], row[2], cast.school.code]], ("老师", "证", "校")))
    assert "没有找到表头" in browser.page("import-mapping", source.uuid)
    address = reverse("kernel:import-mapping", args=[source.uuid])
    browser.client.post(address, {"sheet": "0", "row": "1"})
    assert "还没有指明" in browser.client.post(address, {"column-0": "name"}, follow=True).content.decode()
    twice = {"column-0": "name", "column-1": "name", "column-2": "school_code"}
    assert "对应了两列" in browser.client.post(address, twice, follow=True).content.decode()
    browser.client.post(address, {"column-0": "name", "column-1": "id_number", "column-2": "school_code"})
    source.refresh_from_db()
    assert source.counts["new"] == 1
    again = browser.uploaded(workbook([[row[0], row[2], cast.school.code]], ("老师", "证", "校")))
    assert again.stage == "checked"


def test_an_import_that_is_given_up_leaves_nothing(cast: Cast) -> None:
    browser, source = checked(cast)
    browser.client.post(reverse("kernel:import-discard", args=[source.uuid]))
    source.refresh_from_db()
    assert source.stage == "discarded"
    assert browser.client.post(reverse("kernel:import-apply", args=[source.uuid])).status_code == 409
    assert browser.client.get(reverse("kernel:import-mapping", args=[source.uuid])).status_code == 302


def test_an_unknown_kind_is_not_found(cast: Cast) -> None:
    assert client_of(cast.school_officer).get("/imports/new/unknown/").status_code == 404
