"""培训记录: every record of a scope with its state."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.spreadsheets.queries import half_written
from shixun.recognition.choices import CategoryCode, RecordKind, RecordState
from shixun.recognition.models import TrainingRecord
from shixun.recognition.permissions import can_list_records
from shixun.recognition.queries import records_within


def person_address(record: TrainingRecord) -> str:
    return reverse("people:person", kwargs={"uuid": record.person.uuid})


@require(can_list_records)
def records(request: HttpRequest) -> HttpResponseBase:
    """Whose record, of what, with what result; waiting ones can be asked for alone."""
    page = ListPage(
        rows=records_within(acting(request).scope).select_related("person", "organisation"),
        columns=(
            Column("name", "姓名", "person.name", sort=("person__name",), card="title", link=person_address),
            Column("place", "单位", "organisation.name"),
            Column("project", "项目", "name", sort=("name",)),
            Column("code", "培训类别", "get_code_display"),
            Column("year", "年度", lambda row: str(row.year), sort=("year",)),
            Column("hours", "学时", "hours", kind="amount", sort=("hours",), card="figure"),
            Column("grade", "成绩", "get_grade_display"),
            Column("state", "状态", "get_state_display", card="figure", template="recognition/state.html"),
        ),
        default_sort="-year",
        noun="条记录",
        file_name="培训记录",
        empty=Empty(
            "还没有报送过培训记录。",
            next="可以导入全国教师管理信息系统格式的表。",
            url=reverse("kernel:new-import", kwargs={"kind": "records"}),
            label="导入培训记录",
        ),
        filters=(
            Text("q", "姓名或项目", fields=("person__name", "name")),
            Choice("state", "状态", options=RecordState.choices),
            Choice("code", "培训类别", options=CategoryCode.choices),
            Choice("kind", "来自", options=RecordKind.choices),
        ),
    )
    halves = half_written(acting(request), "records", "class-results")
    return page.respond(request, "recognition/records.html", {"halves": halves})
