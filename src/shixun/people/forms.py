"""Forms of the room: granting and ending a role; and how every form here is dressed."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from shixun.kernel import clock
from shixun.people.acting import Actor
from shixun.people.choices import BODIES, GRANTS, ROLE_AREAS, ROLE_PLACES, OrganisationKind, Role
from shixun.people.models import Organisation, RoleGrant, User
from shixun.people.permissions import can_grant_role
from shixun.people.queries import account_named, is_known_within, organisations_within
from shixun.people.validators import check_end_of_role, check_period, check_role_place


def dated(label: str, **options: Any) -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class Dressed:
    """A form whose inputs look like the theme's."""

    fields: dict[str, forms.Field]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"


class GrantForm(Dressed, forms.Form):
    """A role for an account, within what the acting role may give."""

    account = forms.CharField(
        label="账号或人员编号", max_length=64, help_text="在“人员”页可以查到编号。", widget=forms.TextInput()
    )
    role = forms.ChoiceField(label="角色")
    organisation = forms.ModelChoiceField(label="机构", queryset=Organisation.objects.none(), empty_label="请选择")
    valid_from = dated("自")
    valid_until = dated("至（不含，可不填）", required=False, help_text="从这一天起不再有效；不填则长期有效。")
    reason = forms.CharField(label="理由", max_length=200, help_text="例如：2019 学年学校聘任。")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.actor = actor
        roles = [role for role in Role if role in GRANTS[actor.role]]
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = _places(actor, roles)  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = clock.today()

    def clean_account(self) -> User:
        """The account named, or the one account of the person whose code was typed."""
        user = account_named(self.cleaned_data["account"])
        if user is None or not is_known_within(user, self.actor.charge, clock.today()):
            raise ValidationError("在您管理的范围内没有这个账号或人员编号，请在“人员”页核对后再填。")
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"account", "role", "organisation", "valid_from"} <= cleaned.keys():
            check_period(cleaned["valid_from"], cleaned.get("valid_until"))
            check_role_place(cleaned["role"], cleaned["organisation"])
            self._check_right(cleaned)
        return cleaned

    def _check_right(self, cleaned: dict[str, Any]) -> None:
        grant = RoleGrant(user=cleaned["account"], role=cleaned["role"], organisation=cleaned["organisation"])
        if not can_grant_role(self.actor, grant):
            raise ValidationError("任何人都不能给自己授予角色，请由上一级管理员办理。")


class EndRoleForm(Dressed, forms.Form):
    """The first day without the role, and why."""

    on = dated("从哪一天起不再有效")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, grant: RoleGrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grant = grant

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        check_end_of_role(self.grant.valid_from, self.grant.valid_until, on)
        return on


def _places(actor: Actor, roles: list[Role]) -> QuerySet[Organisation]:
    """The organisations the actor answers for at which one of the roles may be held."""
    fitting = Q(pk__in=())
    for role in roles:
        areas, here = ROLE_AREAS.get(role), Q(kind__in=ROLE_PLACES[role])
        fitting |= here & (Q(kind__in=areas) | Q(kind__in=BODIES, parent__kind__in=areas)) if areas else here
    found = organisations_within(actor.charge, clock.today()).filter(fitting).select_related("parent")
    # A city leaves the schools to their districts.
    return found.exclude(kind=OrganisationKind.SCHOOL) if actor.role == Role.CITY_OFFICER else found
