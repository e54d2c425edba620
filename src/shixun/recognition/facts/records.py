"""Rows → facts: which policy a record falls under, which account it goes to, and what it is worth there (CL-01)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rulebook.amounts import HUNDRED, show_amount
from rulebook.conversion import convert_hours, convert_sessions
from rulebook.decision import Basis
from rulebook.policy import Policy
from rulebook.policy.model import ConversionRule
from shixun.ledger.choices import AccountKind
from shixun.people.choices import Duty
from shixun.people.models import Appointment
from shixun.policy.queries import policies_in_force
from shixun.recognition.choices import Dated
from shixun.recognition.models import Placing, ProjectClassification, TrainingRecord

#: Accounts that only holders of a duty have; everybody else's credits go to the teacher account.
_DUTY_OF = {
    AccountKind.PRINCIPAL: Duty.PRINCIPAL,
    AccountKind.PRINCIPAL_DESIGNATE: Duty.PRINCIPAL_DESIGNATE,
    AccountKind.PROBATION: Duty.PROBATION,
}


@dataclass(frozen=True, slots=True)
class Worth:
    """What hours are worth under a policy, in hundredths, and why; ``credits`` is None where no rule says it."""

    credits: int | None
    basis: tuple[Basis, ...] = ()


def worth_of(policy: Policy, placing: Placing, hours: int, stated: int | None = None) -> Worth:
    """Credits for hours (hundredths) by the conversion of the policy for this category (CL-01, CL-02).

    Where nothing converts, the area's own rate (CL-05), else the ``stated`` credits of the file.
    """
    rate = placing.hours_per_credit if isinstance(placing, ProjectClassification) else None
    if rate and may_set_rate(policy, placing.category, placing.form):
        return Worth(hours * HUNDRED // rate, (Basis(f"本地区规定每 {show_amount(rate)} 学时为 1 学分。", ""),))
    rule = conversion_for(policy, placing.category)
    if rule is None:
        return Worth(stated, (Basis("政策没有这一类别的换算规定，照文件中的学分。", ""),) if stated is not None else ())
    if rule.kind == "sessions":
        # A record has hours, not sessions: hours of 60 minutes fill sessions of the length the rule asks for.
        number = hours * 60 // (rule.session_minutes * HUNDRED)
        found = convert_sessions(rule, [(rule.session_minutes, False)] * number)
    else:
        found = convert_hours(rule, hours=hours)
    return Worth(found.credits, found.basis)


def conversion_for(policy: Policy, category: str) -> ConversionRule | None:
    """The first conversion of a policy for a category."""
    return next((rule for rule in policy.conversions.values() if not rule.category or category in rule.category), None)


def may_set_rate(policy: Policy, category: str, form: str) -> bool:
    """May an area set a rate of its own? For autonomous study (CL-05), and where the policy converts nothing."""
    return form == "autonomous" or conversion_for(policy, category) is None


def whole(amount: int) -> int:
    """Hundredths rounded to a whole number, a half upwards: what the national format has room for."""
    return (amount + HUNDRED // 2) // HUNDRED


def agrees(derived: int | None, stated: int | None) -> bool:
    """Do the credits of a file differ from the derived ones by no more than the rounding of the national format?"""
    return derived is None or stated is None or stated in (derived, whole(derived) * HUNDRED)


def is_known_to(policy: Policy, placing: Placing) -> bool:
    """Does a policy know the words of a classification?"""
    tags = [tag for tag in placing.tags.split(";") if tag]
    known = placing.level in policy.levels and placing.category in policy.categories and placing.form in policy.forms
    return known and all(tag in policy.tags for tag in tags)


def earned_on(record: TrainingRecord, dated: str) -> date:
    """The day of earning by the rule of the classification; in a year that still runs, not after the report."""
    day = {Dated.ENDED: record.ends_on, Dated.STARTED: record.starts_on or record.ends_on}.get(Dated(dated))
    return day or min(date(record.year, 12, 31), record.reported_on)


class Policies:
    """The policy of a place on a day, asked for many places at once and remembered."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, date], Policy | None] = {}

    def load(self, wanted: Iterable[tuple[str, date]]) -> None:
        """Ask for places (paths) and days not asked before: three queries for each new day."""
        days: dict[date, set[str]] = {}
        for path, day in wanted:
            if (path, day) not in self._found:
                days.setdefault(day, set()).add(path)
        for day, paths in days.items():
            for path, found in policies_in_force(paths, day).items():
                self._found[path, day] = found.policy if found else None

    def of(self, path: str, day: date) -> Policy | None:
        """The policy of a place on a day, None where nothing was adopted."""
        if (path, day) not in self._found:
            self.load([(path, day)])
        return self._found[path, day]


class Held:
    """The appointments of some persons, for asking what they held on a day; one query."""

    def __init__(self, persons: Iterable[int]) -> None:
        self._rows: dict[int, list[Appointment]] = {}
        rows = Appointment.objects.filter(person__in=set(persons)).select_related("organisation", "person")
        for row in rows.order_by("valid_from", "id"):
            self._rows.setdefault(row.person_id, []).append(row)

    def main(self, person: int, on: date) -> Appointment | None:
        """The main appointment of a day; for somebody between two the last one, before the first that one."""
        rows = [row for row in self._rows.get(person, ()) if row.is_main] or self._rows.get(person, [])
        begun = [row for row in rows if row.valid_from <= on]
        now = [row for row in begun if row.is_in_force(on)]
        ranked = now or begun or rows[:1]
        return ranked[-1] if ranked else None

    def account(self, person: int, on: date, wanted: str) -> str:
        """The account that credits of a day go to: a duty's own account only while she holds that duty (CL-09)."""
        duties = {row.duty for row in self._rows.get(person, ()) if row.is_in_force(on)}
        if duties == {Duty.PROBATION}:
            return AccountKind.PROBATION
        duty = _DUTY_OF.get(AccountKind(wanted))
        return wanted if duty in duties else AccountKind.TEACHER
