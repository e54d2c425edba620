"""Saying which policy an area goes by, and from when."""

from datetime import date, datetime

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.policy.models import Adoption
from shixun.policy.permissions import can_adopt_policy
from shixun.policy.queries.texts import newest_policies


@transaction.atomic
def adopt(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    policy_id: str,
    valid_from: date,
    valid_until: date | None = None,
) -> Adoption:
    """Have an area and everything below it go by a policy from a day on; an open earlier adoption ends on that day.

    Raises ``Refusal`` for an unknown policy, or where another adoption of the area covers the same days.
    """
    demand(can_adopt_policy, actor, organisation)
    if policy_id not in newest_policies():
        raise Refusal(f"没有编号为 {policy_id} 的政策，没有登记。", status=409)
    held = Adoption.objects.select_for_update().filter(organisation=organisation)
    for earlier in held:
        _make_room(earlier, valid_from, valid_until)
    adoption = Adoption(organisation=organisation, policy_id=policy_id, valid_from=valid_from, valid_until=valid_until)
    adoption.save(force_insert=True)
    audit.record(
        actor=actor,
        at=at,
        action="policy.adopted",
        subject_kind="policy.adoption",
        subject_uuid=adoption.uuid,
        organisation=organisation,
        after={"policy": policy_id, "valid_from": valid_from, "valid_until": valid_until},
    )
    return adoption


def _make_room(earlier: Adoption, valid_from: date, valid_until: date | None) -> None:
    """End an open adoption that began before; refuse where the days of a closed or later one are taken."""
    if earlier.valid_until is None and earlier.valid_from < valid_from:
        earlier.valid_until = valid_from
        earlier.save(update_fields=["valid_until"])
        return
    ends_before = earlier.valid_until is not None and earlier.valid_until <= valid_from
    starts_after = valid_until is not None and earlier.valid_from >= valid_until
    if not (ends_before or starts_after):
        raise Refusal(
            f"{earlier.organisation}在 {earlier.valid_from} 起的日期已经登记了政策 {earlier.policy_id}，没有重复登记。",
            basis="同一地区同一天只执行一份政策。",
            status=409,
        )
