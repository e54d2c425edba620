"""Setting how a level of a flow is done in an area: a new version with its reason; the older ones stay."""

from datetime import datetime

from django.db import transaction

from shixun.approvals.flows import AREA_OF_LEVEL, Flow, Level
from shixun.approvals.models import LevelSetting
from shixun.approvals.permissions import can_set_levels
from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import BODIES
from shixun.people.models import Organisation

MOST_DAYS = 365
_DEPTH = ("province", "city", "district", "school")


@transaction.atomic
def set_level(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    flow: Flow,
    level: str,
    takes_part: bool,
    body_kind: str,
    days: int,
    remind_days: int,
    reason: str,
) -> LevelSetting:
    """Say whether a level takes part in an area, which of its bodies acts and how many days it has.

    It holds for cases that reach the level from now on. Raises ``Refusal`` for a level that must take part, one that
    lies above the area, an unknown body, a number of days out of range, or a missing reason.
    """
    demand(can_set_levels, actor, organisation)
    refused = refused_setting(organisation, flow.level(level), takes_part, body_kind, days, remind_days, reason)
    if refused:
        raise Refusal(f"{refused}，没有保存。", status=409)
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    before = LevelSetting.objects.filter(organisation=organisation, flow=flow.key, level=level)
    last = before.order_by("-version").first()
    setting = LevelSetting(
        organisation=organisation,
        flow=flow.key,
        level=level,
        version=last.version + 1 if last else 1,
        takes_part=takes_part,
        body_kind=body_kind,
        days=days,
        remind_days=remind_days,
        reason=reason.strip(),
        actor=actor.user,
        at=at,
    )
    setting.save(force_insert=True)
    audit.record(
        actor=actor,
        at=at,
        action="level_setting.set",
        subject_kind="approvals.level_setting",
        subject_uuid=setting.uuid,
        organisation=organisation,
        before=facts_of_setting(last) if last else None,
        after=facts_of_setting(setting),
    )
    return setting


def facts_of_setting(setting: LevelSetting) -> dict[str, object]:
    """A setting as the trail keeps it."""
    names = ("flow", "level", "version", "takes_part", "body_kind", "days", "remind_days", "reason")
    return {name: getattr(setting, name) for name in names}


def settable_levels(organisation: Organisation, flow: Flow) -> list[Level]:
    """The levels of a flow that an area may set: its own and those below it, and those that name their own place."""
    return [level for level in flow.levels if not _lies_above(level, organisation)]


def _lies_above(level: Level, organisation: Organisation) -> bool:
    own = next((name for name, kind in AREA_OF_LEVEL.items() if kind == organisation.kind), "school")
    return level.key in _DEPTH and _DEPTH.index(level.key) < _DEPTH.index(own)


def refused_setting(
    organisation: Organisation, level: Level, takes_part: bool, body_kind: str, days: int, remind_days: int, reason: str
) -> str:
    """What is wrong with a setting, in words; nothing where it may be saved."""
    if _lies_above(level, organisation):
        return f"{level.shown_title}的设置由上一级确定"
    if level.required and not takes_part:
        return f"{level.shown_title}在这项审核中必须参与"
    if body_kind and (body_kind not in BODIES or level.place is not None or level.key == "school"):
        return f"{level.shown_title}不能由这类机构办理"
    if not 1 <= days <= MOST_DAYS:
        return f"办理天数应在 1 至 {MOST_DAYS} 之间"
    if not 0 <= remind_days < days:
        return "提前提醒的天数应少于办理天数"
    return "" if reason.strip() else "没有写明理由"
