"""操作记录: the auditor reads who did what, for whom, where, when, and whether the log holds; edits nothing."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shixun.kernel.access import acting, require
from shixun.kernel.audit.difference import parts_of
from shixun.kernel.audit.expiry import kept_for
from shixun.kernel.audit.log import TRAIL
from shixun.kernel.audit.words import action_words, known_actions, subject_words, viewing_actions
from shixun.kernel.chronicle.heads import newest_head
from shixun.kernel.chronicle.logs import log_sources
from shixun.kernel.chronicle.models import Leaf
from shixun.kernel.chronicle.sequencing import waits
from shixun.kernel.filters import Choice, DateRange, Flag, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.models import AuditEvent, AuditExpiry
from shixun.people.choices import Role
from shixun.people.permissions import can_read_trail
from shixun.people.queries import events_within, named_events, organisations_named, persons_named


@require_safe
@require(can_read_trail)
def trail(request: HttpRequest) -> HttpResponseBase:
    """Every event of the auditor's area, and of the installation itself; an export is an event as well."""
    actor = acting(request)
    page = ListPage(
        rows=events_within(actor),
        columns=(
            Column("at", "时间", "at", kind="moment", sort=("at",), bare=True),
            Column("action", "操作", lambda row: action_words(row.action), card="title", link=_address),
            Column("actor", "操作人", "actor_label", sort=("actor_label",), card="figure"),
            Column("role", "以何身份", lambda row: _role(row.acting_role)),
            Column("behalf", "代谁操作", "behalf_label", card="hidden"),
            Column("subject", "对象", lambda row: subject_words(row.subject_kind)),
            Column("person", "涉及人员", "person_name", card="figure"),
            Column("place", "单位", "place_name"),
            Column("address", "来源地址", "address", sort=("address",)),
        ),
        default_sort="-at",
        noun="条操作记录",
        file_name="操作记录",
        empty=Empty("还没有操作记录。"),
        filters=(
            Text("person", "涉及人员", narrow=_about, placeholder="姓名、人员编号或号码"),
            Text("actor", "操作人", fields=("actor_label", "behalf_label"), placeholder="操作人或被代理人"),
            Choice("action", "操作", options=lambda: list(known_actions().items())),
            Flag("viewed", "只看查看敏感信息的", condition=lambda: Q(action__in=viewing_actions())),
            Text("place", "单位", narrow=_at_place, placeholder="学校、区县"),
            Text("address", "来源地址", fields=("address",), placeholder="如 10.0.3."),
            DateRange("at", "时间", field="at", moments=True),
        ),
        enrich=named_events,
    )
    return page.respond(request, "people/trail.html", {"logs": _logs(), "months": kept_for().days // 30})


def _logs() -> list[dict[str, Any]]:
    """The state of every log: how many rows are numbered, when the last head was signed, whether anything waits."""
    return [
        {"title": source.title, "head": newest_head(source.name), "waits": waits(source)} for source in log_sources()
    ]


def _role(role: str) -> str:
    named = {"system": "平台", "visitor": "未登录", "own_account": "本人账号"}
    return str(Role(role).label) if role in Role.values else named.get(role, role)


def _about(rows: QuerySet[AuditEvent], text: str) -> QuerySet[AuditEvent]:
    return rows.filter(person_uuid__in=persons_named(text))


def _at_place(rows: QuerySet[AuditEvent], text: str) -> QuerySet[AuditEvent]:
    held = Q(pk__in=())
    for scope in organisations_named(text):
        held |= scope.within("organisation_path") | scope.within("acting_path")
    return rows.filter(held)


def _address(row: AuditEvent) -> str:
    return reverse("people:event", kwargs={"uuid": row.uuid})


@require_safe
@require(can_read_trail)
def event(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """One event: all it says, what it changed, and its number in the log."""
    found = events_within(acting(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    (row,) = named_events([found])
    context = {
        "event": row,
        "title": action_words(row.action),
        "role": _role(row.acting_role),
        "subject": subject_words(row.subject_kind),
        "parts": parts_of(row),
        "number": Leaf.objects.filter(log=TRAIL, row=row.pk).values_list("number", flat=True).first(),
        "alike": f"{reverse('people:trail')}?action={row.action}",
    }
    return render(request, "people/event.html", context)


@require_safe
@require(can_read_trail)
def expiries(request: HttpRequest) -> HttpResponseBase:
    """What was removed at the end of its retention, so that a gap explains itself."""
    page = ListPage(
        rows=AuditExpiry.objects.all(),
        columns=(
            Column("at", "移除时间", "at", kind="moment", sort=("at",), card="title"),
            Column("before", "移除早于", "before", kind="moment", sort=("before",), card="figure"),
            Column("removed", "条数", "removed", kind="count", card="figure"),
            Column("until", "到编号（不含）", "until_number", kind="count"),
        ),
        default_sort="-at",
        noun="次移除",
        file_name="到期移除",
        empty=Empty("还没有到期移除过操作记录。", next="超过保存期限的记录每天夜里移除内容，编号和摘要保留。"),
    )
    return page.respond(request, "people/expiries.html", {"months": kept_for().days // 30})
