"""What a handover must be; shared by the form and the action."""

from datetime import date

from django.core.exceptions import ValidationError

from shixun.kernel.fields import in_force
from shixun.people.credit_officers.models import CreditOfficer
from shixun.people.models import Appointment, Organisation, Person


def check_credit_officer(school: Organisation, person: Person | None, valid_from: date, today: date) -> None:
    """She works at the school on that day, is not the one already, and days gone by under another stay as they are."""
    rows = CreditOfficer.objects.filter(organisation=school).order_by("-valid_from")
    last = rows.select_related("person").first()
    if last is not None and valid_from < last.valid_from:
        raise ValidationError(f"自 {last.valid_from:%Y-%m-%d} 起已有安排，新的日期不能早于这一天。")
    if last is not None and valid_from == last.valid_from and last.valid_from < today:
        raise ValidationError(f"{last.valid_from:%Y-%m-%d} 起的安排已经执行，不能改写；请从今天或以后的一天起交接。")
    if last is not None and last.person_id == (person.pk if person else None) and valid_from > last.valid_from:
        raise ValidationError(f"{person.name}已经是负责人，不必再次指定。" if person else "现在就没有负责人。")
    here = Appointment.objects.filter(in_force(valid_from), organisation=school)
    if person is not None and not here.filter(person=person).exists():
        raise ValidationError(f"{person.name}在 {valid_from:%Y-%m-%d} 不在{school.name}任职，请指定本校在岗的人员。")
