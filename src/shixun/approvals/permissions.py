"""Who may see a case, act in it for the applicant, decide it, and set how a region's levels are done."""

from django.db.models import Q

from shixun.approvals.flows import Transition
from shixun.approvals.models import Case, Step
from shixun.approvals.queries.cases import has_inbox
from shixun.approvals.queries.levels import acting_users, level_rules, names_in_line, place_of_level, places_of
from shixun.kernel import clock
from shixun.kernel.access import allows, permission
from shixun.kernel.reach import Reach
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import AREAS, OFFICERS, Role
from shixun.people.models import Organisation, User
from shixun.people.reaches import AREA_OFFICERS, OWN, reaching, within

_ONLY_AREAS = "只限省、市、区县"


def represented(actor: Actor) -> User | None:
    """Whom the actor acts for (代理), where she does."""
    return actor.on_behalf_of


def users_behind(actor: Actor) -> list[User]:
    """The actor's account and that of whomever she acts for: neither may have a part in what is decided."""
    return [user for user in (actor.user, represented(actor)) if user is not None]


def is_applicant(actor: Actor, case: Case) -> bool:
    """Whoever opened the case, the person it concerns, and whom the flow takes for the applicant."""
    for user in users_behind(actor):
        if user.pk == case.opened_by_id or (case.person_id is not None and user.person_id == case.person_id):
            return True
    applicant = case.declared.applicant
    return actor.is_system or (applicant is not None and applicant(case, actor))


def is_party(actor: Actor, case: Case) -> bool:
    """Has the actor, or whom she acts for, a part in the case: opened, submitted, revised it, or is its person?

    What a deputy has handed in for somebody is a part of both.
    """
    users = users_behind(actor)
    persons = {user.person_id for user in users if user.person_id is not None}
    if case.person_id in persons or case.opened_by_id in {user.pk for user in users}:
        return True
    hers = Q(user__in=users) | Q(on_behalf_of__in=users)
    return Step.objects.filter(hers, case=case, by_applicant=True).exists()


def holds_level(actor: Actor, case: Case, level: str) -> bool:
    """Do role and body of the actor fit a level of the case: where it lies, or where it was escalated to?

    A level where the case does not lie is that of a move out of a closed state, such as taking a decision back.
    """
    flow = case.declared
    places = places_of(actor)
    above = case.escalated_level
    if above and case.escalated_place_id in places and actor.role in flow.level(above).roles:
        return True
    if not level or actor.role not in flow.level(level).roles:
        return False
    return case.place_id in places if level == case.level else _acts_at(places, case, level)


def _acts_at(places: list[int], case: Case, level: str) -> bool:
    rule = level_rules(case.declared, case.organisation.path)[level]
    place = place_of_level(case, case.declared.level(level), rule, clock.today())
    return place is not None and place.pk in places


def _has_part(actor: Actor, case: Case) -> bool:
    """The applicant's side, whoever it lies with, whoever has decided in it."""
    if is_applicant(actor, case) or holds_level(actor, case, case.level):
        return True
    return Step.objects.filter(case=case, user__in=users_behind(actor)).exists()


@permission(
    what="查看这件审核事项",
    who_can="发起人、涉及的本人，以及负责审核和上级的管理员。",
    roles={**OWN, **within(*OFFICERS)},
    places=lambda case: [case.organisation.path],
    own=_has_part,
    system=True,
)
def can_see_case(actor: Actor, case: Case) -> bool:
    """Whoever has a part in it, and officers above the place it belongs to."""
    return True


@permission(
    what="办理审核事项",
    who_can="参与审核的各级管理员。",
    roles=within(*(role for role in Role if role != Role.TEACHER)),
    also="有一种审核的某一级由本角色办理",
)
def can_list_inbox(actor: Actor) -> bool:
    return has_inbox(actor)


@permission(what="查看我发起的事项", who_can="每一位登录的用户都可以看自己的。", roles=OWN)
def can_list_own_cases(actor: Actor) -> bool:
    return actor.user is not None


@permission(what="查看审核层级", who_can="区县管理员和市级管理员。", roles=within(*AREA_OFFICERS))
def can_list_levels(actor: Actor) -> bool:
    return True


@permission(
    what="查看这个地区的审核层级",
    who_can="该地区及其上级的区县管理员、市级管理员。",
    roles=reaching(Reach.LINE, *AREA_OFFICERS),
    places=lambda organisation: [organisation.path],
    also=_ONLY_AREAS,
)
def can_see_levels(actor: Actor, organisation: Organisation) -> bool:
    """District and city officers, for areas of their scope and for the areas above their own."""
    return organisation.kind in AREAS


@permission(
    what="设置这个地区的审核层级",
    who_can="该地区的区县管理员，或其上级的市级管理员。",
    roles=within(*AREA_OFFICERS),
    places=lambda organisation: [organisation.path],
    system=True,
    also=_ONLY_AREAS,
)
def can_set_levels(actor: Actor, organisation: Organisation) -> bool:
    """The officers of that area, and city officers above it."""
    return organisation.kind in AREAS


def demand_move(actor: Actor, case: Case, move: Transition) -> None:
    """Refuse whoever may not make this move: the wrong side, level, body or role; a party; a missing permission."""
    if actor.is_system:
        return
    if move.by == "applicant":
        if not is_applicant(actor, case):
            raise Refusal(
                f"“{move.title}”只能由发起方办理。",
                who_can=f"请联系{case.opened_by or case.organisation.name}。",
            )
        return
    flow = case.declared
    if actor.grant is not None and not actor.grant.is_in_force(clock.today()):
        raise Refusal(f"您的{actor.role_label}角色已经到期或尚未开始，不能{move.title}。", who_can=_who_may(case))
    if is_party(actor, case):
        raise Refusal(
            "这件事项由您发起、报送，或者与您本人有关，不能由您自己审核。",
            basis="任何人都不审核自己的事项。",
            who_can=_who_may(case),
        )
    if not holds_level(actor, case, flow.level_of_move(move, case.state)):
        raise Refusal(f"{_lies_with(case)}您目前的角色不能{move.title}。", who_can=_who_may(case))
    if flow.permission and not allows(flow.permission, actor, case):
        raise Refusal(f"您目前的角色不能审核这件{flow.noun}。", who_can=_who_may(case))


def _lies_with(case: Case) -> str:
    if case.place is None:
        return "这件事项现在不在审核环节，"
    return f"这件事项现在由{case.place.name}办理（{case.declared_state.title}），"


def _who_may(case: Case) -> str:
    names = names_in_line([str(user) for user in acting_users(case, clock.today())])
    place = case.place.name if case.place else ""
    return f"现在可以办理的是{place}：{names}。" if names else "目前没有其他人可以办理，请联系上一级管理员。"
