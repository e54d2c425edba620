"""学年学期: the school years of my area, by custom or as it has set them, and setting one (RW-06)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from shixun.kernel import clock
from shixun.kernel.access import acting, demand, require
from shixun.kernel.refusals import Refusal
from shixun.people.models import Organisation
from shixun.people.queries import ancestor_paths
from shixun.terms.actions.years import set_school_year
from shixun.terms.forms import SchoolYearForm
from shixun.terms.models import SchoolYear
from shixun.terms.permissions import can_plan_calendars, can_set_school_year, place_of
from shixun.terms.queries import school_year_of, term_of, year_bounds

_BACK, _AHEAD = 2, 2
_LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class YearLine:
    """One school year as it holds in an area: both terms, and who has set it so (nobody: by custom)."""

    number: int
    starts_on: date
    second_from: date
    ends_on: date
    set_by: str
    is_now: bool


def _lines(place: Organisation, today: date) -> list[YearLine]:
    now = school_year_of(today, place)
    return [_line(place, number, now) for number in range(now + _AHEAD, now - _BACK - 1, -1)]


def _line(place: Organisation, number: int, now: int) -> YearLine:
    starts_on, ends = year_bounds(number, place)
    second = term_of(ends - timedelta(days=1), place).valid_from
    row = SchoolYear.objects.in_force(starts_on).filter(number=number, organisation__path__in=_above(place))
    nearest = row.select_related("organisation").order_by("-organisation__path").first()
    set_by = nearest.organisation.name if nearest else ""
    return YearLine(number, starts_on, second, ends - timedelta(days=1), set_by, number == now)


def _above(place: Organisation) -> list[str]:
    return ancestor_paths(place.path)


@require_safe
@require(can_plan_calendars)
def school_years(request: HttpRequest) -> HttpResponseBase:
    """The years around this one in my area."""
    actor = acting(request)
    place = place_of(actor)
    if place is None:
        raise Refusal("您目前的角色不属于任何地区，没有可看的学年。")
    context = {
        "place": place,
        "years": _lines(place, clock.today()),
        "may_set": can_set_school_year(actor, place),
    }
    return render(request, "terms/school_years.html", context)


@require_http_methods(["GET", "POST"])
@require(can_plan_calendars)
def change_school_year(request: HttpRequest, number: int) -> HttpResponseBase:
    """Say when a year and its second term begin in my area."""
    actor = acting(request)
    place = place_of(actor)
    if place is None or number not in _offered(place):
        raise Http404
    demand(can_set_school_year, actor, place)
    line = _line(place, number, number)
    initial = {"valid_from": line.starts_on, "second_term_from": line.second_from, "last_on": line.ends_on}
    form = SchoolYearForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _set(request, place, number, form):
        messages.success(request, f"{number}学年的日期已保存，从现在起按它计算学年和学期。")
        return redirect("terms:school-years")
    context = {"form": form, "place": place, "number": number}
    return render(request, "terms/school_year_form.html", context, status=422 if form.errors else 200)


def _offered(place: Organisation) -> range:
    now = school_year_of(clock.today(), place)
    return range(now - _BACK, now + _AHEAD + 1)


def _set(request: HttpRequest, place: Organisation, number: int, form: forms.Form) -> bool:
    wanted = form.cleaned_data
    if wanted["last_on"].year >= _LAST_YEAR:
        form.add_error("last_on", f"请填写 {_LAST_YEAR} 年以前的日期。")
        return False
    try:
        set_school_year(
            actor=acting(request),
            at=clock.now(),
            organisation=place,
            number=number,
            valid_from=wanted["valid_from"],
            second_term_from=wanted["second_term_from"],
            valid_until=wanted["last_on"] + timedelta(days=1),
        )
    except Refusal as refusal:
        form.add_error(None, f"{refusal.sentence}{refusal.who_can}")
        return False
    return True
