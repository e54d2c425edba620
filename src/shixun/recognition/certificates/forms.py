"""Forms of papers: which kind over which period, for whom, and why one is void."""

from datetime import date
from typing import Any

from django import forms

from shixun.recognition.certificates.choices import EXTRACTS, PaperKind

_INPUT = {"class": "form-control"}
_SELECT = {"class": "form-select"}
_ISSUED = (PaperKind.TRANSCRIPT, PaperKind.ARCHIVE, *EXTRACTS)


class PaperForm(forms.Form):
    """A kind and a period; the period is that of the cycle unless another is chosen."""

    kind = forms.ChoiceField(label="种类", choices=[(kind.value, kind.label) for kind in _ISSUED])
    since = forms.DateField(label="统计自", error_messages={"invalid": "日期应如 2016-01-01。"})
    until = forms.DateField(
        label="至", help_text="达标与否按这一天计算。", error_messages={"invalid": "日期应如 2019-10-14。"}
    )

    def __init__(self, *args: Any, since: date, until: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"since": since, "until": until, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs.update(_SELECT)
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date", **_INPUT}, format="%Y-%m-%d")
        self._today = until

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and since > until:
            self.add_error("until", "结束日期不能早于开始日期。")
        if until and until > self._today:
            self.add_error("until", "结束日期不能晚于今天。")
        return said


class BatchForm(PaperForm):
    """The same for everybody of a scope, or of one place in it."""

    school = forms.ChoiceField(label="范围", required=False)

    field_order = ("school", "kind", "since", "until")

    def __init__(self, *args: Any, schools: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [("", "管理范围内的全部教师"), *schools]  # type: ignore[attr-defined]
        self.fields["school"].widget.attrs.update(_SELECT)


class RevocationForm(forms.Form):
    """Why a paper is void."""

    reason = forms.CharField(
        label="作废原因",
        max_length=200,
        help_text="原因会显示在核验页面上，请不要写个人信息。作废后不能恢复，可以重新签发一份。",
        widget=forms.Textarea(attrs={**_INPUT, "rows": 3}),
    )
