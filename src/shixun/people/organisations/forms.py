"""The forms by which an organisation is opened, renamed, moved, merged and closed; each gives a ``Plan``."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shixun.kernel import clock
from shixun.people.acting import Actor
from shixun.people.choices import AREAS, BODIES, OrganisationKind, Stage
from shixun.people.forms import Dressed, dated
from shixun.people.models import Organisation
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.plans import Opening, Plan
from shixun.people.organisations.queries import areas_to_move_to, bodies_of, others_of_kind
from shixun.people.organisations.validators import check_code, check_name, check_plan
from shixun.people.queries import organisations_within
from shixun.people.validators import check_parent

_SHOWN_ROWS = 8


class OpenForm(Dressed, forms.Form):
    """A new organisation: what it is, where, from which day, by which document."""

    kind = forms.ChoiceField(label="类别")
    parent = forms.ModelChoiceField(label="上级", queryset=Organisation.objects.none(), empty_label="请选择")
    name = forms.CharField(label="名称", max_length=80)
    code = forms.CharField(label="代码", max_length=20, help_text="学校（机构）标识码，设立后不再改变。")
    stage = forms.ChoiceField(label="学段", choices=Stage.choices, required=False, help_text="学校必填。")
    on = dated("自哪一天起", help_text="可以填以后的日期，到那一天才可供选择。")
    document = forms.CharField(label="批准文号", max_length=80, help_text="例如：黄教〔2019〕32号。")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        places = organisations_within(actor.charge, clock.today()).filter(kind__in=AREAS)
        self.fields["parent"].queryset = places  # type: ignore[attr-defined]
        if places.count() == 1:
            self.fields["parent"].initial = places.first()
        kinds = [kind for kind in OrganisationKind if kind not in (OrganisationKind.PROVINCE, OrganisationKind.CITY)]
        if actor.charge.path != _root_of(actor):
            kinds.remove(OrganisationKind.DISTRICT)
        kinds.sort(key=lambda kind: (kind != OrganisationKind.SCHOOL, kind in BODIES))
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["on"].initial = clock.today()

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        check_code(code)
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"kind", "parent", "name"} <= cleaned.keys():
            check_parent(cleaned["kind"], cleaned["parent"])
            check_name(cleaned["parent"], cleaned["name"])
            if cleaned["kind"] == OrganisationKind.SCHOOL and not cleaned.get("stage"):
                raise ValidationError({"stage": "请选择学校的学段，教师的学分要求与它有关。"})
        return cleaned


def _root_of(actor: Actor) -> str:
    """The path of the city or province an actor's charge lies in."""
    return actor.charge.path.split("/")[0] + "/"


class ChangeForm(Dressed, forms.Form):
    """What all changes ask: the day, the document, the reason."""

    kind: Kind
    on = dated("自哪一天起", help_text="今天或以前的一天；从这一天起按变更后的情况计算。")
    document = forms.CharField(label="文号", max_length=80, help_text="作出决定的文件，例如：黄教〔2019〕32号。")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *arguments: Any, organisation: Organisation, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.organisation, self.actor = organisation, actor
        self.fields["on"].initial = clock.today()
        self.fill()

    def fill(self) -> None:
        """Choices that depend on who asks and about what."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            check_plan(self.plan(cleaned), clock.today())
        return cleaned

    def plan(self, cleaned: dict[str, Any] | None = None) -> Plan:
        """What is asked for, once the form is valid."""
        wanted = self.cleaned_data if cleaned is None else cleaned
        among = self.among(wanted)
        details = {"bodies": bodies_of(self.kind, among), **self.details(wanted)}
        return Plan(self.kind, among, wanted["on"], wanted["reason"], wanted["document"], **details)

    def among(self, wanted: dict[str, Any]) -> tuple[Organisation, ...]:
        return (self.organisation,)

    def details(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {}


class RenameForm(ChangeForm):
    kind = Kind.RENAMED
    name = forms.CharField(label="新的名称", max_length=80)
    field_order = ("name", "on", "document", "reason")

    def details(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"name": wanted["name"].strip()}


class MoveForm(ChangeForm):
    kind = Kind.MOVED
    parent = forms.ModelChoiceField(label="划转到", queryset=Organisation.objects.none(), empty_label="请选择")
    field_order = ("parent", "on", "document", "reason")

    def fill(self) -> None:
        places = areas_to_move_to(self.actor.charge, self.organisation, clock.today())
        self.fields["parent"].queryset = places  # type: ignore[attr-defined]

    def details(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"parent": wanted["parent"]}


class MergeForm(ChangeForm):
    kind = Kind.MERGED
    others = forms.ModelMultipleChoiceField(
        label="一起并入的（可不选）",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": _SHOWN_ROWS}),
        help_text="几个机构一起并入时，在这里选其余的；按住 Ctrl 可以选多个。",
    )
    successor = forms.ModelChoiceField(
        label="并入", queryset=Organisation.objects.none(), required=False, empty_label="新设一个（填写下面两项）"
    )
    name = forms.CharField(label="新设机构的名称", max_length=80, required=False)
    code = forms.CharField(label="新设机构的代码", max_length=20, required=False)
    field_order = ("successor", "name", "code", "others", "on", "document", "reason")

    def fill(self) -> None:
        beside = others_of_kind(self.actor.charge, self.organisation, clock.today())
        self.fields["others"].queryset = beside.filter(parent=self.organisation.parent)  # type: ignore[attr-defined]
        self.fields["successor"].queryset = beside  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        wanted = self.cleaned_data
        new = [name for name in ("name", "code") if wanted.get(name)]
        if wanted.get("successor") and new:
            raise ValidationError("已经选了并入哪一个，就不要再填新设机构的名称和代码。")
        if not wanted.get("successor") and len(new) < len(("name", "code")):
            raise ValidationError("请选择并入哪个机构，或填写新设机构的名称和代码。")
        return super().clean()

    def among(self, wanted: dict[str, Any]) -> tuple[Organisation, ...]:
        return (self.organisation, *wanted["others"])

    def details(self, wanted: dict[str, Any]) -> dict[str, Any]:
        if wanted["successor"]:
            return {"successor": wanted["successor"]}
        opening = Opening(wanted["code"].strip(), wanted["name"].strip(), self.organisation.stage)
        return {"opening": opening}


class CloseForm(ChangeForm):
    kind = Kind.CLOSED
