"""A person asks that a detail kept of her be corrected; her school, and for weighty details her district, decide."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime

from shixun.approvals.actions import open_case
from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Person
from shixun.people.queries import main_appointment
from shixun.roster import details
from shixun.roster.choices import Detail
from shixun.roster.models import PersonCorrection
from shixun.roster.permissions import can_ask_for_correction


@transaction.atomic
def ask_for_correction(
    *, actor: Actor, at: datetime, detail: str, text: str, reason: str, since: date | None = None
) -> PersonCorrection:
    """Ask for a correction of the actor's own detail; one open request for each detail.

    Raises ``Refusal`` for a value that cannot be right, where nothing would change, or where a request is open.
    """
    demand(can_ask_for_correction, actor)
    assert actor.person is not None  # noqa: S101 - demanded above
    person = Person.objects.select_for_update().get(pk=actor.person.pk)
    on = localtime(at).date()
    main = main_appointment(person, on)
    if main is None:
        raise Refusal("您目前没有主要任职，没有单位可以核实。", who_can="请联系您原来所在区县的管理员。", status=409)
    if PersonCorrection.objects.filter(person=person, detail=detail, settled_at=None).exists():
        raise Refusal(
            f"{Detail(detail).label}的更正申请正在办理，不必重复提出。",
            who_can="可以在“我发起的”查看它现在由谁办理，或先撤回。",
            status=409,
        )
    try:
        wanted = details.cleaned(person, detail, text, on=on)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), status=409) from None
    correction = PersonCorrection.objects.create(
        person=person,
        detail=detail,
        wanted=wanted.stored,
        wanted_shown=wanted.shown,
        held_shown=details.held_shown(person, detail, on),
        since=since,
        reason=reason.strip(),
        asked_by=actor.user,
        asked_at=at,
    )
    audit.record(
        actor=actor,
        at=at,
        action="correction.asked",
        subject_kind="person",
        subject_uuid=person.uuid,
        organisation=main.organisation,
        before={"detail": detail, "value": correction.held_shown},
        after={"detail": detail, "value": wanted.shown},
    )
    open_case(
        actor=actor,
        at=at,
        flow="roster.correction",
        subject_kind="roster.correction",
        subject_uuid=correction.uuid,
        title=f"{person.name}：{correction.get_detail_display()}",
        organisation=main.organisation,
        person=person,
        content={
            "person": person.name,
            "detail": correction.get_detail_display(),
            "held": correction.held_shown or "（没有登记）",
            "wanted": wanted.shown,
            "since": since.isoformat() if since else "",
            "reason": correction.reason,
        },
        key=f"correction:{correction.uuid}",
    )
    return correction
