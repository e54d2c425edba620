"""What follows for people when an organisation changes: places below it, appointments, roles, posts, accounts."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Q, QuerySet

from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.kernel.templatetags.formats import day
from shixun.people.acting import Actor
from shixun.people.actions import grant_facts
from shixun.people.bulk import AppointmentRow, PersonChange, change_persons
from shixun.people.bulk.rows import ROWS_PER_STATEMENT
from shixun.people.choices import AREA_ROLES, MANAGERS, Role
from shixun.people.credit_officers.models import CreditOfficer
from shixun.people.credit_officers.queries import credit_officer_of
from shixun.people.delegation.models import Delegation
from shixun.people.models import Appointment, Designation, Organisation, RoleGrant, User
from shixun.people.organisations.actions import write_move
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import Finding, register_consequence
from shixun.people.organisations.plans import Plan
from shixun.people.organisations.queries import subtree_of

_NAMED = 8
# What people do at a place goes on at its successor; who is in charge there is decided anew.
FOLLOWING = frozenset({Role.TEACHER, Role.CLASS_TUTOR, Role.INSTRUCTOR})
# Held at a body, these reach the area it acts for: they end where that becomes another.
REACHING = AREA_ROLES | MANAGERS


def register() -> None:
    """Called once at start-up."""
    register_consequence("people.children", title="下级单位", order=10, find=_find_children, carry_out=_move_children)
    register_consequence(
        "people.appointments", title="任职", order=20, find=_find_appointments, carry_out=_move_appointments
    )
    register_consequence("people.roles", title="角色与代理", order=30, find=_find_roles, carry_out=_end_roles)
    register_consequence(
        "people.credit_officers", title="学分工作负责人", order=40, find=_find_officers, carry_out=_end_officers
    )
    register_consequence("people.designations", title="资格", order=50, find=_find_ranks, carry_out=_end_ranks)
    register_consequence("people.accounts", title="账号与学分", order=60, find=_find_accounts)


def _children(plan: Plan) -> QuerySet[Organisation]:
    return Organisation.objects.filter(parent__in=plan.keys, valid_until=None).select_related("parent").order_by("path")


def _find_children(plan: Plan) -> Iterator[Finding]:
    below = list(_children(plan)) if plan.kind != Kind.RENAMED else []
    if not below:
        return
    names = tuple(row.name for row in below[:_NAMED])
    if plan.kind == Kind.CLOSED:
        yield Finding(f"还有 {len(below):,} 个下级单位，请先把它们撤销、并入别处或划走。", blocks=True, names=names)
    elif plan.is_merger:
        yield Finding(f"{len(below):,} 个下级单位划到{plan.heir_name}。", names=names)
    else:
        yield Finding(f"{len(below):,} 个下级单位一起划转。", names=names)


def _move_children(plan: Plan, actor: Actor, at: datetime) -> None:
    if plan.is_merger:
        for child in _children(plan).select_for_update(of=("self",)):
            write_move(child, plan.heir, plan, actor, at)


def _held(plan: Plan) -> QuerySet[Appointment]:
    """The appointments at the places themselves that still run on the day or begin later."""
    running = Q(valid_until__isnull=True) | Q(valid_until__gt=plan.on)
    rows = Appointment.objects.filter(running, organisation__in=plan.keys)
    return rows.select_related("person", "organisation").order_by("person__name", "pk")


def _find_appointments(plan: Plan) -> Iterator[Finding]:
    if plan.is_ending:
        held = list(_held(plan))
        persons = list(dict.fromkeys(row.person.name for row in held))
        names = tuple(persons[:_NAMED])
        count = len({row.person_id for row in held})
        if held and plan.is_merger:
            yield Finding(
                f"{count:,} 人的 {len(held):,} 项任职自 {day(plan.on)}起转到{plan.heir_name}，"
                "岗位、职称、学段、学科不变。",
                names=names,
            )
        elif held:
            yield Finding(
                f"还有 {count:,} 人在这里任职。请先为他们办理调动或登记离岗，或者改用“并入”。",
                blocks=True,
                names=names,
            )
        return
    here = Appointment.objects.filter(subtree_of(plan.organisations), Q(valid_until=None) | Q(valid_until__gt=plan.on))
    count = here.values("person").distinct().count()
    if count:
        yield Finding(f"{count:,} 人的任职不变，随单位一起{plan.kind.label}。")


def _move_appointments(plan: Plan, actor: Actor, at: datetime) -> None:
    if not plan.is_merger:
        return
    changes: dict[int, list[Appointment]] = {}
    for held in _held(plan):
        changes.setdefault(held.person_id, []).append(held)
    change_persons(
        [_follow(rows, plan) for rows in changes.values()],
        actor=actor,
        at=at,
        organisations={plan.heir.code: plan.heir},
    )


def _follow(rows: list[Appointment], plan: Plan) -> PersonChange:
    """Those that have begun end and begin anew at the successor; those still to begin are put there."""
    begun = [row for row in rows if row.valid_from < plan.on]
    begins = tuple(
        AppointmentRow(
            plan.heir.code,
            row.duty,
            plan.on,
            valid_until=row.valid_until,
            title=row.title,
            stage=row.stage,
            subject=row.subject,
            is_main=row.is_main,
        )
        for row in begun
    )
    later = tuple((row, {"organisation": plan.heir}) for row in rows if row.valid_from >= plan.on)
    return PersonChange(rows[0].person, plan.on, {}, ends=tuple(begun), corrections=later, begins=begins)


def _grants(plan: Plan) -> QuerySet[RoleGrant]:
    """The roles at places that end, and those at bodies whose area changes that reach the whole of it."""
    running = Q(valid_until__isnull=True) | Q(valid_until__gt=plan.on)
    touched = Q(organisation__in=plan.keys if plan.is_ending else ())
    touched |= Q(organisation__in=[row.pk for row in plan.bodies], role__in=REACHING)
    rows = RoleGrant.objects.filter(running, touched)
    return rows.select_related("user__person", "organisation").order_by("role", "pk")


def _follows(grant: RoleGrant, plan: Plan) -> bool:
    return plan.is_merger and grant.role in FOLLOWING


def _find_roles(plan: Plan) -> Iterator[Finding]:
    held = list(_grants(plan)) if plan.is_ending or plan.bodies else []
    following = [row for row in held if _follows(row, plan)]
    ending = [row for row in held if not _follows(row, plan)]
    of_bodies = [row for row in ending if row.organisation_id not in plan.keys or not plan.is_ending]
    of_places = [row for row in ending if row.organisation_id in plan.keys and plan.is_ending]
    if following:
        yield Finding(f"{len(following):,} 项教师、授课教师、班主任角色转到{plan.heir_name}。")
    if of_places:
        then = f"在{plan.heir_name}由上一级重新授予。" if plan.is_merger else "需要时在别处另行授予。"
        sentence = f"{len(of_places):,} 项管理角色自 {day(plan.on)}起结束，{then}"
        yield Finding(sentence, names=_named(of_places))
    if of_bodies:
        yield Finding(
            f"{'、'.join(dict.fromkeys(row.organisation.name for row in of_bodies))}的 {len(of_bodies):,} 项管理角色自 "
            f"{day(plan.on)}起结束：这些角色管到整个地区，以后的地区是{_new_area(plan)}，由上一级重新授予。",
            names=_named(of_bodies),
        )
    lent = _delegations(ending, plan).count() if ending else 0
    if lent:
        yield Finding(f"这些角色的 {lent:,} 项代理同时结束。")
    if not plan.is_ending:
        others = "其他角色不变" if of_bodies else "各项角色不变"
        yield Finding(f"{others}，仍在这个单位。{_reach_words(plan)}")


def _named(grants: list[RoleGrant]) -> tuple[str, ...]:
    return tuple(f"{row.user}（{row.get_role_display()}）" for row in grants[:_NAMED])


def _new_area(plan: Plan) -> str:
    return plan.heir_name if plan.is_merger else plan.parent.name if plan.parent else ""


def _reach_words(plan: Plan) -> str:
    if plan.kind != Kind.MOVED or plan.parent is None:
        return ""
    return f"从此由{plan.parent.name}的管理员管理，原上级不再看到这里的人员和学分。"


def _delegations(grants: list[RoleGrant], plan: Plan) -> QuerySet[Delegation]:
    return Delegation.objects.filter(grant__in=grants, ended_at=None, valid_until__gt=plan.on)


def _end_roles(plan: Plan, actor: Actor, at: datetime) -> None:
    if not plan.is_ending and not plan.bodies:
        return
    held = list(_grants(plan).select_for_update(of=("self",)))
    following = [row for row in held if _follows(row, plan)]
    ending = [row for row in held if not _follows(row, plan)]
    for lent in _delegations(ending, plan).select_for_update(of=("self",)).select_related("grant__organisation"):
        lent.ended_at, lent.ended_by = at, actor.user
        lent.save(update_fields=["ended_at", "ended_by"])
        _record(actor, at, "delegation.ended", "delegation", lent, lent.grant.organisation, after=_why(plan))
    beginning = _beginning(following, plan, actor)
    events = [_end_role(grant, plan, actor, at) for grant in held]
    RoleGrant.objects.bulk_update(held, ["valid_until"], batch_size=ROWS_PER_STATEMENT)
    RoleGrant.objects.bulk_create(beginning, batch_size=ROWS_PER_STATEMENT)
    for grant in beginning:
        after = grant_facts(grant)
        events.append(_event(actor, at, "role.granted", "user", grant.user, plan.heir, after=after))
    audit.record_many(events)


def _end_role(grant: RoleGrant, plan: Plan, actor: Actor, at: datetime) -> AuditEvent:
    """Set the day on the row and return the event that says so."""
    before = grant_facts(grant)
    grant.valid_until = max(plan.on, grant.valid_from)
    after = {**grant_facts(grant), **_why(plan)}
    return _event(actor, at, "role.ended", "user", grant.user, grant.organisation, before=before, after=after)


def _beginning(following: list[RoleGrant], plan: Plan, actor: Actor) -> list[RoleGrant]:
    """The roles at the successor; whoever holds one there without an end needs no second."""
    if not following:
        return []
    there = RoleGrant.objects.filter(organisation=plan.heir, valid_until=None, role__in=FOLLOWING)
    held = set(there.values_list("user_id", "role"))
    beginning = []
    for grant in following:
        if (grant.user_id, grant.role) in held:
            continue
        if grant.valid_until is None:
            held.add((grant.user_id, grant.role))
        made = RoleGrant(
            user=grant.user,
            role=grant.role,
            organisation=plan.heir,
            valid_from=max(plan.on, grant.valid_from),
            valid_until=grant.valid_until,
            granted_by=actor.user,
            reason=_why(plan)["reason"],
        )
        beginning.append(made)
    return beginning


def _find_officers(plan: Plan) -> Iterator[Finding]:
    if not plan.is_ending:
        return
    for school in plan.organisations:
        holder = credit_officer_of(school, plan.on)
        if holder is not None:
            yield Finding(f"{holder.name}自 {day(plan.on)}起不再是{school.name}的学分工作负责人。")
    if plan.is_merger and plan.opening is not None:
        yield Finding(f"{plan.heir_name}需要另行指定负责人，指定以前会出现在区县的待办里。")


def _end_officers(plan: Plan, actor: Actor, at: datetime) -> None:
    for school in plan.organisations if plan.is_ending else ():
        holder = credit_officer_of(school, plan.on)
        CreditOfficer.objects.filter(organisation=school, valid_from__gt=plan.on).delete()
        if holder is None:
            continue
        CreditOfficer.objects.update_or_create(
            organisation=school,
            valid_from=plan.on,
            defaults={"person": None, "reason": _why(plan)["reason"], "named_by": actor.user, "named_at": at},
        )
        before, after = {"person": holder.code}, {"person": None, "valid_from": plan.on, **_why(plan)}
        _record(actor, at, "credit_officer.named", "organisation", school, school, before=before, after=after)


def _ranks(plan: Plan) -> QuerySet[Designation]:
    running = Q(valid_until__isnull=True) | Q(valid_until__gt=plan.on)
    return Designation.objects.filter(running, organisation__in=plan.keys, valid_from__lt=plan.on)


def _find_ranks(plan: Plan) -> Iterator[Finding]:
    for rank in _ranks(plan).select_related("organisation") if plan.is_ending else ():
        then = f"{plan.heir_name}不自动取得，需要另行认定。" if plan.is_merger else ""
        yield Finding(f"{rank.organisation.name}的“{rank.get_kind_display()}”到 {day(plan.on)} 为止。{then}")


def _end_ranks(plan: Plan, actor: Actor, at: datetime) -> None:
    for rank in _ranks(plan).select_related("organisation").select_for_update(of=("self",)) if plan.is_ending else ():
        rank.valid_until = plan.on
        rank.save(update_fields=["valid_until"])
        after = {"kind": rank.kind, "valid_from": rank.valid_from, "valid_until": plan.on, **_why(plan)}
        _record(actor, at, "organisation.designated", "organisation", rank.organisation, rank.organisation, after=after)


def _find_accounts(plan: Plan) -> Iterator[Finding]:
    here = Appointment.objects.filter(subtree_of(plan.organisations), Q(valid_until=None) | Q(valid_until__gt=plan.on))
    count = User.objects.filter(is_active=True, person__in=here.values("person")).count()
    if count:
        yield Finding(f"{count:,} 个账号继续使用，登录方式不变；已登记的学分、证明和操作记录都保留。")


def _why(plan: Plan) -> dict[str, str]:
    """Why all this happens, in words."""
    what = f"并入{plan.heir_name}" if plan.is_merger else plan.kind.label
    return {"reason": f"{plan.names}{what}：{plan.reason}"[:200]}


def _record(
    actor: Actor,
    at: datetime,
    action: str,
    kind: str,
    subject: Delegation | Organisation | User,
    organisation: Organisation,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
) -> None:
    audit.record_many([_event(actor, at, action, kind, subject, organisation, before=before, after=after)])


def _event(
    actor: Actor,
    at: datetime,
    action: str,
    kind: str,
    subject: Delegation | Organisation | User,
    organisation: Organisation,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
) -> AuditEvent:
    return audit.event(
        actor=actor,
        at=at,
        action=action,
        subject_kind=kind,
        subject_uuid=subject.uuid,
        organisation=organisation,
        before=before,
        after=after,
        person=subject.person if isinstance(subject, User) else None,
    )
