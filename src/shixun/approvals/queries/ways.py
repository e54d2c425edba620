"""The way of one case: its steps like a parcel's, where it lies, what is still ahead; its revisions compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shixun.approvals.choices import TURNING, StepKind
from shixun.approvals.flows import By, Flow, Line
from shixun.approvals.models import Case, Revision, Step
from shixun.approvals.queries.levels import acting_users, level_rules, names_in_line, place_of_level

_HELD: dict[str, str] = {
    StepKind.OPENED: "建立",
    StepKind.REVISED: "修改内容",
    StepKind.PASSED: "本级不参与，转下一级",
    StepKind.UNDONE: "撤销上一步",
    StepKind.REMINDED: "提醒办理",
    StepKind.ESCALATED: "逾期，已上报",
    StepKind.REASSIGNED: "改由承接单位办理",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the way of a case. ``where`` is the body or level, ``who`` whoever acted or may act there."""

    kind: Literal["done", "undone", "told", "now", "ahead"]
    title: str
    where: str
    who: str
    at: datetime | None = None
    reason: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One line that two revisions do not share."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RevisionChanges:
    """A revision and what it changed of the one before; the first one changes nothing."""

    revision: Revision
    changes: Sequence[Change]


def steps_of(case: Case) -> list[Step]:
    """All steps in order, with names; one query."""
    related = ("user__person", "on_behalf_of__person", "organisation", "undone_by")
    return list(Step.objects.filter(case=case).select_related(*related).order_by("number"))


def last_turn(case: Case) -> Step | None:
    """The last step after which something else held than before."""
    turns = Step.objects.filter(case=case, kind__in=TURNING)
    return turns.select_related("user__person", "on_behalf_of__person", "organisation").order_by("-number").first()


def way_of(case: Case, on: date) -> list[Stop]:
    """The steps taken, where the case lies now and with whom, and the levels still ahead if all goes well."""
    flow = case.declared
    stops = [_taken(flow, step) for step in steps_of(case)]
    return stops if case.closed_at else [*stops, *_present(case, flow, on), *_ahead(case, flow, on)]


def _taken(flow: Flow, step: Step) -> Stop:
    move = flow.transition(step.action) if step.action else None
    title = move.title if move and step.kind == StepKind.MOVED else _HELD.get(step.kind, step.action)
    level = flow.level(step.level).shown_title if step.level else ""
    where = step.organisation.name if step.organisation else level
    is_told = step.kind in (StepKind.REMINDED, StepKind.ESCALATED)
    kind: Literal["told", "undone", "done"] = "told" if is_told else "undone" if is_undone(step) else "done"
    return Stop(kind, title, where, step.acting_words(), step.at, step.reason)


def is_undone(step: Step) -> bool:
    """Has the step been undone? Asks no query when ``undone_by`` was fetched with it."""
    return getattr(step, "undone_by", None) is not None


def _present(case: Case, flow: Flow, on: date) -> list[Stop]:
    state = flow.state(case.state)
    if state.with_applicant:
        who = str(case.opened_by) if case.opened_by else ""
        return [Stop("now", state.title, case.organisation.name, who, case.state_since, "", case.due_on)]
    names = names_in_line([str(user) for user in acting_users(case, on)])
    where = case.place.name if case.place else ""
    return [Stop("now", state.title, where, names or "暂无可办理的人员", case.state_since, "", case.due_on)]


def _ahead(case: Case, flow: Flow, on: date) -> list[Stop]:
    rules = level_rules(flow, case.organisation.path)
    stops: list[Stop] = []
    seen = {case.state}
    state = flow.state(case.state)
    while not state.final:
        by: By = "applicant" if state.with_applicant else "reviewer"
        state = flow.state(flow.moves_from(state.key, by)[0].target)
        if state.key in seen:
            break
        seen.add(state.key)
        rule = rules.get(state.level)
        level = flow.level(state.level) if state.level else None
        applies = level is not None and (level.applies is None or level.applies(case))
        place = place_of_level(case, level, rule, on) if level and rule and applies else None
        if state.final or (rule and rule.takes_part and place):
            stops.append(Stop("ahead", state.title, place.name if place else "", ""))
    return stops


def revisions_of(case: Case) -> list[RevisionChanges]:
    """Every revision with what it changed, the newest first; one query."""
    flow = case.declared
    told: list[RevisionChanges] = []
    before: Sequence[Line] | None = None
    for revision in Revision.objects.filter(case=case).select_related("user__person").order_by("number"):
        after = flow.lines_of(revision.content)
        told.append(RevisionChanges(revision, () if before is None else compared(before, after)))
        before = after
    return told[::-1]


def compared(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """What changes between two readings of a content, in the order of the new one; what went away comes last."""
    old, new = {line.key: line for line in before}, {line.key: line for line in after}
    changed = [
        Change(line.label, old[line.key].text if line.key in old else "", line.text)
        for line in after
        if line.key not in old or old[line.key].text != line.text
    ]
    return changed + [Change(line.label, line.text, "") for line in before if line.key not in new]
