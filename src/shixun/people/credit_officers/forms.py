"""The form by which a school's credit officer is named."""

from typing import Any

from django import forms

from shixun.kernel import clock
from shixun.people.credit_officers.validators import check_credit_officer
from shixun.people.forms import Dressed, dated
from shixun.people.models import Organisation, Person
from shixun.people.queries import persons_within


class CreditOfficerForm(Dressed, forms.Form):
    """Who, from which day, why; the people of the school to choose from."""

    person = forms.ModelChoiceField(label="负责人", queryset=Person.objects.none(), empty_label="请选择本校人员")
    valid_from = dated("从哪一天起", help_text="原负责人到这一天为止，当天起由新负责人负责。")
    reason = forms.CharField(label="理由", max_length=200, help_text="例如：分工调整，校务会议决定。")

    def __init__(self, *arguments: Any, school: Organisation, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.school = school
        self.fields["person"].queryset = persons_within(school.scope, clock.today())  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"person", "valid_from"} <= cleaned.keys():
            check_credit_officer(self.school, cleaned["person"], cleaned["valid_from"], clock.today())
        return cleaned
