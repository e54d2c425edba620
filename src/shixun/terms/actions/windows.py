"""Windows: planned as drafts, published, extended or closed early with a reason; every step is kept and audited."""

from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.kernel.templatetags.formats import moment
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.terms.actions.telling import tell_of_window
from shixun.terms.choices import ChangeKind, WindowStage
from shixun.terms.models import Window, WindowChange
from shixun.terms.permissions import can_change_window
from shixun.terms.queries.windows import named, overlapping


@dataclass(frozen=True, slots=True)
class WindowFields:
    """What a planner fills in."""

    purpose: str
    title: str
    opens_at: datetime
    closes_at: datetime
    audience: str = ""
    round: int = 1
    day_from: time | None = None
    day_until: time | None = None
    note: str = ""


@transaction.atomic
def plan_window(*, actor: Actor, at: datetime, organisation: Organisation, fields: WindowFields) -> Window:
    """A new window, not published yet."""
    window = Window(organisation=organisation, **asdict(fields))
    demand(can_change_window, actor, window)
    _check(window)
    window.save()
    _written(actor, at, window, ChangeKind.PLANNED)
    return window


@transaction.atomic
def change_window(*, actor: Actor, at: datetime, window: Window, fields: WindowFields) -> Window:
    """Change a draft; what is published is extended, closed or withdrawn instead."""
    locked = _locked(actor, window)
    _demand_stage(locked, WindowStage.DRAFT, "已发布的不能再改，可以延长、提前结束，开始前也可以撤回。")
    before = locked.closes_at
    for name, value in asdict(fields).items():
        setattr(locked, name, value)
    _check(locked)
    locked.save()
    _written(actor, at, locked, ChangeKind.CHANGED, before=before)
    return locked


@transaction.atomic
def publish_window(*, actor: Actor, at: datetime, window: Window) -> Window:
    """From now on it holds, and the officers of the place and below hear of it."""
    locked = _locked(actor, window)
    _demand_stage(locked, WindowStage.DRAFT, "它已经发布过，或者已经作废。")
    if locked.closes_at <= at:
        raise Refusal("截止时间已经过去，不能发布。", who_can="请先修改截止时间。", status=409)
    _refuse_overlap(locked)
    locked.stage = WindowStage.PUBLISHED
    locked.save(update_fields=["stage"])
    change = _written(actor, at, locked, ChangeKind.PUBLISHED)
    tell_of_window(locked, change)
    return locked


@transaction.atomic
def extend_window(*, actor: Actor, at: datetime, window: Window, closes_at: datetime, reason: str) -> Window:
    """Close later than said; possible after it has closed as well, with the reason told to everybody concerned."""
    locked = _locked(actor, window)
    _demand_stage(locked, WindowStage.PUBLISHED, "只有已发布的才能延长。")
    if closes_at <= locked.closes_at:
        sentence = f"新的截止时间应晚于 {moment(locked.closes_at)}。"
        raise Refusal(sentence, who_can="要提前，请用“提前结束”。", status=409)
    if closes_at <= at:
        raise Refusal("新的截止时间已经过去。", who_can="请填一个以后的时间。", status=409)
    return _moved(actor, at, locked, closes_at, ChangeKind.EXTENDED, reason)


@transaction.atomic
def close_window(*, actor: Actor, at: datetime, window: Window, reason: str) -> Window:
    """Close it now; from this moment on the database refuses what comes."""
    locked = _locked(actor, window)
    _demand_stage(locked, WindowStage.PUBLISHED, "只有已发布的才能提前结束。")
    if not locked.opens_at < at < locked.closes_at:
        raise Refusal("它现在没有开放，不需要提前结束。", who_can="还没有开始的，可以撤回。", status=409)
    return _moved(actor, at, locked, at, ChangeKind.CLOSED, reason)


@transaction.atomic
def withdraw_window(*, actor: Actor, at: datetime, window: Window) -> Window:
    """Take back what is published and has not begun: it is a draft again."""
    locked = _locked(actor, window)
    _demand_stage(locked, WindowStage.PUBLISHED, "只有已发布的才能撤回。")
    if locked.opens_at <= at:
        raise Refusal("它已经开始，不能撤回。", who_can="可以提前结束，并写明理由。", status=409)
    locked.stage = WindowStage.DRAFT
    locked.save(update_fields=["stage"])
    tell_of_window(locked, _written(actor, at, locked, ChangeKind.WITHDRAWN))
    return locked


