"""What an organisation's change means for claims: what is not decided goes along with its case, the rest stays."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from shixun.people.acting import Actor
from shixun.people.organisations.consequences import Finding, register_consequence
from shixun.people.organisations.plans import Plan
from shixun.recognition.models import Claim


def register() -> None:
    """Called once at start-up."""
    register_consequence("recognition.claims", title="学分申报", order=150, find=_find, carry_out=_carry_out)


def _undecided(plan: Plan) -> QuerySet[Claim]:
    open_ones = Q(case__isnull=True) | Q(case__closed_at__isnull=True)
    return Claim.objects.filter(open_ones, Q(organisation__in=plan.keys) | Q(host__in=plan.keys))


def _find(plan: Plan) -> Iterator[Finding]:
    count = _undecided(plan).count() if plan.is_merger else 0
    if count:
        yield Finding(f"{count:,} 份没有办结的申报和草稿随教师转到{plan.heir_name}；已认定的不变。")


def _carry_out(plan: Plan, actor: Actor, at: datetime) -> None:
    if plan.is_merger:
        _undecided(plan).filter(organisation__in=plan.keys).update(organisation=plan.heir)
        _undecided(plan).filter(host__in=plan.keys).update(host=plan.heir)
