"""What an organisation's change means for policies and local rules: filings are settled first, the new place's hold."""

from collections.abc import Iterator

from shixun.approvals.models import Case
from shixun.people.choices import AREAS
from shixun.people.models import Organisation
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
        yield from _elsewhere(plan, plan.parent, plan.parent.name)
    elif plan.is_merger:
        # An heir yet to be opened will lie beside the first of those that are merged into it.
        place = plan.successor or plan.organisations[0].parent
        if place is not None and not _stay_in_one_area(plan):
            yield from _elsewhere(plan, place, plan.heir_name)
    if plan.is_ending and any(row.kind in AREAS for row in plan.organisations):
        yield from _ended(plan)


def _stay_in_one_area(plan: Plan) -> bool:
    """Do schools of one area become one school there, so that nothing changes?"""
    rows = [*plan.organisations, *([plan.successor] if plan.successor else [])]
    return rows[0].kind not in AREAS and len({row.parent_id for row in rows}) == 1


def _elsewhere(plan: Plan, place: Organisation, name: str) -> Iterator[Finding]:
    """What those who go along will go by: the policy and the local rules of ``place``, known to them as ``name``."""
    found = policies_in_force([*(row.path for row in plan.organisations), place.path], plan.on)
    there = found[place.path]
    here = [rules for rules in (found[row.path] for row in plan.organisations) if rules is not None]
    if not here:
        return
    if there is None:
        sentence = f"{name}还没有登记执行的政策，{plan.kind.label}以后无法计算学分完成情况。请先为它或它的上级登记。"
        yield Finding(sentence, blocks=True)
        return
    policy = f"《{there.policy.short_name}》"
    if all((rules.policy.digest, rules.local) == (there.policy.digest, there.local) for rules in here):
        yield Finding(f"两地执行的政策和本区规则相同，学分要求不变（{policy}）。")
    else:
        yield Finding(f"教师的学分要求以后按{name}执行的{policy}和{name}的本区规则计算，包括本周期。")


def _ended(plan: Plan) -> Iterator[Finding]:
    open_filings = Case.objects.filter(flow=FILING, organisation__in=plan.keys, closed_at=None).count()
    if open_filings:
        yield Finding(f"还有 {open_filings} 件本区规则的备案没有办结，请先撤回或办结。", blocks=True)
    if LocalRules.objects.filter(organisation__in=plan.keys).exists():
        then = f"教师以后按{plan.heir_name}的规则计算；" if plan.is_merger else ""
        yield Finding(f"{plan.names}的本区规则不再适用，{then}原来的各版仍可查阅。")
    if Adoption.objects.filter(organisation__in=plan.keys).exists():
        then = f"，以{plan.heir_name}执行的为准" if plan.is_merger else ""
        yield Finding(f"{plan.names}自己登记的政策不再适用{then}。")