@transaction.atomic
def discard_window(*, actor: Actor, at: datetime, window: Window) -> Window:
    """Give up a draft; it stays in the history."""
    locked = _locked(actor, window)
    _demand_stage(locked, WindowStage.DRAFT, "只有未发布的才能作废。")
    locked.stage = WindowStage.DISCARDED
    locked.save(update_fields=["stage"])
    _written(actor, at, locked, ChangeKind.DISCARDED)
    return locked


def end_with_its_place(*, actor: Actor, at: datetime, window: Window, reason: str) -> None:
    """The place is no more: what is open closes now, what has not begun is withdrawn and given up. For its caller's
    transaction, which holds the window and has asked whether the actor may.
    """
    if window.stage == WindowStage.PUBLISHED and window.opens_at < at:
        before, window.closes_at = window.closes_at, at
        window.save(update_fields=["closes_at"])
        tell_of_window(window, _written(actor, at, window, ChangeKind.CLOSED, reason=reason, before=before))
        return
    window.stage = WindowStage.DISCARDED
    window.save(update_fields=["stage"])
    _written(actor, at, window, ChangeKind.DISCARDED, reason=reason)


def _locked(actor: Actor, window: Window) -> Window:
    demand(can_change_window, actor, window)
    return Window.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=window.pk)


def _demand_stage(window: Window, stage: str, why: str) -> None:
    if window.stage != stage:
        raise Refusal(f"“{named(window)}”现在是“{window.get_stage_display()}”。{why}", status=409)


def _check(window: Window) -> None:
    if window.closes_at <= window.opens_at:
        raise Refusal("截止时间应晚于开始时间。", who_can="请核对两个时间。", status=409)
    if (window.day_from is None) != (window.day_until is None):
        raise Refusal("每天的开放时段要么两个时间都填，要么都不填。", status=409)
    if window.day_from is not None and window.day_until is not None and window.day_until <= window.day_from:
        raise Refusal("每天的开放时段应在同一天内，结束晚于开始。", status=409)


def _refuse_overlap(window: Window) -> None:
    """Two windows of one purpose and place would make it unclear which one holds; the place is locked meanwhile."""
    Organisation.objects.select_for_update().get(pk=window.organisation_id)
    other = overlapping(window)
    if other is not None:
        raise Refusal(
            f"这段时间里已经有“{named(other)}”（{moment(other.opens_at)}至{moment(other.closes_at)}）。",
            who_can="同一用途的时间不能重叠：请改时间，或先结束那一个。",
            status=409,
        )


def _moved(actor: Actor, at: datetime, window: Window, closes_at: datetime, kind: str, reason: str) -> Window:
    if not reason.strip():
        raise Refusal("没有写理由。", who_can="请写明理由，它会告诉所有相关的人。", status=409)
    before, window.closes_at = window.closes_at, closes_at
    _refuse_overlap(window)
    window.save(update_fields=["closes_at"])
    tell_of_window(window, _written(actor, at, window, kind, reason=reason.strip()[:200], before=before))
    return window


def _written(
    actor: Actor, at: datetime, window: Window, kind: str, *, reason: str = "", before: datetime | None = None
) -> WindowChange:
    """The step in the window's own history and in the trail."""
    change = WindowChange(
        window=window,
        kind=kind,
        closed_before=before,
        closes_after=window.closes_at,
        reason=reason,
        actor=actor.user,
        at=at,
    )
    change.save(force_insert=True)
    audit.record(
        actor=actor,
        at=at,
        action=f"window.{kind}",
        subject_kind="window",
        subject_uuid=window.uuid,
        organisation=window.organisation,
        before={"closes_at": before} if before else None,
        after={
            "purpose": window.purpose,
            "round": window.round,
            "opens_at": window.opens_at,
            "closes_at": window.closes_at,
            "reason": reason,
        },
    )
    return change
