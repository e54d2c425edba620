"""Handing a claim in: complete, with its evidence, inside the rules; its case opened, or taken up again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from rulebook.claims import ClaimWorth, is_open
from shixun.approvals.actions import move_case, open_case, revise_case
from shixun.kernel import audit
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.recognition.actions.drafting import held_to_edit
from shixun.recognition.actions.holding import hold_case, hold_persons
from shixun.recognition.actions.reading import content_of, described, put_in
from shixun.recognition.actions.registers import organiser_named, programme_named, region_of
from shixun.recognition.actions.suspecting import suspect
from shixun.recognition.choices import CLAIM_FLOW, DECLARE, CreationMode
from shixun.recognition.facts import ClaimGround, ground_of
from shixun.recognition.models import Claim, TrainingRecord
from shixun.recognition.validators import read_values
from shixun.terms.models import Window
from shixun.terms.permissions import demand_open
from shixun.terms.queries import window_words


@transaction.atomic
def submit_claim(*, actor: Actor, at: datetime, claim: Claim) -> Claim:
    """Hand a claim in, for the first time or after a return; a second click finds it handed in.

    Raises ``Refusal`` with everything that is missing or wrong, and outside the area's window (RW-03).
    """
    hold_case(claim)
    # Two claims of one person are valued one after the other, so that a cap is not used twice.
    hold_persons([claim.person_id])
    held = held_to_edit(actor, claim)
    held.window = window_for(held, at)
    today = localtime(at).date()
    worth = put_in(held, held.values, today)
    ground = ground_of(held.organisation, held.kind, held.ends_on or today)
    if ground is None:
        raise Refusal("取得日期当时执行的政策没有这种申报。", who_can="请核对日期，或换一种申报。", status=409)
    _refuse_unless_whole(held, ground, worth, today)
    _refuse_recorded(held)
    _register(held, ground, actor, at)
    before = held.submitted_at
    held.submitted_at, held.saved_at = at, at
    held.save()
    _hand_in(held, ground, actor, at)
    audit.record(
        actor=actor,
        at=at,
        action="claim.resubmitted" if before else "claim.submitted",
        subject_kind="recognition.claim",
        subject_uuid=held.uuid,
        organisation=held.organisation,
        after=described(held),
    )
    suspect(held, at=at)
    return held


def window_for(claim: Claim, at: datetime) -> Window | None:
    """The window a claim is handed in through. None where its area never opened one, and for a returned claim, which
    has the days of the return instead. Raises ``Refusal`` with the times where the window is closed.
    """
    if claim.case is not None or window_words(DECLARE, claim.organisation, at).kind == "never":
        return None
    return demand_open(purpose=DECLARE, organisation=claim.organisation, at=at)


def _hand_in(claim: Claim, ground: ClaimGround, actor: Actor, at: datetime) -> None:
    content = content_of(claim, ground)
    if claim.case is None:
        claim.case = open_case(
            actor=actor,
            at=at,
            flow=CLAIM_FLOW,
            subject_kind="recognition.claim",
            subject_uuid=claim.uuid,
            title=f"{claim.person.name}：{ground.kind.name}“{claim.title}”"[:200],
            organisation=claim.organisation,
            person=claim.person,
            content=content,
            key=f"claim:{claim.uuid}",
            author=claim.declared_by,
        )
        claim.save(update_fields=["case"])
    else:
        revise_case(actor=actor, at=at, case=claim.case, content=content)
    claim.case = move_case(actor=actor, at=at, case=claim.case, action="submit")


def problems_of_claim(claim: Claim, ground: ClaimGround, worth: ClaimWorth, today: date) -> list[str]:
    """Every reason why a claim cannot be handed in as it stands, as sentences."""
    kind = ground.kind
    _, wrong = read_values(kind, claim.values, today)
    names = {row.id: row.name for row in kind.fields}
    found = [f"{names[field]}：{sentence}" for field, sentence in wrong.items()]
    if kind.worth.kind == "project":
        found += _problems_of_project(claim, worth)
    if kind.evidence and not claim.evidence.exists():
        found.append(f"还没有上传佐证材料（{'、'.join(kind.evidence)}）。")
    # What it is worth follows the day it was earned; whether it may be declared follows today.
    now = ground_of(claim.organisation, claim.kind, today)
    if now is None or not is_open(now.kind, now.local):
        found.append(f"本地区没有开通“{kind.name}”。")
    if kind.returns and claim.ends_on and claim.ends_on.year != today.year:
        found.append("只能借当年的学分，记入日期应在今年。")
    if not found and not (worth.credits or worth.days):
        reasons = [row.text for row in (*worth.bites, *worth.basis)]
        found.append(f"按现在填写的内容不计学分，没有提交。{reasons[0] if reasons else ''}")
    return found


def _problems_of_project(claim: Claim, worth: ClaimWorth) -> list[str]:
    if claim.project is None:
        return ["请选择报送项目。"]
    if claim.project.mode != CreationMode.DECLARED:
        return [f"这个项目的学分“{claim.project.get_mode_display()}”，不必申报。"]
    return ["成绩名单里没有您的合格成绩；有出入的请联系承办单位更正名单。"] if worth.missing else []


def _refuse_unless_whole(claim: Claim, ground: ClaimGround, worth: ClaimWorth, today: date) -> None:
    problems = problems_of_claim(claim, ground, worth, today)
    if problems:
        raise Refusal(
            "".join(problems), basis=ground.kind.article, who_can="补齐后再提交；已填写的都保存着。", status=409
        )


def _refuse_recorded(claim: Claim) -> None:
    """What has come in as a record of the same year and name is not declared a second time by hand."""
    if claim.project is not None or claim.ends_on is None:
        return
    alike = TrainingRecord.objects.filter(person=claim.person, spelled=claim.spelled, year=claim.ends_on.year)
    record = alike.first()
    if record is not None:
        raise Refusal(
            f"平台已经有“{record.name}”{record.year} 年的培训记录（{record.get_state_display()}），不必再申报。",
            who_can="请在“学分明细”中核对；记录有误的，请联系学校师训专管员更正。",
            status=409,
        )


def _register(claim: Claim, ground: ClaimGround, actor: Actor, at: datetime) -> None:
    """Organiser and programme become rows of the registers, those already there or new ones."""
    types = {row.type: row.id for row in ground.kind.fields}
    claim.organiser = claim.programme = None
    name = claim.values.get(types.get("organiser", ""), "")
    if not name:
        return
    region = region_of(claim.organisation)
    claim.organiser = organiser_named(actor=actor, at=at, region=region, name=name)
    programme = claim.values.get(types.get("programme", ""), "")
    if programme:
        claim.programme = programme_named(actor=actor, at=at, region=region, organiser=claim.organiser, name=programme)
