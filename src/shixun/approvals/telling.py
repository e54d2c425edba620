"""What the room tells people, and whom: those a case now waits for, the applicant of what was decided."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from shixun.approvals.models import Case, Step
from shixun.approvals.queries.levels import acting_users
from shixun.kernel.templatetags.formats import day
from shixun.notices.actions import send
from shixun.notices.kinds import register_kind
from shixun.people.models import User
from shixun.people.queries import accounts_of

WAITING, DECIDED, REMINDER, OVERDUE = (f"approvals.{name}" for name in ("waiting", "decided", "reminder", "overdue"))


def register() -> None:
    """The kinds of notices of the room; called once at start-up."""
    register_kind(
        WAITING,
        title="有待办事项",
        subject="待办：{noun}（{place}）",
        body="“{title}”已到{state}，请在{due}前办理。",
    )
    register_kind(
        DECIDED,
        title="事项有了结果",
        subject="{noun}：{state}",
        body="“{title}”由{who}办理“{move}”，现在是“{state}”。{reason}",
    )
    register_kind(
        REMINDER,
        title="办理期限将到",
        subject="将到期：{noun}（{place}）",
        body="“{title}”仍是“{state}”，办理期限{due}。",
        urgent=True,
    )
    register_kind(
        OVERDUE,
        title="事项逾期",
        subject="已逾期：{noun}（{place}）",
        body="“{title}”仍是“{state}”，期限{due}已过，上一级现在也可以办理。",
        urgent=True,
    )


def tell_of_move(case: Case, step: Step, at: datetime) -> None:
    """Whoever may act now learns that a case waits; the applicant learns what others have decided."""
    if case.level:
        _send(WAITING, _actors(case, at, but=step.user), case, step, at)
    if not step.by_applicant:
        _send(DECIDED, _applicants(case, but=step.user), case, step, at)


def tell_of_deadline(case: Case, step: Step, at: datetime) -> None:
    """Whoever the case waits for is reminded."""
    _send(REMINDER, _actors(case, at) if case.level else _applicants(case), case, step, at)


def tell_of_escalation(case: Case, step: Step, at: datetime) -> None:
    """Whoever it waits for, and now also the level above, learns that the deadline has passed."""
    _send(OVERDUE, _actors(case, at) if case.level else _applicants(case), case, step, at)


def _actors(case: Case, at: datetime, but: User | None = None) -> list[User]:
    return [user for user in acting_users(case, localtime(at).date()) if user != but]


def _applicants(case: Case, but: User | None = None) -> list[User]:
    found = [case.opened_by] if case.opened_by else []
    found += list(accounts_of(case.person)) if case.person else []
    return [user for user in found if user != but]


def _send(kind: str, to: Iterable[User], case: Case, step: Step, at: datetime) -> None:
    flow = case.declared
    move = flow.transition(step.action) if step.action else None
    values = {
        "noun": flow.noun,
        "title": case.title,
        "place": case.organisation.name,
        "state": flow.state(case.state).title,
        "due": day(case.due_at) or "期限",
        "who": step.acting_words(),
        "move": move.title if move else "",
        "reason": f"理由：{step.reason}" if step.reason else "",
    }
    send(
        kind=kind,
        to=to,
        at=at,
        key=f"{kind}:{step.uuid}",
        url=reverse("approvals:case", kwargs={"uuid": case.uuid}),
        values=values,
        about_kind="approvals.case",
        about_uuid=case.uuid,
    )
