"""What an organisation's change means for policies and local rules: filings are settled first, the new place's hold."""

from collections.abc import Iterator

from shixun.approvals.models import Case
from shixun.people.choices import AREAS
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import Finding, register_consequence
from shixun.people.organisations.plans import Plan
from shixun.policy.models import Adoption, LocalRules
from shixun.policy.queries.filings import FILING
from shixun.policy.queries.in_force import policies_in_force


def register() -> None:
    """Called once at start-up."""
    register_consequence("policy.rules", title="政策与本区规则", order=120, find=_find)


def _find(plan: Plan) -> Iterator[Finding]:
    if plan.kind == Kind.MOVED and plan.parent is not None:
        yield from _moved(plan.organisations[0].path, plan.parent.path, plan.parent.name, plan)
    if plan.is_ending and any(row.kind in AREAS for row in plan.organisations):
        yield from _ended(plan)


def _moved(old: str, new: str, name: str, plan: Plan) -> Iterator[Finding]:
    found = policies_in_force([old, new], plan.on)
    here, there = found[old], found[new]
    if here is None:
        return
    if there is None:
        yield Finding(f"{name}还没有登记执行的政策，划转以后无法计算学分完成情况。", blocks=True)
    elif here.policy.digest == there.policy.digest and here.local == there.local:
        yield Finding(f"两地执行的政策和本区规则相同，学分要求不变（《{there.policy.short_name}》）。")
    else:
        name_of_policy = f"《{there.policy.short_name}》"
        yield Finding(f"教师的学分要求以后按{name}执行的{name_of_policy}和{name}的本区规则计算，包括本周期。")


def _ended(plan: Plan) -> Iterator[Finding]:
    open_filings = Case.objects.filter(flow=FILING, organisation__in=plan.keys, closed_at=None).count()
    if open_filings:
        yield Finding(f"还有 {open_filings} 件本区规则的备案没有办结，请先撤回或办结。", blocks=True)
    if LocalRules.objects.filter(organisation__in=plan.keys).exists() and plan.is_merger:
        yield Finding(f"{plan.names}的本区规则不再适用，教师以后按{plan.heir_name}的规则计算；原来的各版仍可查阅。")
    if Adoption.objects.filter(organisation__in=plan.keys).exists() and plan.is_merger:
        yield Finding(f"{plan.names}自己登记的政策不再适用，以{plan.heir_name}执行的为准。")
