"""The dates of an area's school year, where they differ from the custom."""

from datetime import date, datetime

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.terms.models import SchoolYear
from shixun.terms.permissions import can_set_school_year


@transaction.atomic
def set_school_year(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    number: int,
    valid_from: date,
    second_term_from: date,
    valid_until: date,
) -> SchoolYear:
    """Say when a school year of an area begins, when its second term does, and the first day after it."""
    demand(can_set_school_year, actor, organisation)
    if not valid_from < second_term_from < valid_until:
        raise Refusal("第二学期应在学年开始之后、结束之前。", who_can="请核对三个日期。", status=409)
    others = SchoolYear.objects.select_for_update().filter(organisation=organisation).exclude(number=number)
    clash = others.filter(valid_from__lt=valid_until, valid_until__gt=valid_from).first()
    if clash is not None:
        raise Refusal(f"这些日期与{clash}重叠。", who_can="请先改那一个学年的日期。", status=409)
    dates = {"valid_from": valid_from, "second_term_from": second_term_from, "valid_until": valid_until}
    year, _ = SchoolYear.objects.update_or_create(organisation=organisation, number=number, defaults=dates)
    audit.record(
        actor=actor,
        at=at,
        action="school_year.set",
        subject_kind="organisation",
        subject_uuid=organisation.uuid,
        organisation=organisation,
        after={"number": number, **dates},
    )
    return year
