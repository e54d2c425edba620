"""待办: what waits for me, what I have decided, what I wait for; three lists with one way through."""

from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from shixun.approvals.flows import all_flows
from shixun.approvals.models import Case, Step
from shixun.approvals.permissions import can_list_inbox, can_list_own_cases
from shixun.approvals.queries import cases_of, decided_by, inbox_of
from shixun.approvals.queries.levels import with_acting_names
from shixun.approvals.views.batch import ask_decision
from shixun.approvals.views.recent import recent_decision
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Flag, Text
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.people.organisations.names import by_name


def case_address(case: Case) -> str:
    """The page of a case."""
    return reverse("approvals:case", kwargs={"uuid": case.uuid})


def _kinds() -> list[tuple[str, str]]:
    return [(flow.key, flow.title) for flow in all_flows()]


def _states() -> list[tuple[str, str]]:
    """Every name of a state, once: kinds that call a state alike are found together."""
    titles = dict.fromkeys(state.title for flow in all_flows() for state in flow.states)
    return [(title, title) for title in titles]


def _in_state(rows: QuerySet[Case], title: str) -> QuerySet[Case]:
    found = Q(pk__in=())
    for flow in all_flows():
        found |= Q(flow=flow.key, state__in=[state.key for state in flow.states if state.title == title])
    return rows.filter(found)


_WORDS = Text(
    "q",
    "事项、单位或人员",
    fields=("title", "person__name"),
    also=(by_name("organisation"),),
    placeholder="事项、单位、姓名",
)
_TITLE = Column("title", "事项", "title", sort=("title",), card="title", link=case_address)
_KIND = Column("kind", "种类", lambda case: case.declared.title, sort=("flow", "due_at"))
_PLACE = Column("organisation", "单位", "organisation.name", sort=("organisation__path", "due_at"))
_STATE = Column(
    "state", "状态", lambda case: case.declared_state.title, sort=("state", "due_at"), card="figure",
    template="approvals/parts/state.html",
)  # fmt: skip
_DUE = Column(
    "due", "期限", "due_on", kind="date", sort=("due_at",), card="figure", template="approvals/parts/due.html"
)


@require(can_list_inbox)
def inbox(request: HttpRequest) -> HttpResponseBase:
    """What waits for me, the nearest deadline first; many may be decided with one reason."""
    actor, at = acting(request), clock.now()
    page = ListPage(
        rows=inbox_of(actor, at),
        columns=(
            _TITLE,
            _KIND,
            _PLACE,
            Column("since", "到达", "state_since", kind="moment", sort=("state_since",)),
            _STATE,
            _DUE,
        ),
        default_sort="due",
        noun="件",
        file_name="待办",
        empty=Empty("没有等您办理的事项。", next="新的事项到达时会列在这里，并通过消息告诉您。"),
        filters=(
            _WORDS,
            Choice("kind", "种类", options=_kinds, field="flow"),
            Choice("state", "状态", options=_states, narrow=_in_state),
            Flag("overdue", "只看逾期", condition=Q(due_at__lt=at)),
        ),
        actions=(BatchAction("decide", "批量办理", "", lambda request, rows: "", asks=ask_decision),),
        panel=True,
    )
    return page.respond(request, "approvals/inbox.html", {"tab": "inbox", "recent": recent_decision(actor, at)})


@require(can_list_own_cases)
def own_cases(request: HttpRequest) -> HttpResponseBase:
    """What I have opened or what concerns me: where each lies, with whom, since when."""
    actor = acting(request)
    page = ListPage(
        rows=cases_of(actor.user, actor.person),
        columns=(
            _TITLE,
            _KIND,
            _STATE,
            Column("with", "现在由谁办理", "lies_with", template="approvals/parts/with.html"),
            Column("since", "自", "state_since", kind="moment", sort=("state_since",)),
            _DUE,
            Column("opened", "发起", "opened_at", kind="moment", sort=("opened_at",), card="hidden"),
        ),
        default_sort="-opened",
        noun="件",
        file_name="我发起的事项",
        empty=Empty("您还没有发起过需要审核的事项。", next="提交之后，会在这里看到办到哪一步、在谁手里。"),
        filters=(
            _WORDS,
            Choice("kind", "种类", options=_kinds, field="flow"),
            Choice("state", "状态", options=_states, narrow=_in_state),
            Flag("open", "只看未办结", condition=Q(closed_at=None)),
        ),
        enrich=partial(with_acting_names, on=clock.today()),
        panel=True,
    )
    return page.respond(request, "approvals/inbox.html", {"tab": "own", "recent": None})


def _moved(step: Step) -> str:
    move = step.case.declared.transition(step.action)
    return move.title if move else step.action


@require(can_list_inbox)
def decided(request: HttpRequest) -> HttpResponseBase:
    """What I have decided, the latest first, and how each case stands now."""
    actor, at = acting(request), clock.now()
    page = ListPage(
        rows=decided_by(actor.user),
        columns=(
            Column("title", "事项", "case.title", card="title", link=lambda step: case_address(step.case)),
            Column("kind", "种类", lambda step: step.case.declared.title, sort=("case__flow", "at")),
            Column("organisation", "单位", "case.organisation.name", sort=("case__organisation__path", "at")),
            Column("move", "我的办理", _moved, card="figure", template="approvals/parts/move.html"),
            Column("reason", "理由", "reason", card="hidden"),
            Column("at", "时间", "at", kind="moment", sort=("at",)),
            Column("state", "现在", lambda step: step.case.declared_state.title, card="figure"),
        ),
        default_sort="-at",
        noun="次",
        file_name="我已办的事项",
        empty=Empty("您还没有办理过事项。", next="办理过的每一件都会留在这里，30 分钟内可以撤销。"),
        filters=(
            Text(
                "q",
                "事项或单位",
                fields=("case__title",),
                also=(by_name("case__organisation"),),
                placeholder="事项、单位",
            ),
            Choice("kind", "种类", options=_kinds, field="case__flow"),
        ),
    )
    return page.respond(request, "approvals/inbox.html", {"tab": "decided", "recent": recent_decision(actor, at)})


def next_in_inbox(request: HttpRequest, at: datetime, *, after: Case) -> Case | None:
    """The case that comes next in the inbox of whoever asks; the first one where ``after`` is the last or gone."""
    rows = [row for row in inbox_of(acting(request), at)[:200] if row.pk != after.pk]
    key = (after.due_at is None, after.due_at or at, after.pk)
    return next(
        (row for row in rows if (row.due_at is None, row.due_at or at, row.pk) > key), rows[0] if rows else None
    )
