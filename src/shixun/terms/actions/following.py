"""What happens to windows and calendars when an organisation changes: those of a place that ends hold no longer."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from shixun.kernel import clock
from shixun.people.acting import Actor
from shixun.people.choices import AREAS
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import Finding, register_consequence
from shixun.people.organisations.plans import Plan
from shixun.terms.actions.windows import end_with_its_place
from shixun.terms.choices import WindowStage
from shixun.terms.models import SchoolYear, Window, WorkCalendar
from shixun.terms.queries.windows import named

_NAMED = 5


def register() -> None:
    """Called once at start-up."""
    register_consequence("terms.windows", title="开放时间与工作日历", order=110, find=_find, carry_out=_carry_out)


def _windows(plan: Plan, at: datetime | None = None) -> QuerySet[Window]:
    """What the places themselves have planned and is not over; drafts too."""
    rows = Window.objects.filter(organisation__in=plan.keys, stage__in=(WindowStage.PUBLISHED, WindowStage.DRAFT))
    return (rows.filter(closes_at__gt=at) if at else rows).select_related("organisation").order_by("opens_at", "pk")


def _find(plan: Plan) -> Iterator[Finding]:
    if plan.kind == Kind.MOVED and plan.parent is not None:
        yield Finding(f"区县安排的开放时间和工作日历，以后以{plan.parent.name}的为准；单位自己安排的不变。")
    if not plan.is_ending:
        return
    heir = f"，以后以{plan.heir_name}的为准" if plan.is_merger else ""
    if any(row.kind in AREAS for row in plan.organisations):
        yield from _find_calendars(plan, heir)
    rows = list(_windows(plan, clock.now()))
    if rows:
        names = tuple(named(row) for row in rows[:_NAMED])
        yield Finding(f"{len(rows):,} 项还没有结束的开放时间提前结束{heir}。", names=names)


def _find_calendars(plan: Plan, heir: str) -> Iterator[Finding]:
    calendars = WorkCalendar.objects.filter(organisation__in=plan.keys).count()
    if calendars:
        yield Finding(f"{calendars:,} 份工作日历不再使用，不再提醒和上报{heir}；已标记完成的记录保留。")
    if SchoolYear.objects.filter(organisation__in=plan.keys).exists():
        yield Finding(f"{plan.names}自己的学年起止日期不再使用{heir}。")


def _carry_out(plan: Plan, actor: Actor, at: datetime) -> None:
    if not plan.is_ending:
        return
    reason = f"{plan.names}{f'并入{plan.heir_name}' if plan.is_merger else '撤销'}：{plan.reason}"[:200]
    for window in _windows(plan, at).select_for_update(of=("self",)):
        end_with_its_place(actor=actor, at=at, window=window, reason=reason)
