"""What happens to open cases when an organisation changes: they go to its successor, or to the body above it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from shixun.approvals.actions.moving import newest_revision
from shixun.approvals.actions.steps import kept_of, write_step
from shixun.approvals.choices import StepKind
from shixun.approvals.flows import AREA_OF_LEVEL
from shixun.approvals.models import Case, LevelSetting
from shixun.approvals.queries.levels import level_rules, place_of_level
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import Finding, register_consequence
from shixun.people.organisations.plans import Plan
from shixun.people.organisations.queries import subtree_of

_NAMED = 5


def register() -> None:
    """Called once at start-up."""
    register_consequence("approvals.cases", title="办理中的事项", order=100, find=_find, carry_out=_carry_out)


def _open_cases(plan: Plan) -> QuerySet[Case]:
    """The open cases of the places themselves, and those that lie with them."""
    touched = (
        Q(organisation__in=plan.keys) | Q(place__in=plan.keys) | Q(escalated_place__in=plan.keys)
        if plan.is_ending
        else subtree_of(plan.organisations)
    )
    rows = Case.objects.filter(touched, closed_at=None)
    return rows.select_related("organisation", "place__parent", "escalated_place", "person").order_by("pk")


def _find(plan: Plan) -> Iterator[Finding]:
    if plan.kind == Kind.RENAMED:
        return
    cases = list(_open_cases(plan))
    if plan.is_merger:
        yield from _find_merged(cases, plan)
    elif plan.kind == Kind.CLOSED:
        yield from _find_closed(cases, plan)
    elif plan.parent is not None:
        leaving = [case for case in cases if _lies_above(case, plan)]
        if leaving:
            sentence = f"{len(leaving):,} 件报到原上级的事项改由{plan.parent.name}办理，期限不变。"
            yield Finding(sentence, names=_titles(leaving))


def _find_merged(cases: list[Case], plan: Plan) -> Iterator[Finding]:
    if cases:
        yield Finding(f"{len(cases):,} 件办理中的事项转到{plan.heir_name}，期限不变。", names=_titles(cases))
    if LevelSetting.objects.filter(organisation__in=plan.keys).exists():
        yield Finding(f"{plan.names}的审核层级设置不再使用，以{plan.heir_name}的为准。")


def _find_closed(cases: list[Case], plan: Plan) -> Iterator[Finding]:
    stuck = [case for case in cases if case.place_id in (None, *plan.keys) and _level_above(case) is None]
    passed = [case for case in cases if case.place_id in plan.keys and case not in stuck]
    if stuck:
        yield Finding(f"还有 {len(stuck):,} 件事项在这里的人手里，请先办结或撤回。", blocks=True, names=_titles(stuck))
    if passed:
        yield Finding(f"{len(passed):,} 件等这里审核的事项由上一级办理。", names=_titles(passed))


def _titles(cases: list[Case]) -> tuple[str, ...]:
    return tuple(case.title for case in cases[:_NAMED])


def _lies_above(case: Case, plan: Plan) -> bool:
    """Does it lie with an area, or a body of one, that the place will no longer belong to?"""
    if case.place is None or plan.parent is None:
        return False
    area = case.place.scope.path
    inside = any(area.startswith(row.path) for row in plan.organisations)
    return not inside and case.organisation.path.startswith(area) and not plan.parent.path.startswith(area)


def _level_above(case: Case) -> tuple[str, Organisation] | None:
    """The level of the flow at which whoever is above the closed place may act, and who that is."""
    parent = case.place.parent if case.place is not None else None
    if parent is None:
        return None
    levels = {AREA_OF_LEVEL.get(level.key): level.key for level in case.declared.levels}
    key = case.declared.level(case.level).escalates_to or levels.get(parent.kind)  # type: ignore[call-overload]
    return (key, parent) if key else None


def _carry_out(plan: Plan, actor: Actor, at: datetime) -> None:
    if plan.kind == Kind.RENAMED:
        return
    for case in _open_cases(plan).select_for_update(of=("self",)):
        before = kept_of(case)
        if _reassign(case, plan, at):
            case.version += 1
            case.save()
            write_step(
                actor=actor,
                at=at,
                case=case,
                kind=StepKind.REASSIGNED,
                from_state=case.state,
                level=case.level,
                reason=f"{plan.kind.label}：{plan.names}，{plan.reason}"[:400],
                revision=newest_revision(case),
                before=before,
            )


def _reassign(case: Case, plan: Plan, at: datetime) -> bool:
    """Put a case where it belongs now; False where nothing changes."""
    if plan.is_merger:
        for name in ("organisation", "place", "escalated_place"):
            if getattr(case, f"{name}_id") in plan.keys:
                setattr(case, name, plan.heir)
        return True
    if plan.kind == Kind.CLOSED:
        above = _level_above(case) if case.place_id in plan.keys else None
        if above is not None:
            case.escalated_level, case.escalated_place = above
        return above is not None
    if not case.level or case.place is None:
        return False
    rule = level_rules(case.declared, case.organisation.path)[case.level]
    place = place_of_level(case, case.declared.level(case.level), rule, localtime(at).date())
    if place is None or place.pk == case.place_id:
        return False
    case.place = place
    return True
