"""Questions about the filing of local rules: where they are filed, what is under way, what a case proposes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from rulebook.parameters import LocalChoices
from rulebook.policy import Policy
from shixun.approvals.models import Case
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.queries import ancestor_paths
from shixun.policy.models import Adoption, LocalRules
from shixun.policy.queries.choices import usable
from shixun.policy.queries.texts import newest_policies

FILING = "policy.filing"
SUBJECT = "policy.local_rules"


class Proposal(NamedTuple):
    """What a case asks to be filed; ``after`` is the version it was written against."""

    policy: Policy
    choices: Mapping[str, Any]
    chosen: LocalChoices
    valid_from: date
    reason: str
    after: int


def filing_place(organisation: Organisation) -> Organisation | None:
    """The area a district files with: the nearest above it that has adopted a policy; None where there is none."""
    above = ancestor_paths(organisation.path)[:-1]
    adoption = Adoption.objects.filter(organisation__path__in=above).order_by("-organisation__path").first()
    return adoption.organisation if adoption else None


def needs_filing(organisation: Organisation) -> bool:
    """A district's rules come into force once filed; a city's or province's own ones at once."""
    return organisation.kind == OrganisationKind.DISTRICT and filing_place(organisation) is not None


def proposal_of(case: Case) -> Proposal | None:
    """What a case proposes; None where its policy is not known any more."""
    content = case.content
    policy = newest_policies().get(content["policy"])
    if policy is None:
        return None
    return Proposal(
        policy,
        content["choices"],
        usable(policy, content["choices"], "district")[0],
        date.fromisoformat(content["valid_from"]),
        content["reason"],
        content["after"],
    )


def proposed_rules(case: Case) -> LocalRules | None:
    """The version that filing a case would make, not stored; None where its policy is not known any more."""
    proposal = proposal_of(case)
    if proposal is None:
        return None
    return LocalRules(
        organisation=case.organisation,
        policy_id=proposal.policy.id,
        version=proposal.after + 1,
        valid_from=proposal.valid_from,
        choices=dict(proposal.choices),
        reason=proposal.reason,
    )


def filings_of(organisation: Organisation, policy_id: str) -> QuerySet[Case]:
    """Every filing of an area under a policy, the newest first."""
    rows = Case.objects.filter(flow=FILING, organisation=organisation, content__policy=policy_id)
    return rows.select_related("place", "opened_by__person", "organisation").order_by("-pk")


def open_filing(organisation: Organisation, policy_id: str) -> Case | None:
    """The filing under way, if any; there is at most one."""
    return filings_of(organisation, policy_id).filter(closed_at=None).first()


def filing_address(case: Case) -> str:
    """The page of the rules a filing is about."""
    address = reverse("policy:local-rules", kwargs={"uuid": case.organisation.uuid})
    return f"{address}?policy={case.content['policy']}"
