"""Going over to another policy from a day on, and taking a switch back whose day has not come."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.kernel.templatetags.formats import day
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.policy.models import Adoption
from shixun.policy.permissions import can_adopt_policy
from shixun.policy.queries.adoptions import adoptions_mark, adoptions_of
from shixun.policy.queries.texts import newest_policies


@transaction.atomic
def switch_policy(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    policy_id: str,
    valid_from: date,
    reason: str,
    expected: str | None = None,
) -> Adoption:
    """Have an area go by a policy from a day on until the next switch already registered, if there is one (PR-18).

    What was in force on the day ends there; a switch registered for the very day is replaced while it has not begun.
    ``expected`` is the ``adoptions_mark`` its author saw. Raises ``Refusal`` without reason, for an unknown policy,
    where nothing would change, and where somebody else has meanwhile switched.
    """
    demand(can_adopt_policy, actor, organisation)
    policy = newest_policies().get(policy_id)
    if policy is None:
        raise Refusal(f"没有编号为 {policy_id} 的政策，没有登记。", status=409)
    if not reason.strip():
        raise Refusal("没有写明依据，没有登记。", who_can="请写明文件名和文号。", status=409)
    held = _locked(organisation, expected)
    here = next((row for row in held if row.is_in_force(valid_from)), None)
    if here is not None and here.policy_id == policy_id:
        raise Refusal(
            f"{organisation.name}在 {day(valid_from)} 执行的就是《{policy.short_name}》，没有改动。", status=409
        )
    before = _said(here) if here else None
    if here is not None and here.valid_from == valid_from:
        if valid_from <= timezone.localtime(at).date():
            raise Refusal(
                f"{organisation.name}从 {day(valid_from)} 起已经登记执行另一份政策，不能在同一天换成别的。",
                who_can="请把开始执行的日期改到这一天之后。",
                status=409,
            )
        here.delete()
    elif here is not None:
        here.valid_until = valid_from
        here.save(update_fields=["valid_until"])
    later = [row.valid_from for row in held if row.valid_from > valid_from]
    adoption = Adoption(
        organisation=organisation,
        policy_id=policy_id,
        valid_from=valid_from,
        valid_until=min(later, default=None),
        reason=reason.strip(),
    )
    adoption.save(force_insert=True)
    _record(actor, at, adoption, "policy.adopted", before=before, after=_said(adoption))
    return adoption


@transaction.atomic
def take_back_switch(*, actor: Actor, at: datetime, adoption: Adoption) -> None:
    """Undo a switch whose day has not come: what ended for it goes on. Raises ``Refusal`` for one that has begun."""
    demand(can_adopt_policy, actor, adoption.organisation)
    held = _locked(adoption.organisation, None)
    mine = next((row for row in held if row.pk == adoption.pk), None)
    if mine is None or mine.valid_from <= timezone.localtime(at).date():
        raise Refusal(
            "这次切换已经开始执行，或者已被改过，不能撤回。",
            who_can="可以另外登记一次切换，从今后的某一天起改回原来的政策。",
            status=409,
        )
    mine.delete()
    before = next((row for row in held if row.valid_until == mine.valid_from), None)
    if before is not None:
        before.valid_until = mine.valid_until
        before.save(update_fields=["valid_until"])
    _record(actor, at, mine, "policy.adopted", before=_said(mine), after=_said(before) if before else None)


def _locked(organisation: Organisation, expected: str | None) -> list[Adoption]:
    """The area's adoptions, held until the end: two officers switch one after the other, never past each other."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    held = list(adoptions_of(organisation).select_for_update(of=("self",)))
    if expected is not None and expected != adoptions_mark(held):
        raise Refusal(
            "在您填写期间，这个地区执行的政策已由他人改动，您的改动没有保存。",
            who_can="请回到“执行的政策”看过之后再改。",
            status=409,
        )
    return held


def _said(row: Adoption) -> dict[str, object]:
    return {
        "policy": row.policy_id,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "reason": row.reason,
    }


def _record(
    actor: Actor,
    at: datetime,
    adoption: Adoption,
    action: str,
    *,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="policy.adoption",
        subject_uuid=adoption.uuid,
        organisation=adoption.organisation,
        before=before,
        after=after,
    )
