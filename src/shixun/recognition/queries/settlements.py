"""Questions about credits earned in one district and recognised in another: rows, sums between two (CL-14)."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from shixun.kernel.access import Scope
from shixun.recognition.choices import SettlementState
from shixun.recognition.models import Settlement


def settlements_within(scope: Scope) -> QuerySet[Settlement]:
    """Those of which one side lies in a scope; one query."""
    rows = Settlement.objects.filter(scope.within("home__path") | scope.within("host__path"))
    return rows.select_related("claim__person", "claim__organisation", "home", "host", "accepted_by", "queried_by")


def sums_by_pair(rows: QuerySet[Settlement]) -> list[dict[str, Any]]:
    """For each pair of districts: how many, how many credits and hours (hundredths), how many in which state."""
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in SettlementState}
    counted = Q(state__in=[state for state in SettlementState if state != SettlementState.VOID])
    pairs = rows.order_by().values("home__name", "host__name", "home", "host")
    sums = {"credits_sum": Sum("credits", filter=counted), "hours_sum": Sum("hours", filter=counted)}
    found = pairs.annotate(**sums, **counts).order_by("home__path", "host__path")
    return [dict(pair) for pair in found]
