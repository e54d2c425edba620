"""What an organisation's change means for transfers under way, and the message to everybody who works there."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from shixun.kernel.templatetags.formats import day
from shixun.notices.actions import send
from shixun.notices.kinds import register_kind
from shixun.people.acting import Actor
from shixun.people.models import Appointment, User
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import Finding, register_consequence
from shixun.people.organisations.plans import Plan
from shixun.people.organisations.queries import subtree_of
from shixun.roster.models import Transfer

_NAMED = 5
_CHANGED = "roster.place_changed"


def register() -> None:
    """Called once at start-up."""
    register_kind(
        _CHANGED,
        title="单位有变更",
        subject="{place}：{what}",
        body="自 {since}起，{place}{what}。您的账号、学分和证明都不变。文号：{document}。",
    )
    register_consequence("roster.transfers", title="调动", order=130, find=_find, carry_out=_carry_out)
    register_consequence("roster.message", title="消息", order=140, find=_find_told, carry_out=_tell)


def _under_way(plan: Plan) -> QuerySet[Transfer]:
    touched = Q(origin__in=plan.keys) | Q(destination__in=plan.keys)
    rows = Transfer.objects.filter(touched, settled_at=None)
    return rows.select_related("person", "origin", "destination").order_by("pk")


def _find(plan: Plan) -> Iterator[Finding]:
    rows = list(_under_way(plan)) if plan.is_ending else []
    ends = {*plan.keys, *([plan.successor.pk] if plan.successor else [])}
    inner = [row for row in rows if not plan.is_merger or {row.origin_id, row.destination_id} <= ends]
    if inner:
        names = tuple(row.person.name for row in inner[:_NAMED])
        yield Finding(f"还有 {len(inner):,} 项调动没有办结，请先办结或撤回。", blocks=True, names=names)
    if len(rows) > len(inner):
        count = len(rows) - len(inner)
        yield Finding(f"{count:,} 项办理中的调动改为与{plan.heir_name}之间的调动。")


def _carry_out(plan: Plan, actor: Actor, at: datetime) -> None:
    for row in _under_way(plan).select_for_update(of=("self",)) if plan.is_merger else ():
        for name in ("origin", "destination"):
            if getattr(row, f"{name}_id") in plan.keys:
                setattr(row, name, plan.heir)
        row.save(update_fields=["origin", "destination"])


def _told(plan: Plan) -> QuerySet[User]:
    """The accounts of everybody who works there after the change."""
    keys = [plan.successor.pk] if plan.is_merger and plan.successor else []
    places = subtree_of(plan.organisations) | Q(organisation__in=keys)
    running = Q(valid_until__isnull=True) | Q(valid_until__gt=plan.on)
    here = Appointment.objects.filter(places, running).values("person")
    return User.objects.filter(is_active=True, person__in=here).order_by("pk")


def _find_told(plan: Plan) -> Iterator[Finding]:
    count = _told(plan).count()
    if count and plan.kind != Kind.CLOSED:
        yield Finding(f"在这些单位任职的 {count:,} 位账号使用者会收到消息。")


def _tell(plan: Plan, actor: Actor, at: datetime) -> None:
    if plan.kind == Kind.CLOSED:
        return
    what = {
        Kind.RENAMED: f"更名为{plan.name}",
        Kind.MOVED: f"划转到{plan.parent.name if plan.parent else ''}",
        Kind.MERGED: f"并入{plan.heir_name}",
    }[plan.kind]
    shown = plan.heir if plan.is_merger else plan.organisations[0]
    send(
        kind=_CHANGED,
        to=list(_told(plan).select_related("person")),
        at=at,
        key=f"{_CHANGED}:{plan.organisations[0].uuid}:{plan.on}",
        url=reverse("roster:own-details"),
        values={"place": plan.names[:200], "what": what, "since": day(plan.on), "document": plan.document},
        about_kind="organisation",
        about_uuid=shown.uuid,
    )
