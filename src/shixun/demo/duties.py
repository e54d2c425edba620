"""Who answers for a school's credits, and who acts for whom, in every state they can be in (RW-04, SU-01)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from shixun.demo.careers.career import Career
from shixun.demo.places.shanghai import HUANGPU
from shixun.demo.school_terms import TERMS
from shixun.people.acting import Actor, actor_of
from shixun.people.bulk import CreditOfficerRow, name_credit_officers
from shixun.people.choices import Role
from shixun.people.delegation.actions import accept_delegation, ask_delegate, end_delegation
from shixun.people.delegation.models import Delegation
from shixun.people.models import Organisation, Person, RoleGrant, User

_NOBODY_YET = 2
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)


def build_duties(
    careers: Iterable[Career],
    *,
    actor: Actor,
    at: datetime,
    persons: Mapping[str, Person],
    organisations: Mapping[str, Organisation],
) -> None:
    """Every school but the second of Huangpu has a credit officer; colleagues act for the absent."""
    rows = list(_officers(careers))
    vacant = [row for row in rows if row.organisation.startswith(HUANGPU)][_NOBODY_YET - 1]
    rows.remove(vacant)
    name_credit_officers(rows, actor=actor, at=at, persons=persons, organisations=organisations)
    _delegations(at)


def _officers(careers: Iterable[Career]) -> Iterator[CreditOfficerRow]:
    """The school officer of each school, as far as she works there."""
    for career in careers:
        schools = [grant.organisation for grant in career.grants if grant.role == Role.SCHOOL_OFFICER]
        for school in schools:
            yield CreditOfficerRow(
                school, career.code, max(TERMS[0].starts_on, career.entered_on), "学年分工，校务会议决定。"
            )


def _delegations(at: datetime) -> None:
    """One that runs, one that waits for an answer, one that was ended early."""
    today = at.date()
    _asked("reviewer", Role.REVIEWER, "college-head", at, today, "外出培训两周。", accepted=True)
    _asked("school", Role.SCHOOL_OFFICER, "teacher-met", at, today + _WEEK, "参加区里的骨干研修。")
    ended = _asked("city", Role.CITY_OFFICER, "recogniser", at, today, "出差一周。", accepted=True)
    end_delegation(actor=_acting("recogniser", Role.RECOGNISER), at=at, delegation=ended)


def _asked(
    absent: str, role: str, delegate: str, at: datetime, first_on: date, reason: str, *, accepted: bool = False
) -> Delegation:
    actor, colleague = _acting(absent, role), User.objects.get(username=delegate)
    grant = RoleGrant.objects.select_related("organisation", "user").get(user__username=absent, role=role)
    made = ask_delegate(
        actor=actor,
        at=at,
        grant=grant,
        delegate=colleague,
        valid_from=first_on,
        last_on=first_on + _MONTH,
        reason=reason,
    )
    if accepted:
        own = RoleGrant.objects.select_related("user__person", "organisation__parent").filter(user=colleague)
        accept_delegation(actor=actor_of(own[0]), at=at, delegation=made)
    return made


def _acting(username: str, role: str) -> Actor:
    grants = RoleGrant.objects.select_related("user__person", "organisation__parent")
    return actor_of(grants.get(user__username=username, role=role))
