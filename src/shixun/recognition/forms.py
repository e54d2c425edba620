"""Forms of the room: how a project is read, a project whose results are reported, which year to export."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rulebook.amounts import BadAmount, parse_amount, show_amount
from rulebook.policy import Policy
from shixun.kernel.spreadsheets.forms import day_field
from shixun.ledger.choices import DEGREE, AccountKind
from shixun.recognition.choices import LEVELS_OF_CODE, CategoryCode, CreationMode, Dated
from shixun.recognition.facts import may_set_rate
from shixun.recognition.models import ProjectClassification
from shixun.recognition.queries import reported_projects_for
from shixun.recognition.queries.batches import batches_of

_SELECT = {"class": "form-select"}
_INPUT = {"class": "form-control"}
#: Words of a name that speak for a category; textbook training belongs to knowledge and skills (PR-22).
_HINTS = (("教材", "knowledge"), ("师德", "ethics"), ("德育", "ethics"), ("育德", "ethics"), ("心理", "literacy"))


class AmountField(forms.CharField):
    """Hours as decimal text, kept as hundredths."""

    def __init__(self, *, label: str, required: bool = True, help_text: str = "") -> None:
        widget = forms.TextInput(attrs={**_INPUT, "inputmode": "decimal"})
        super().__init__(label=label, required=required, help_text=help_text, max_length=12, widget=widget)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = parse_amount(text)
        except BadAmount:
            raise ValidationError("应为数字，最多两位小数，如 16 或 16.50。") from None
        if not 0 < found <= 9_999_900:
            raise ValidationError("应大于 0、不超过 99999。")
        return found


class PlacingForm(forms.Form):
    """Where credits stand, in the words of one policy."""

    level = forms.ChoiceField(label="层级", widget=forms.Select(attrs=_SELECT))
    category = forms.ChoiceField(label="类别", widget=forms.Select(attrs=_SELECT))
    form = forms.ChoiceField(label="形式", widget=forms.Select(attrs=_SELECT))
    tags = forms.MultipleChoiceField(
        label="标记", required=False, widget=forms.CheckboxSelectMultiple(), help_text="有专项要求的培训才需要勾选。"
    )
    account = forms.ChoiceField(
        label="账户",
        choices=AccountKind.choices,
        initial=AccountKind.TEACHER,
        widget=forms.Select(attrs=_SELECT),
        help_text="校长、见习教师专门的培训可记入其账户；当时不在该岗位的人仍记入教师账户。",
    )

    def __init__(self, data: Mapping[str, Any] | None, *, policy: Policy, **options: Any) -> None:
        super().__init__(data, **options)
        self.policy = policy
        for name, words in (("level", policy.levels), ("category", policy.categories), ("tags", policy.tags)):
            self.fields[name].choices = list(words.items())  # type: ignore[attr-defined]
        forms_of_study = [(key, label) for key, label in policy.forms.items() if key != DEGREE]
        self.fields["form"].choices = forms_of_study  # type: ignore[attr-defined]

    def clean_tags(self) -> str:
        return ";".join(sorted(self.cleaned_data["tags"]))


class ClassificationForm(PlacingForm):
    """How an area reads a project of the national format."""

    dated = forms.ChoiceField(
        label="取得日期",
        choices=Dated.choices,
        initial=Dated.ENDED,
        widget=forms.Select(attrs=_SELECT),
        help_text="记录里没有这个日期时，用培训年度的最后一天。",
    )
    hours_per_credit = AmountField(
        label="每学分学时（本地区另定）",
        required=False,
        help_text="只用于自主研修，或政策没有换算规定的类别；其余按政策。",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        rate = values.get("hours_per_credit")
        if rate and not may_set_rate(self.policy, values.get("category", ""), values.get("form", "")):
            self.add_error("hours_per_credit", "这一类别的换算由政策规定，本地区不能另定，请留空。")
        return values


def proposed(policy: Policy, name: str, code: str, known: ProjectClassification | None) -> dict[str, Any]:
    """What the form begins with: the classification in force, else what name and code suggest."""
    if known is not None:
        return {
            "level": known.level,
            "category": known.category,
            "form": known.form,
            "tags": [tag for tag in known.tags.split(";") if tag],
            "account": known.account,
            "dated": known.dated,
            "hours_per_credit": show_amount(known.hours_per_credit) if known.hours_per_credit else "",
        }
    levels = [level for level in LEVELS_OF_CODE.get(CategoryCode(code), ()) if level in policy.levels]
    hints = [category for word, category in _HINTS if word in name and category in policy.categories]
    default = "knowledge" if "knowledge" in policy.categories else next(iter(policy.categories))
    return {
        "level": levels[0] if levels else next(iter(policy.levels)),
        "category": hints[0] if hints else default,
        "form": "course" if "course" in policy.forms else next(iter(policy.forms)),
        "account": AccountKind.TEACHER,
        "dated": Dated.ENDED,
    }


class ReportedProjectForm(PlacingForm):
    """A project whose results will be reported."""

    name = forms.CharField(label="项目名称", max_length=100, widget=forms.TextInput(attrs=_INPUT))
    organiser = forms.CharField(label="承办单位", max_length=100, widget=forms.TextInput(attrs=_INPUT))
    starts_on = day_field("开始日期", "")
    ends_on = day_field("结束日期", "学分的取得日期；结束之后才能报送成绩。")
    hours_excellent = AmountField(label="优秀计多少学时")
    hours_pass = AmountField(label="合格计多少学时", help_text="良好与合格相同；不合格不计。")
    mode = forms.ChoiceField(
        label="学分生成方式",
        choices=CreationMode.choices,
        initial=CreationMode.AUTOMATIC,
        widget=forms.Select(attrs=_SELECT),
        help_text="由教师本人申报的，成绩名单只作审核的依据。",
    )
    field_order = ("name", "organiser", "starts_on", "ends_on", "hours_excellent", "hours_pass", "mode")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "不能早于开始日期。")
        least, most = values.get("hours_pass"), values.get("hours_excellent")
        if least and most and most < least:
            self.add_error("hours_excellent", "优秀的学时不能少于合格的。")
        return values


class NoOptions(forms.Form):
    """A sheet that needs nothing said beside it."""


class ResultOptions(forms.Form):
    """Which project the sheet is about."""

    project = forms.ChoiceField(
        label="报送项目",
        widget=forms.Select(attrs=_SELECT),
        help_text="没有要选的项目时，请区县管理员先在“报送项目”页登记。",
        error_messages={"required": "请选择项目。", "invalid_choice": "没有这个项目，请重新选择。"},
    )


def fit_result_options(form: forms.Form, actor: Any, query: Mapping[str, str]) -> None:
    """Offer the projects the actor may report results of; the address may name one."""
    rows = reported_projects_for(actor).order_by("-ends_on", "name")
    choices = [(str(row.uuid), f"{row.name}（{row.starts_on} 至 {row.ends_on}）") for row in rows]
    form.fields["project"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]
    form.fields["project"].initial = query.get("project", "")


class BatchOptions(forms.Form):
    """For which activity the list of teachers is."""

    batch = forms.ChoiceField(
        label="批量申报",
        widget=forms.Select(attrs=_SELECT),
        help_text="没有要选的活动时，请先在“批量申报”中建立。",
        error_messages={"required": "请选择活动。", "invalid_choice": "没有这份批量申报，请重新选择。"},
    )


def fit_batch_options(form: forms.Form, actor: Any, query: Mapping[str, str]) -> None:
    """Offer the activities that are not handed in; the address may name one."""
    rows = batches_of(actor).filter(submitted_at=None).order_by("-created_at")
    choices = [(str(row.uuid), f"{row.title}（{row.created_at:%Y-%m-%d} 建立）") for row in rows]
    form.fields["batch"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]
    form.fields["batch"].initial = query.get("batch", "")


class YearForm(forms.Form):
    """Which training year to write out."""

    year = forms.TypedChoiceField(label="培训年度", coerce=int, widget=forms.Select(attrs=_SELECT))

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, initial={"year": today.year})
        years = range(today.year, today.year - 10, -1)
        self.fields["year"].choices = [(year, f"{year} 年") for year in years]  # type: ignore[attr-defined]
