"""Forms of an account: signing in, passwords, codes, and what officers decide about an account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm

from shixun.people.accounts.passwords import check_minimum_age
from shixun.people.forms import Dressed

_CODE = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(Dressed, forms.Form):
    """A name and a password; whether they fit is found out by the view, not here."""

    username = forms.CharField(
        label="账号、手机号或教师号",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NameForm(Dressed, forms.Form):
    """Who has forgotten her password."""

    username = forms.CharField(
        label="账号、手机号或教师号",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class CodeForm(Dressed, forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label="验证码", max_length=20, widget=forms.TextInput(attrs={**_CODE, "inputmode": "numeric"})
    )


class RecoveryForm(Dressed, forms.Form):
    """A recovery code, which has letters."""

    code = forms.CharField(
        label="恢复码",
        max_length=20,
        widget=forms.TextInput(attrs=_CODE),
        help_text="形如 k7mp-3xqd-9w2n，每个只能用一次。",
    )


class ConfirmForm(Dressed, forms.Form):
    """The password once more, for an account without a second factor."""

    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


_WORDS = {"password_mismatch": "两次输入的新密码不一样，请重新输入。"}


class OwnPasswordForm(Dressed, PasswordChangeForm):
    """The old password once and the new one twice. Django's own validators say what a new one lacks."""

    error_messages = {**PasswordChangeForm.error_messages, **_WORDS, "password_incorrect": "原密码不对，请重新输入。"}

    def __init__(self, user: Any, *args: Any, must_change: bool, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.must_change = must_change
        self.fields["new_password1"].help_text = ""

    def clean(self) -> Any:
        cleaned = super().clean()
        if not self.must_change:
            check_minimum_age(self.user)
        return cleaned


class NewPasswordForm(Dressed, SetPasswordForm):
    """A new password twice, for somebody who has shown a code."""

    error_messages = {**SetPasswordForm.error_messages, **_WORDS}

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].help_text = ""


class ReasonForm(Dressed, forms.Form):
    """Why an officer does something to an account."""

    reason = forms.CharField(label="理由", max_length=200, help_text="例如：本人到校说明手机丢失，已核对身份。")
