"""学时换算: what hours of a course or the activities of a term are worth, by the rules of a policy; open to all."""

from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rulebook.conversion import Conversion, convert_hours, convert_sessions
from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy import Policy
from rulebook.policy.model import ConversionRule
from shixun.kernel import clock
from shixun.kernel.access import public
from shixun.policy.forms import HoursForm, SessionsForm
from shixun.policy.queries import policies_by_day, policies_in_force
from shixun.policy.tables.article import conversion_name, conversion_words


@dataclass(frozen=True, slots=True)
class Calculator:
    """One rule with its form and, once filled in, its answer. ``option`` says which reading the area has chosen."""

    rule: ConversionRule
    name: str
    words: str
    option: str
    form: Form
    answer: Conversion | None


@public
def conversion(request: HttpRequest) -> HttpResponse:
    """Every conversion of a policy, ready to be tried with one's own figures; the address carries them."""
    known = {row.id: row for row in policies_by_day(clock.today()) if row.conversions}
    own, local = _own(request)
    chosen = known.get(request.GET.get("policy", "")) or known.get(own) or next(iter(known.values()), None)
    context = {
        "policies": list(known.values()),
        "policy": chosen,
        "calculators": _calculators(request, chosen, local if chosen and chosen.id == own else NO_CHOICES)
        if chosen
        else [],
        "awards": [(row, _place(chosen, row.level, row.category)) for row in chosen.awards.values()] if chosen else [],
    }
    return render(request, "policy/conversion.html", context)


def _own(request: HttpRequest) -> tuple[str, LocalChoices]:
    """The policy the reader lives under, with the choices of her area."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.organisation is None:
        return "", NO_CHOICES
    found = policies_in_force([actor.organisation.path], clock.today())[actor.organisation.path]
    return (found.policy.id, found.local) if found else ("", NO_CHOICES)


def _place(policy: Policy, level: str, category: str) -> str:
    return f"{policy.levels[level]}{policy.categories[category]}"


def _calculators(request: HttpRequest, policy: Policy, local: LocalChoices) -> list[Calculator]:
    return [_calculator(request, policy, rule, local) for rule in policy.conversions.values()]


def _calculator(request: HttpRequest, policy: Policy, rule: ConversionRule, local: LocalChoices) -> Calculator:
    data = request.GET if request.GET.get("rule") == rule.id else None
    switch = rule.pro_rata_switch if rule.kind == "sessions" else rule.accumulate_switch
    is_on = bool(switch) and local.is_on(policy, switch)
    option = f"{policy.switches[switch].name}：{'是' if is_on else '否'}" if switch else ""
    form: HoursForm | SessionsForm
    answer = None
    if rule.kind == "sessions":
        form = SessionsForm(data, prefix="", auto_id=f"{rule.id}-%s", initial={"minutes": rule.session_minutes})
        if data is not None and form.is_valid():
            answer = convert_sessions(rule, form.activities(), pro_rata=is_on)
    else:
        form = HoursForm(data, auto_id=f"{rule.id}-%s", accumulates=is_on)
        if data is not None and form.is_valid():
            carried = form.cleaned_data.get("carried", 0)
            answer = convert_hours(rule, hours=form.cleaned_data["hours"], accumulate=is_on, carried=carried)
    return Calculator(rule, conversion_name(policy, rule), conversion_words(rule), option, form, answer)
