"""What happens to open cases when an organisation changes: they go to its successor, or to the body above it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from shixun.approvals.actions.steps import kept_of, write_reassignments
from shixun.approvals.flows import AREA_OF_LEVEL
from shixun.approvals.models import Case, LevelSetting
from shixun.approvals.queries.levels import LevelRule, level_rules, place_of_level
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
    bodies = [body.pk for body in plan.bodies]
    touched = Q(place__in=bodies) | Q(escalated_place__in=bodies)
    if plan.is_ending:
        touched |= Q(organisation__in=plan.keys) | Q(place__in=plan.keys) | Q(escalated_place__in=plan.keys)
    else:
        touched |= subtree_of(plan.organisations)
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
        staying = [case for case in cases if case.place_id in plan.body_keys and case.organisation_id not in plan.keys]
        if staying:
            sentence = f"{len(staying):,} 件由它为原地区办理的事项，改由原地区的其他机构或管理员办理，期限不变。"
            yield Finding(sentence, names=_titles(staying))


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
    finder = _Finder(localtime(at).date())
    moved = []
    for case in _open_cases(plan).select_for_update(of=("self",)):
        before = kept_of(case)
        if _reassign(case, plan, finder):
            moved.append((case, before))
    write_reassignments(moved, actor=actor, at=at, reason=f"{plan.kind.label}：{plan.names}，{plan.reason}")


def _reassign(case: Case, plan: Plan, finder: _Finder) -> bool:
    """Put a case where it belongs now; False where nothing changes."""
    if plan.kind == Kind.CLOSED:
        above = _level_above(case) if case.place_id in plan.keys else None
        if above is not None:
            case.escalated_level, case.escalated_place = above
        return above is not None
    touched = []
    if plan.is_merger:
        places = ("organisation", "place", "escalated_place")
        touched = [name for name in places if getattr(case, f"{name}_id") in plan.keys]
        for name in touched:
            setattr(case, name, plan.heir)
    if not plan.is_merger or case.place_id in plan.body_keys:
        touched += _put(case, "place", finder.place_of(case, case.level))
    if case.escalated_place_id in plan.body_keys:
        touched += _put(case, "escalated_place", finder.place_of(case, case.escalated_level))
    return bool(touched)


def _put(case: Case, name: str, place: Organisation | None) -> list[str]:
    """Put a case with another place; the name of the field where that changes anything."""
    if place is None or place.pk == getattr(case, f"{name}_id"):
        return []
    setattr(case, name, place)
    return [name]


class _Finder:
    """Where cases belong after a change; asked once for cases of one kind, level and place."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._rules: dict[tuple[str, int], dict[str, LevelRule]] = {}
        self._places: dict[tuple[str, str, int], Organisation | None] = {}

    def place_of(self, case: Case, key: str) -> Organisation | None:
        """Whose people act at a level of a case; None while it waits at none."""
        if not key:
            return None
        level, rule = case.declared.level(key), self._rules_of(case)[key]
        if level.place is not None:
            return place_of_level(case, level, rule, self._on)
        known = (case.flow, key, case.organisation_id)
        if known not in self._places:
            self._places[known] = place_of_level(case, level, rule, self._on)
        return self._places[known]

    def _rules_of(self, case: Case) -> dict[str, LevelRule]:
        key = (case.flow, case.organisation_id)
        if key not in self._rules:
            self._rules[key] = level_rules(case.declared, case.organisation.path)
        return self._rules[key]
