"""Forms of the room: how a roster is meant, who leaves, who moves where, what is to be corrected."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shixun.kernel import clock
from shixun.kernel.spreadsheets.forms import day_field
from shixun.people.acting import Actor
from shixun.people.choices import Duty, IdentifierKind, Stage, Title
from shixun.people.models import Appointment, Organisation, Person
from shixun.people.queries import main_appointment, person_of_code, person_of_number
from shixun.roster import details
from shixun.roster.choices import APPOINTED, DepartureKind, Detail
from shixun.roster.models import Transfer
from shixun.roster.queries import places_named

_EARLIEST, _AHEAD = date(2000, 1, 1), timedelta(days=366)


class RosterOptions(forms.Form):
    """Beside the file on the upload page."""

    effective_on = day_field(
        "从哪一天起生效",
        "新登记和有变化的任职从这一天开始（入职更晚的，从入职日期开始）；初次建档可填本周期的首日。",
    )
    whole_roster = forms.BooleanField(
        label="这是所涉学校的完整名册",
        required=False,
        help_text="勾选后，这些学校里名册上没有的人登记为自生效日起离开。不确定时不要勾选。",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def clean_effective_on(self) -> date:
        value: date = self.cleaned_data["effective_on"]
        if not _EARLIEST <= value <= clock.today() + _AHEAD:
            raise ValidationError(f"应在 {_EARLIEST} 至 {clock.today() + _AHEAD} 之间。")
        return value


def names_everybody(options: dict[str, Any]) -> bool:
    """Was the file declared the whole roster of its schools?"""
    return bool(options.get("whole_roster"))


def _dressed(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"


class DepartureForm(forms.Form):
    """From which day on somebody is no longer there, and why."""

    on = day_field("离岗日期", "从这一天起不再在岗；可以是将来的日期。")
    kind = forms.ChoiceField(label="原因", choices=DepartureKind.choices)
    memo = forms.CharField(label="说明（可不填）", required=False, max_length=200)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _dressed(self)

    def clean_on(self) -> date:
        value: date = self.cleaned_data["on"]
        if not _EARLIEST <= value <= clock.today() + _AHEAD:
            raise ValidationError(f"应在 {_EARLIEST} 至 {clock.today() + _AHEAD} 之间。")
        return value


class IncomingForm(forms.Form):
    """Somebody of another place, known by name and a whole number: neither alone shows whether she exists."""

    name = forms.CharField(label="姓名", max_length=60)
    number = forms.CharField(
        label="人员编号、教师号、继续教育号或身份证号", max_length=32, help_text="请向教师本人或原单位索取完整号码。"
    )

    person: Person

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _dressed(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"name", "number"} <= cleaned.keys():
            self.person = self._found(cleaned["name"].strip(), cleaned["number"].strip().upper())
        return cleaned

    def _found(self, name: str, number: str) -> Person:
        found = [person_of_code(number), *(person_of_number(kind, number) for kind in IdentifierKind.values)]
        match = next((person for person in found if person is not None and person.name == name), None)
        if match is None or main_appointment(match, clock.today()) is None:
            raise ValidationError(
                "没有找到姓名与号码都相符的在岗教师。请核对；原来不在本平台的教师，请用名册导入登记。"
            )
        return match


class TransferForm(forms.Form):
    """Where to, from when, as what, why. A school officer asks somebody else's teacher to her own place only."""

    destination = forms.CharField(
        label="调入单位", max_length=80, help_text="填写学校全称或机构代码。", widget=forms.TextInput()
    )
    begins_on = day_field("到岗日期", "从这一天起在新单位任职，原单位的任职同日结束。")
    duty = forms.ChoiceField(label="岗位", choices=Duty.choices)
    title = forms.ChoiceField(label="职称", choices=Title.choices)
    stage = forms.ChoiceField(label="学段", choices=Stage.choices, required=False)
    subject = forms.CharField(label="学科（可不填）", max_length=40, required=False)
    reason = forms.CharField(label="理由", max_length=200, help_text="例如：区内教师流动、随军、双向选择。")

    def __init__(
        self, *arguments: Any, actor: Actor, main: Appointment | None, transfer: Transfer | None = None, **options: Any
    ) -> None:
        options["initial"] = self._initial(actor, main, transfer)
        super().__init__(*arguments, **options)
        self.transfer = transfer
        self.place: Organisation | None = None
        _dressed(self)

    @staticmethod
    def _initial(actor: Actor, main: Appointment | None, transfer: Transfer | None) -> dict[str, Any]:
        held = transfer or main
        initial = {name: getattr(held, name) for name in ("duty", "title", "stage", "subject")} if held else {}
        if transfer is not None:
            return {
                **initial,
                "destination": transfer.destination.code,
                "begins_on": transfer.begins_on,
                "reason": transfer.reason,
            }
        comes = main is not None and actor.organisation is not None and not actor.scope.holds(main.organisation.path)
        own = actor.organisation
        is_school = own is not None and own.kind == "school"
        return {**initial, "begins_on": clock.today(), "destination": own.code if comes and is_school and own else ""}

    def clean_destination(self) -> str:
        text: str = self.cleaned_data["destination"].strip()
        found = list(places_named(text, clock.today())[:3])
        if len(found) > 1:
            named = "、".join(f"{place.name}（{place.code}）" for place in found)
            raise ValidationError(f"有几个单位叫这个名称：{named}。请填写机构代码。")
        if not found:
            raise ValidationError(f"没有名称或代码为“{text}”的学校或机构，请核对全称，或填写机构代码。")
        self.place = found[0]
        return text

    def clean_begins_on(self) -> date:
        value: date = self.cleaned_data["begins_on"]
        if not _EARLIEST <= value <= clock.today() + _AHEAD:
            raise ValidationError(f"应在 {_EARLIEST} 至 {clock.today() + _AHEAD} 之间。")
        return value

    def wanted(self) -> dict[str, Any]:
        """What the actions take; for a form that is valid."""
        assert self.place is not None  # noqa: S101 - set by the cleaning of the field
        return {**self.cleaned_data, "destination": self.place}


class CorrectionForm(forms.Form):
    """What would be right for one detail of one's own, since when, and how that can be seen."""

    def __init__(self, *arguments: Any, person: Person, detail: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.person, self.detail = person, detail
        self.fields["text"] = self._wanted()
        if detail in APPOINTED:
            self.fields["since"] = day_field("自哪一天起", "例如评聘职称的日期；这以前的任职不变。")
        self.fields["reason"] = forms.CharField(
            label="说明", max_length=200, help_text="写明依据，例如：职称证书编号、户口簿；学校会核对原件。"
        )
        _dressed(self)

    def _wanted(self) -> forms.Field:
        label = f"正确的{Detail(self.detail).label}"
        if options := details.options_of(self.detail):
            return forms.ChoiceField(label=label, choices=options)
        if details.is_date(self.detail):
            return day_field(label, "")
        return forms.CharField(label=label, max_length=60)

    def clean_text(self) -> str:
        value = self.cleaned_data["text"]
        text = value.isoformat() if isinstance(value, date) else str(value)
        details.cleaned(self.person, self.detail, text, on=clock.today())
        return text

    def clean_since(self) -> date:
        value: date = self.cleaned_data["since"]
        if value > clock.today():
            raise ValidationError("不能晚于今天。")
        return value
