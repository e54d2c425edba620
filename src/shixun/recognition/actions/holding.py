"""Rows held until a transaction ends, by everybody in one order: round, case, persons, claim, evidence.

Whoever waited for a row reads it anew: what stands beside it may have changed meanwhile.
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from shixun.approvals.models import Case
from shixun.kernel.refusals import Refusal
from shixun.people.models import Person
from shixun.recognition.models import Claim, Evidence


def hold_case(claim: Claim) -> None:
    """Hold the case of a claim, where it has one, before the claim itself."""
    list(Case.objects.select_for_update().filter(claim=claim.pk).values_list("pk"))


def hold_persons(persons: Iterable[int]) -> None:
    """Hold persons, so that what their claims are worth under a cap is counted by one after the other."""
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=set(persons))
    list(rows.order_by("pk").values_list("pk"))


def locked_claim(claim: Claim) -> Claim:
    """The claim as it is now, held until the transaction ends. Raises ``Refusal`` where it is gone."""
    if not list(Claim.objects.select_for_update().filter(pk=claim.pk).values_list("pk")):
        raise Refusal("这份申报已经删除。", who_can="请重新申报。", status=409)
    return Claim.objects.select_related("person", "organisation", "case", "project").get(pk=claim.pk)


def held_evidence(rows: QuerySet[Evidence]) -> list[Evidence]:
    """Those of some files whose content is still there, held: nobody removes it while a reference to it is made."""
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    return list(rows.filter(file__removed_at=None).select_related("file").order_by("pk"))
