"""Filing local rules: a district writes and submits, the area above files; only then a new version is in force."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from rulebook.parameters import BadChoices, parse_choices
from rulebook.policy import Policy
from shixun.approvals.actions import move_case, open_case, revise_case
from shixun.approvals.models import Case
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.policy.actions.choosing import refuse_unless_sound, write_rules
from shixun.policy.models import FilingSubmission
from shixun.policy.permissions import can_set_local_rules
from shixun.policy.queries.choices import layer_of, newest_rules
from shixun.policy.queries.filings import FILING, SUBJECT, open_filing, proposal_of
from shixun.terms.models import Window
from shixun.terms.permissions import demand_open
from shixun.terms.queries import window_words


@transaction.atomic
def file_local_rules(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    policy: Policy,
    choices: Mapping[str, Any],
    valid_from: date,
    reason: str,
    after: int | None = None,
    submit: bool = True,
) -> Case:
    """Write the proposal of a district and submit it, or keep it as a draft (PR-18, CL-05, CL-12).

    A proposal that was drafted or returned is revised; there is one at a time. Raises ``BadChoices`` and ``Refusal``
    as ``set_local_rules`` does, and ``Refusal`` while one is being looked at.
    """
    demand(can_set_local_rules, actor, organisation)
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    before = refuse_unless_sound(organisation, policy, choices, valid_from, reason, after)
    content = {
        "policy": policy.id,
        "choices": dict(choices),
        "valid_from": valid_from.isoformat(),
        "reason": reason.strip(),
        "after": before.version if before else 0,
    }
    case = open_filing(organisation, policy.id)
    if case is None:
        case = open_case(
            actor=actor,
            at=at,
            flow=FILING,
            subject_kind=SUBJECT,
            subject_uuid=organisation.uuid,
            title=f"{organisation.name}：{policy.short_name}本区规则",
            organisation=organisation,
            content=content,
        )
    else:
        revise_case(actor=actor, at=at, case=case, content=content)
    return move_case(actor=actor, at=at, case=case, action="submit") if submit else case


def window_for(case: Case, at: datetime) -> Window | None:
    """The window a filing is handed in through. None where nobody above ever planned one, and for a filing that was
    returned. Raises ``Refusal`` with the times where it is closed.
    """
    handed_in = FilingSubmission.objects.filter(case=case, undone_at=None).exists()
    if handed_in or window_words(FILING, case.organisation, at).kind == "never":
        return None
    return demand_open(purpose=FILING, organisation=case.organisation, at=at)


def note_submission(*, case: Case, actor: Actor, at: datetime) -> None:
    """What handing in does: a row that the database itself holds inside the window."""
    FilingSubmission.objects.create(case=case, window=window_for(case, at), user=actor.user, at=at)


def note_taken_back(*, case: Case, actor: Actor, at: datetime) -> None:
    """What undoing it does: the last handing-in does not count."""
    last = FilingSubmission.objects.filter(case=case, undone_at=None).order_by("-pk").first()
    if last is not None:
        last.undone_at = at
        last.save(update_fields=["undone_at"])


def check_filing(case: Case) -> None:
    """Raise ``Refusal`` where a proposal could not come into force: refused choices, or rules changed meanwhile."""
    proposal = proposal_of(case)
    if proposal is None:
        raise Refusal("这份备案所依据的政策已不在平台上，不能办理。", status=409)
    try:
        parse_choices(proposal.policy, proposal.choices, layer=layer_of(case.organisation))
    except BadChoices as refused:
        first = refused.errors[0]
        raise Refusal(
            f"有 {len(refused.errors)} 项选择不符合条文：{first.message}。",
            basis=first.article,
            who_can="请退回，由区县修改后重新报送。",
            status=409,
        ) from None
    newest = newest_rules(case.organisation, proposal.policy.id)
    if (newest.version if newest else 0) != proposal.after:
        raise Refusal(
            "本区规则在这份备案填写之后已有新的版本，不能直接备案。",
            who_can="请退回，由区县对照新的版本修改后重新报送。",
            status=409,
        )


def file_in_force(*, case: Case, actor: Actor, at: datetime) -> None:
    """What filing does: the proposal becomes the next version of the district's rules."""
    proposal = proposal_of(case)
    if proposal is None:
        raise Refusal("这份备案所依据的政策已不在平台上，不能备案。", status=409)
    write_rules(
        actor=actor,
        at=at,
        organisation=case.organisation,
        policy=proposal.policy,
        choices=proposal.choices,
        valid_from=proposal.valid_from,
        reason=proposal.reason,
        case=case,
    )
