"""What a decision does to a claim: what forbids it, a reviewer's own figures, and the one posting at the end."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from rulebook.amounts import show_amount
from rulebook.claims import left_under_caps, worth_of_claim
from rulebook.facts import EntryFacts
from shixun.approvals.actions import mark_changed
from shixun.approvals.flows import Transition
from shixun.approvals.models import Case
from shixun.approvals.permissions import users_behind
from shixun.approvals.queries import steps_of
from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.ledger.actions import open_account, post_entry
from shixun.ledger.content import Recognition, Source, split_tags
from shixun.people.acting import Actor
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.queries import chain_of
from shixun.recognition.actions.holding import hold_persons, locked_claim
from shixun.recognition.actions.reading import content_of, ground_of_claim
from shixun.recognition.actions.sampling import hold_round_of, note_adjusted
from shixun.recognition.choices import APPEAL_WITHIN, SettlementState
from shixun.recognition.facts import ClaimGround, earlier_of, posted_of
from shixun.recognition.models import Adjustment, Claim, Settlement
from shixun.recognition.permissions import can_review_claim
from shixun.recognition.queries.rounds import open_item_of, place_of
from shixun.recognition.validators import read_values

SOURCE_KIND = "claim"
_PASSING = ("school_pass", "district_pass", "recognise", "uphold", "uphold_city")
_REFUSING = ("school_refuse", "district_refuse", "city_refuse")


def check_move(*, case: Case, transition: Transition, actor: Actor, at: datetime) -> None:
    """What forbids a move of a claim besides state, level and role. Raises ``Refusal``."""
    claim = claim_of_case(case)
    if transition.by == "reviewer":
        refuse_in_round(claim, actor)
    if transition.key == "submit":
        _refuse_unless_handed_in(case, claim, at)
    elif transition.key in _PASSING and not (claim.credits or claim.days):
        raise Refusal("这项申报现在核定为 0 学分，不能通过。", who_can="请重新核定，或者退回、不通过。", status=409)
    elif transition.key in ("appeal", "appeal_city") and case.closed_at and at - case.closed_at > APPEAL_WITHIN:
        raise Refusal(f"申诉应在 {APPEAL_WITHIN.days} 天内提出，现在已经过期。", status=409)
    elif transition.key in ("uphold", "uphold_city", "dismiss"):
        _refuse_same_reviewer(case, actor)


def refuse_in_round(claim: Claim, actor: Actor) -> None:
    """While a place samples, what is in its round is decided in the round, so that nobody is overtaken by another."""
    item = open_item_of(claim)
    if item is None or item.verdict or actor.organisation is None or claim.case is None:
        return
    if claim.case.version != item.version:
        # It has left the level since the draw, and come back: the round does not know it any more.
        return
    if place_of(actor.organisation).pk == item.round.organisation_id:
        raise Refusal(
            f"这项申报正在抽查审核“{item.round.title}”中，不能另外办理。",
            who_can=f"请在“抽查审核”中逐件核查；发起人是{item.round.opened_by or '本单位'}。",
            status=409,
        )


def claim_of_case(case: Case) -> Claim:
    """The claim a case is about."""
    return Claim.objects.select_related("person", "organisation", "project", "host", "case").get(uuid=case.subject_uuid)


def _refuse_unless_handed_in(case: Case, claim: Claim, at: datetime) -> None:
    """What is handed in must be what the claim says now: only ``submit_claim`` sees to that."""
    ground = ground_of_claim(claim, localtime(at).date())
    if claim.submitted_at is None or ground is None or case.content != content_of(claim, ground):
        raise Refusal("内容改动后请在申报页面提交。", who_can="请打开这项申报，核对后提交。", status=409)


def _refuse_same_reviewer(case: Case, actor: Actor) -> None:
    mine = users_behind(actor)
    refused = [step for step in steps_of(case) if step.action in _REFUSING]
    if any(step.user in mine or step.on_behalf_of in mine for step in refused if step.user):
        raise Refusal(
            "这项申报当初由您不通过，申诉须由另一位审核员复核。",
            basis="申诉不由原审核人复核。",
            who_can="请本单位的另一位审核员办理；没有第二位的，请上一级指派。",
        )


@transaction.atomic
def adjust_claim(
    *, actor: Actor, at: datetime, claim: Claim, memo: str, hours: int | None = None, credits: int | None = None
) -> Adjustment:
    """Set a reviewer's own hours (whose worth follows from the rules) or credits, with a memo of her level.

    Whoever has the case open meanwhile is told when she decides; in a sampled round it is an error found. Raises
    ``Refusal`` where the claim does not lie with the actor, without a memo, or when nothing would change.
    """
    # The round before the case, the case before the claim: as every decision in a round holds them.
    item = hold_round_of(claim)
    if claim.case is not None:
        claim.case = mark_changed(claim.case)
    hold_persons([claim.person_id])
    held = locked_claim(claim)
    demand(can_review_claim, actor, held)
    if not memo.strip():
        raise Refusal("核定须写明意见，没有保存。", status=409)
    before_hours, before_credits = held.hours, held.credits
    if hours is not None and hours != held.hours:
        _put_hours(held, hours, at)
    if credits is not None and credits != before_credits:
        held.credits = credits
        refuse_over_caps(held, ground_of_claim(held, localtime(at).date()))
    if (held.hours, held.credits) == (before_hours, before_credits):
        raise Refusal("学时和学分都没有改变，没有保存。", status=409)
    held.save(update_fields=["hours", "credits", "uncapped"])
    row = Adjustment(
        claim=held,
        level=held.case.level if held.case else "",
        hours_before=before_hours,
        hours=held.hours,
        credits_before=before_credits,
        credits=held.credits,
        memo=memo.strip()[:400],
        user=actor.user,
        organisation=actor.organisation,
        at=at,
    )
    row.save(force_insert=True)
    if item is not None and claim.case is not None:
        note_adjusted(actor=actor, at=at, item=item, version=claim.case.version, memo=row.memo)
    audit.record(
        actor=actor,
        at=at,
        action="claim.adjusted",
        subject_kind="recognition.claim",
        subject_uuid=held.uuid,
        organisation=held.organisation,
        before={"hours": before_hours, "credits": before_credits},
        after={"hours": held.hours, "credits": held.credits, "reason": row.memo},
    )
    claim.hours, claim.credits = held.hours, held.credits
    return row


def _put_hours(claim: Claim, hours: int, at: datetime) -> None:
    """Other hours and what they are worth under the same rules and what caps leave; a claim that is not counted in
    hours keeps its credits.
    """
    claim.hours = hours
    today = localtime(at).date()
    ground = ground_of_claim(claim, today)
    if ground is None or ground.kind.worth.kind not in ("hours", "rate"):
        return
    typed, _ = read_values(ground.kind, claim.values, today)
    earlier = earlier_of(claim.person, claim.kind, claim)
    worth = worth_of_claim(ground.policy, ground.local, ground.kind, {**typed, "hours": hours}, earlier)
    claim.credits, claim.uncapped = worth.credits, worth.uncapped


def refuse_over_caps(claim: Claim, ground: ClaimGround | None) -> None:
    """A claim may not bring in more than its caps leave beside the book. Raises ``Refusal`` with what is left.

    Caps were counted when it was handed in, but a claim that was refused then and upheld later was not counted for
    those handed in meanwhile. Only what is posted counts here, so that two under way do not wait for each other. It is
    refused rather than cut: what somebody is credited with is decided by a reviewer, who writes down why (核定).
    """
    if ground is None or claim.ends_on is None:
        return
    without_caps = max(claim.uncapped, claim.credits)
    left, bites = left_under_caps(
        ground.policy,
        ground.kind,
        credits=without_caps,
        hours=claim.hours,
        earned_on=claim.ends_on,
        earlier=posted_of(claim),
    )
    if claim.credits <= left:
        return
    wayout = f"请先核定为不超过 {show_amount(left)} 学分，写明意见后再通过。"
    raise Refusal(
        f"{claim.person.name}的这项申报计 {show_amount(claim.credits)} 学分，超过上限："
        f"{''.join(row.text for row in bites)}没有办理。",
        basis=bites[-1].article,
        who_can=wayout if left else "已经没有余额，请写明理由不通过，或维持原结论。",
        status=409,
    )


def post_recognised(*, case: Case, actor: Actor, at: datetime) -> None:
    """Enter a recognised claim into the ledger, once: its key is the claim's own, whoever asks how often."""
    claim = claim_of_case(case)
    hold_persons([claim.person_id])
    claim = locked_claim(claim)
    if claim.posted_at is not None:
        return
    today = localtime(at).date()
    ground = ground_of_claim(claim, today)
    if ground is None or claim.ends_on is None:
        raise Refusal("取得日期当时的政策没有这种申报，不能登记。", status=409)
    refuse_over_caps(claim, ground)
    account = open_account(
        actor=actor, at=at, person=claim.person, kind=claim.account, cycle=ground.policy.cycle_of(claim.ends_on)
    )
    post_entry(
        actor=actor,
        at=at,
        account=account,
        facts=facts_of_claim(claim),
        source=Source(SOURCE_KIND, claim.uuid, (claim.title or ground.kind.name)[:200]),
        recognition=Recognition(_recogniser(case, actor), today, str(case.uuid)),
        idempotency_key=claim.posting_key,
    )
    claim.posted_at = at
    claim.save(update_fields=["posted_at"])
    if ground.kind.crosses:
        _settle_between_districts(claim, today)
    audit.record(
        actor=actor,
        at=at,
        action="claim.posted",
        subject_kind="recognition.claim",
        subject_uuid=claim.uuid,
        organisation=claim.organisation,
        after={"credits": claim.credits, "hours": claim.hours, "key": claim.posting_key},
    )


def facts_of_claim(claim: Claim) -> EntryFacts:
    """What the ledger is to hold for a claim."""
    if claim.ends_on is None:
        raise Refusal("没有取得日期，不能登记。", status=409)
    return EntryFacts(
        claim.ends_on,
        claim.level,
        claim.category,
        claim.form,
        claim.credits,
        split_tags(claim.tags),
        claim.hours,
        claim.days,
    )


def _recogniser(case: Case, actor: Actor) -> Organisation:
    """The body that decided; where a level was passed over by itself, the area of the one who decided last."""
    return actor.organisation or case.organisation


def _settle_between_districts(claim: Claim, today: date) -> None:
    """Credits of another district go onto the account between the two (CL-14)."""
    if claim.host is None:
        return
    home = chain_of(claim.organisation).filter(kind=OrganisationKind.DISTRICT).first()
    if home is None or home.pk == claim.host.pk:
        return
    Settlement.objects.get_or_create(
        claim=claim,
        corrects=None,
        defaults={
            "home": home,
            "host": claim.host,
            "hours": claim.hours,
            "credits": claim.credits,
            "recognised_on": today,
            "state": SettlementState.OPEN,
        },
    )
