"""消息发送: what became of messages on their way out, for officers; and the outbox of a demonstration."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.notices import actions
from shixun.notices.choices import STUCK, TROUBLED, ChannelKind, DeliveryState
from shixun.notices.kinds import title_of
from shixun.notices.models import Delivery
from shixun.notices.permissions import can_see_deliveries
from shixun.notices.queries import deliveries_within, outbox

_STATES = (("troubled", "有问题的"), *DeliveryState.choices)
_STATE = "notices/delivery_state.html"
_AGAIN = "将重新发送选中的 {count} 条中已放弃或结果不明的。结果不明的有可能已经送到，收件人会收到两次。"


@require(can_see_deliveries)
def deliveries(request: HttpRequest) -> HttpResponseBase:
    """How messages to the persons of my scope went out; the words of the messages are not shown."""
    page = ListPage(
        rows=deliveries_within(acting(request).scope, clock.today()),
        columns=(
            Column("recipient", "收件人", lambda row: str(row.recipient), card="title", link=_person),
            Column("kind", "类别", lambda row: title_of(row.notice.kind)),
            Column("channel", "方式", "get_channel_display", sort=("channel",)),
            Column("sent_to", "发往", "sent_to"),
            Column("created_at", "时间", "created_at", kind="moment", sort=("created_at",)),
            Column("state", "状态", "get_state_display", sort=("state",), card="figure", template=_STATE),
            Column("problem", "原因", "problem"),
            Column("next_try_at", "下次发送", "next_try_at", kind="moment", sort=("next_try_at",)),
        ),
        default_sort="-created_at",
        noun="条",
        file_name="消息发送",
        empty=Empty("还没有发往邮箱、手机或微信的消息。", next="登记并验证了联系方式的人，消息才会同时发到站外。"),
        filters=(
            Text("q", "收件人", fields=("recipient__person__name",), placeholder="姓名"),
            Choice("state", "状态", options=_STATES, narrow=_in_state),
            Choice("channel", "方式", options=ChannelKind.choices),
        ),
        actions=(BatchAction("retry", "重新发送", _AGAIN, _retry, icon="refresh"),),
    )
    return page.respond(request, "notices/deliveries.html")


def _person(row: Delivery) -> str:
    person = row.recipient.person
    return reverse("people:person", kwargs={"uuid": person.uuid}) if person else ""


def _in_state(rows: QuerySet[Delivery], value: str) -> QuerySet[Delivery]:
    return rows.filter(state__in=TROUBLED) if value == "troubled" else rows.filter(state=value)


def _retry(request: HttpRequest, rows: QuerySet[Delivery]) -> str:
    count = actions.retry_deliveries(actor=acting(request), at=clock.now(), deliveries=rows.filter(state__in=STUCK))
    return f"已重新排队 {count} 条，一分钟内开始发送。" if count else "选中的都不需要重新发送。"


@require()
def outbox_list(request: HttpRequest) -> HttpResponseBase:
    """Every message that would have left the site; there is no such page outside a demonstration."""
    if not settings.DEMO_MODE:
        raise Http404
    page = ListPage(
        rows=outbox(),
        columns=(
            Column("address", "收件人", "address", sort=("address",), card="title"),
            Column("channel", "方式", "get_channel_display", sort=("channel",), card="figure"),
            Column("at", "时间", "at", kind="moment", sort=("at",)),
            Column("text", "内容", "text", template="notices/outbox_text.html", bare=True),
        ),
        default_sort="-at",
        noun="条",
        file_name="演示发件箱",
        empty=Empty("还没有消息要发出去。", next="有人登记了联系方式并收到消息后，这里会出现原文。"),
        filters=(
            Text("q", "收件人或内容", fields=("address", "text"), placeholder="收件人或内容中的词"),
            Choice("channel", "方式", options=ChannelKind.choices),
        ),
    )
    return page.respond(request, "notices/outbox.html")
