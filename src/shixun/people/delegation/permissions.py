"""Who lends a role, takes one over, and ends that."""

from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.choices import DELEGABLE, GRANTS
from shixun.people.delegation.models import Delegation
from shixun.people.models import RoleGrant
from shixun.people.reaches import OWN, within


def _is_party(actor: Actor, delegation: Delegation) -> bool:
    return actor.user is not None and actor.user in (delegation.absent, delegation.delegate)


@permission(what="查看自己的代理", who_can="每一位登录的用户都可以看自己的。", roles=OWN)
def can_list_delegations(actor: Actor) -> bool:
    return True


@permission(
    what="委托别人代理这个角色",
    who_can="只有担任这个角色的人自己可以委托；教师、专家和平台的三类管理员不能由别人代理。",
    roles=OWN,
    user=lambda grant: grant.user.uuid,
    also="可以代理的角色；代理人不得再委托别人",
)
def can_delegate(actor: Actor, grant: RoleGrant) -> bool:
    """Her own role, one that can be lent, and never by somebody who acts for another."""
    return grant.role in DELEGABLE and actor.on_behalf_of is None


@permission(
    what="答复这项代理",
    who_can="只有被委托的人自己可以接受或谢绝。",
    roles=OWN,
    user=lambda delegation: delegation.delegate.uuid,
    also="以自己的角色",
)
def can_answer_delegation(actor: Actor, delegation: Delegation) -> bool:
    return actor.on_behalf_of is None


@permission(
    what="结束这项代理",
    who_can="委托人、代理人以及有权授予这个角色的上一级管理员可以。",
    roles={**OWN, **within(*GRANTS)},
    own=_is_party,
    places=lambda delegation: [delegation.grant.organisation.path],
    also="双方本人，或有权授予这个角色的人",
)
def can_end_delegation(actor: Actor, delegation: Delegation) -> bool:
    return _is_party(actor, delegation) or delegation.grant.role in GRANTS.get(actor.role, ())
