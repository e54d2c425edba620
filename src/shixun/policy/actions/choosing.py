"""Setting the local rules of an area: a new version with its day and its reason; one bad choice refuses the whole."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from rulebook.parameters import parse_choices
from rulebook.policy import Policy
from shixun.approvals.models import Case
from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.kernel.templatetags.formats import day
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.policy.models import LocalRules
from shixun.policy.permissions import can_set_local_rules
from shixun.policy.queries.choices import layer_of, newest_rules
from shixun.policy.queries.filings import needs_filing


@transaction.atomic
def set_local_rules(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    policy: Policy,
    choices: Mapping[str, Any],
    valid_from: date,
    reason: str,
    after: int | None = None,
) -> LocalRules:
    """A new version of an area's choices, effective from a day on (PR-18, AMB-01).

    ``choices`` as in a ``local.toml``; ``after`` is the version its author had before her. Raises ``BadChoices`` with
    every refused choice and its article, ``Refusal`` without reason, for a day the policy does not cover, where
    somebody else has meanwhile set a version, or where the area has to file its rules first.
    """
    demand(can_set_local_rules, actor, organisation)
    if not actor.is_system and needs_filing(organisation):
        raise Refusal("区县的规则要先报备案，备案后才施行。", who_can="请在本区规则页面填写后报送备案。", status=409)
    refuse_unless_sound(organisation, policy, choices, valid_from, reason, after)
    return write_rules(
        actor=actor,
        at=at,
        organisation=organisation,
        policy=policy,
        choices=choices,
        valid_from=valid_from,
        reason=reason,
    )


def refuse_unless_sound(
    organisation: Organisation,
    policy: Policy,
    choices: Mapping[str, Any],
    valid_from: date,
    reason: str,
    after: int | None,
) -> LocalRules | None:
    """Raise what is wrong with a change of an area's rules; gives the version it follows."""
    parse_choices(policy, choices, layer=layer_of(organisation))
    if not reason.strip():
        raise Refusal("没有写明理由，本区规则没有改动。", status=409)
    if not policy.valid_from <= valid_from < policy.valid_until:
        raise Refusal(f"施行日期 {day(valid_from)} 不在《{policy.name}》的有效期内，本区规则没有改动。", status=409)
    before = newest_rules(organisation, policy.id)
    if after is not None and after != (before.version if before else 0):
        raise Refusal(
            "在您填写期间，本区规则已由他人改动，您的改动没有保存。",
            who_can="请回到本区规则，看过新的版本后再改。",
            status=409,
        )
    return before


def write_rules(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    policy: Policy,
    choices: Mapping[str, Any],
    valid_from: date,
    reason: str,
    case: Case | None = None,
) -> LocalRules:
    """The next version of an area's rules, from checked choices; ``case`` is its filing. Call it in a transaction."""
    before = newest_rules(organisation, policy.id)
    rules = LocalRules(
        organisation=organisation,
        policy_id=policy.id,
        version=before.version + 1 if before else 1,
        valid_from=valid_from,
        choices=dict(choices),
        reason=reason.strip(),
        actor=actor.user,
        at=at,
        case=case,
    )
    rules.save(force_insert=True)
    audit.record(
        actor=actor,
        at=at,
        action="local_rules.set",
        subject_kind="policy.local_rules",
        subject_uuid=rules.uuid,
        organisation=organisation,
        before={"version": before.version, "choices": before.choices} if before else None,
        after={
            "policy": policy.id,
            "version": rules.version,
            "choices": rules.choices,
            "valid_from": valid_from,
            "reason": rules.reason,
        },
    )
    return rules
