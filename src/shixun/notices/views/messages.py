"""消息: the list of one's own messages, one of them, and marking them as read."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.notices import actions
from shixun.notices.kinds import title_of
from shixun.notices.models import Notice
from shixun.notices.permissions import can_read_notice
from shixun.notices.queries import deliveries_of, kinds_received, next_unread, notices_of, unread_count

_STATES = (("unread", "未读"), ("read", "已读"))


def _notice(uuid: UUID) -> Notice:
    return get_object_or_404(Notice, uuid=uuid)


@require_safe
@require()
def messages_list(request: HttpRequest) -> HttpResponseBase:
    """My messages, the newest first."""
    user = acting(request).user
    page = ListPage(
        rows=notices_of(user),
        columns=(
            Column("subject", "标题", "subject", card="title", link=_address, template="notices/subject.html"),
            Column("kind", "类别", lambda notice: title_of(notice.kind), sort=("kind",)),
            Column("sent_at", "时间", "sent_at", kind="moment", sort=("sent_at",)),
            Column("state", "状态", _state, card="figure", template="notices/state.html"),
        ),
        default_sort="-sent_at",
        noun="条消息",
        file_name="消息",
        empty=Empty("还没有消息。", next="审核结果、窗口开放和到期提醒会出现在这里。"),
        filters=(
            Text("q", "标题或内容", fields=("subject", "body"), placeholder="标题或内容中的词"),
            Choice("state", "状态", options=_STATES, narrow=_in_state),
            Choice("kind", "类别", options=[(key, title_of(key)) for key in kinds_received(user)]),
        ),
    )
    return page.respond(request, "notices/messages.html", {"unread": unread_count(user)})


def _address(notice: Notice) -> str:
    return reverse("notices:message", kwargs={"uuid": notice.uuid})


def _state(notice: Notice) -> str:
    return "已读" if notice.read_at else "未读"


def _in_state(rows: QuerySet[Notice], value: str) -> QuerySet[Notice]:
    return rows.filter(read_at__isnull=value == "unread")


@require_safe
@require(can_read_notice, find=_notice)
def message(request: HttpRequest, notice: Notice) -> HttpResponse:
    """One message; whoever opens it has read it."""
    actor = acting(request)
    actions.read_notice(actor=actor, at=clock.now(), notice=notice)
    context = {
        "notice": notice,
        "kind": title_of(notice.kind),
        "deliveries": deliveries_of(notice),
        "following": next_unread(actor.user),
    }
    return render(request, "notices/message.html", context)


@require_POST
@require(can_read_notice, find=_notice)
def read_message(request: HttpRequest, notice: Notice) -> HttpResponseRedirect:
    """Mark one message as read without opening it."""
    actions.read_notice(actor=acting(request), at=clock.now(), notice=notice)
    return redirect("notices:messages")


@require_POST
@require()
def read_all(request: HttpRequest) -> HttpResponseRedirect:
    """Mark everything as read."""
    count = actions.read_all(actor=acting(request), at=clock.now())
    messages.success(request, f"已将 {count} 条消息标为已读。" if count else "没有未读的消息。")
    return redirect("notices:messages")
