"""Forms of the import pages: the file, which row holds the headings, what to agree to."""

from typing import Any

from django import forms

from shixun.kernel import clock


class UploadForm(forms.Form):
    """The file; the options of a kind are a form of their own beside it."""

    file = forms.FileField(
        label="文件",
        help_text="xlsx 或 csv（UTF-8、GB18030 均可）。表头不必在第一行，列的顺序不限。",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": "请先选择文件。", "empty": "文件是空的，请核对后重新选择。"},
    )


class HeadingForm(forms.Form):
    """Where the headings stand."""

    sheet = forms.ChoiceField(label="工作表", widget=forms.Select(attrs={"class": "form-select"}))
    row = forms.IntegerField(
        label="表头在第几行", min_value=1, widget=forms.NumberInput(attrs={"class": "form-control"})
    )

    def __init__(self, *arguments: Any, sheets: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [(str(number), f"{sheet['name']}（{sheet['rows']} 行）") for number, sheet in enumerate(sheets)]
        self.fields["sheet"].choices = choices  # type: ignore[attr-defined]


def day_field(label: str, help_text: str) -> forms.DateField:
    """A day, today unless another is chosen; for the options of a kind."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        initial=clock.today,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "日期应如 2019-10-14。"},
    )
