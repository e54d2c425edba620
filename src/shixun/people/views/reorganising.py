"""Opening, renaming, moving, merging and closing organisations: a form, a preview of all that follows, the act."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.templatetags.formats import day
from shixun.people.accounts.gate import fresh_factor
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.organisations.actions import change_organisations, open_place
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import mark_of, outcomes_of
from shixun.people.organisations.forms import ChangeForm, CloseForm, MergeForm, MoveForm, OpenForm, RenameForm
from shixun.people.organisations.names import organisations_matching
from shixun.people.organisations.permissions import can_change_organisation, can_open_organisations
from shixun.people.organisations.plans import Plan
from shixun.people.organisations.queries import ended_within
from shixun.people.permissions import can_search_organisations

_LEADS = {
    Kind.RENAMED: "更名以后原来的名称留在沿革里，以前的记录和证明不变。",
    Kind.MOVED: "划转到另一个区县：人员、账号和学分一起过去，从此按新地方的政策和本区规则计算。",
    Kind.MERGED: "把一个或几个同类的机构并入另一个，或者并入新设的一个。",
    Kind.CLOSED: "撤销以后不再可供选择，页面和记录仍可查阅；还有人任职时不能撤销。",
}


@require_http_methods(["GET", "POST"])
@require(can_open_organisations)
@fresh_factor
def open_organisation(request: HttpRequest) -> HttpResponseBase:
    """Open an organisation in my area."""
    actor = acting(request)
    form = OpenForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        made = open_place(
            actor=actor,
            at=clock.now(),
            parent=wanted["parent"],
            code=wanted["code"],
            name=wanted["name"],
            kind=wanted["kind"],
            stage=wanted["stage"],
            valid_from=wanted["on"],
            reason=wanted["reason"],
            document=wanted["document"],
        )
        messages.success(request, f"已设立{made.name}，自 {day(made.valid_from)}起。")
        return redirect("people:organisation", uuid=made.uuid)
    status = 422 if form.is_bound else 200
    return render(request, "people/open-organisation.html", {"form": form}, status=status)


def _organisation(uuid: UUID) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("parent"), uuid=uuid)


def _changing(form_class: type[ChangeForm]) -> Callable[..., HttpResponseBase]:
    """The page of one kind of change, in three steps: the form, the preview, the act."""

    @require_http_methods(["GET", "POST"])
    @require(can_change_organisation, find=_organisation)
    @fresh_factor
    def change(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
        actor = acting(request)
        form = form_class(request.POST or None, organisation=organisation, actor=actor)
        step = request.POST.get("step", "")
        context = {
            "form": form,
            "organisation": organisation,
            "kind": form.kind,
            "lead": _LEADS[form.kind],
        }
        if request.method != "POST" or step == "edit" or not form.is_valid():
            status = 422 if form.is_bound and form.errors and step != "edit" else 200
            return render(request, "people/change-organisation.html", context, status=status)
        plan = form.plan()
        outcomes = outcomes_of(plan)
        mark = mark_of(outcomes)
        if step == "apply" and request.POST.get("seen") == mark:
            done = change_organisations(actor=actor, at=clock.now(), plan=plan, seen=mark)
            messages.success(request, _told(done))
            shown = done.successor or organisation
            return redirect("people:organisation", uuid=shown.uuid)
        context |= {
            "plan": plan,
            "outcomes": outcomes,
            "seen": mark,
            "is_blocked": any(outcome.blocks for outcome in outcomes),
            "has_changed": step == "apply",
        }
        return render(request, "people/change-preview.html", context)

    return change


rename = _changing(RenameForm)
move = _changing(MoveForm)
merge = _changing(MergeForm)
close = _changing(CloseForm)


def _told(plan: Plan) -> str:
    since = f"自 {day(plan.on)}起"
    if plan.kind == Kind.RENAMED:
        return f"{since}更名为{plan.name}。"
    if plan.kind == Kind.MOVED and plan.parent is not None:
        return f"{since}，{plan.names}划转到{plan.parent.name}，教师的学分完成情况随后更新。"
    if plan.is_merger:
        return f"{since}，{plan.names}并入{plan.heir_name}，教师的学分完成情况随后更新。"
    return f"{since}，{plan.names}已撤销。"


def _address(organisation: Organisation) -> str:
    return reverse("people:organisation", kwargs={"uuid": organisation.uuid})


@require(can_search_organisations)
def ended(request: HttpRequest) -> HttpResponseBase:
    """The organisations of my scope that are no more; their pages stay readable."""
    page = ListPage(
        rows=ended_within(acting(request).scope, clock.today()),
        columns=(
            Column("name", "机构", "name", sort=("name",), card="title", link=_address),
            Column("kind", "类别", "get_kind_display", sort=("kind", "path")),
            Column("parent", "原上级", "parent.name", sort=("path",)),
            Column("until", "自哪一天起不再存在", "valid_until", kind="date", sort=("valid_until",), card="figure"),
            Column("heir", "并入", lambda row: row.heir_name or "", sort=("heir_name",), card="line"),
            Column("document", "文号", lambda row: row.document or "", card="hidden"),
        ),
        default_sort="-until",
        noun="个机构",
        file_name="已撤并的机构",
        empty=Empty("您的管理范围内没有撤销或并入的机构。", next="现有的机构在“机构”页。"),
        filters=(
            Text("q", "名称或代码", narrow=organisations_matching, placeholder="当时的名称、原名或代码"),
            Choice("kind", "类别", options=OrganisationKind.choices),
        ),
    )
    return page.respond(request, "people/ended-organisations.html")
