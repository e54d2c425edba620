"""The form by which somebody asks a colleague to act for her."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shixun.kernel import clock
from shixun.people.acting import Actor, name_of
from shixun.people.choices import DELEGABLE
from shixun.people.delegation.validators import check_delegation
from shixun.people.forms import Dressed, dated
from shixun.people.models import RoleGrant, User
from shixun.people.queries import account_named, roles_of


def lendable_roles(user: User | None, on: date) -> list[RoleGrant]:
    """The roles of an account that a colleague may take over."""
    return [grant for grant in roles_of(user, on) if grant.role in DELEGABLE] if user else []


class DelegationForm(Dressed, forms.Form):
    """Which role, who, from when, to which last day, why."""

    role = forms.ChoiceField(label="委托哪个角色")
    delegate = forms.CharField(
        label="代理人的账号或人员编号", max_length=64, help_text="须是同一单位的同事；对方接受之后才生效。"
    )
    valid_from = dated("第一天")
    last_on = dated("最后一天", help_text="这一天结束时自动失效，一次最长 180 天；可以随时提前结束。")
    reason = forms.CharField(label="理由", max_length=200, help_text="例如：外出培训两周。")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.grants = {str(grant.uuid): grant for grant in lendable_roles(actor.user, clock.today())}
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (key, name_of(grant)) for key, grant in self.grants.items()
        ]
        self.fields["valid_from"].initial = clock.today()

    def clean_role(self) -> RoleGrant:
        return self.grants[self.cleaned_data["role"]]

    def clean_delegate(self) -> User:
        user = account_named(self.cleaned_data["delegate"])
        if user is None:
            raise ValidationError("没有这个账号或人员编号，请向同事核对后再填。")
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"role", "delegate", "valid_from", "last_on"} <= cleaned.keys():
            until = cleaned["last_on"] + timedelta(days=1)
            check_delegation(cleaned["role"], cleaned["delegate"], cleaned["valid_from"], until, clock.today())
        return cleaned
